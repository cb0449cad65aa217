"""What `belowline learn` does with a site's own decisions and its versions."""

from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from belowline.engine.learning import Report
    from belowline.moderation.models import HeadVersion
    from belowline.stories.models import Site


def run(site_key: str | None, *, versions: bool, restore: int | None, off: bool, dry_run: bool) -> "Report | None":
    """Do what is asked for with a site; return the report where it learned.

    Raises:
        ClickException: there is no such site or version, or it cannot act.
    """
    from belowline.cli.django import set_up

    set_up()
    site = find_site(site_key)
    if versions:
        show_versions(site)
    elif restore is not None:
        restore_version(site, restore)
    elif off:
        switch_off(site)
    else:
        return learn_now(site, dry_run=dry_run)
    return None


def find_site(site_key: str | None) -> "Site":
    """Return the site that is named, or the only one there is.

    Raises:
        ClickException: there is none, or several and none is named.
    """
    from belowline.stories.models import Site

    if site_key is not None:
        from belowline.cli.policy import find_site as find_by_key

        return find_by_key(site_key)
    sites = list(Site.objects.order_by("key")[:2])
    if not sites:
        raise click.ClickException("there is no site yet: `belowline init` makes one; or give a HISTORY")
    if len(sites) > 1:
        raise click.ClickException("there are several sites: name one with --site")
    return sites[0]


def learn_now(site: "Site", *, dry_run: bool) -> "Report":
    """Let the site learn, and say what became of it.

    Raises:
        StartError: a shipped model is missing or damaged.
    """
    from belowline.cli.loading import start_errors
    from belowline.cli.progress import watch
    from belowline.moderation.actions.learn_head import learn_head

    with start_errors():
        learned = learn_head(site=site, keep=not dry_run, watch=watch)
    if learned.version:
        acts = "it acts from now on" if learned.version.is_active else "kept, and it does not act"
        click.echo(f"Version {learned.version.pk}: {acts}.", err=True)
    return learned.report


def show_versions(site: "Site") -> None:
    """List the versions of a site, the newest first."""
    from belowline.moderation.models import HeadVersion

    rows = HeadVersion.objects.filter(site=site).defer("weights").order_by("-id")
    for row in rows:
        click.echo(version_line(row))
    if not rows:
        click.echo(f"The site {site.key} has learned nothing yet.")


def version_line(row: "HeadVersion") -> str:
    """Return a version in one line."""
    gain = row.report.get("gain") or {}
    told = f"{gain['head_auc']:.3f} against {gain['rival_auc']:.3f}" if gain else "-"
    state = "acts" if row.is_active else row.report.get("status", "")
    decisions = cast("int", row.report.get("decisions", 0))
    return (
        f"{row.pk:>4}  {row.created_at:%Y-%m-%d %H:%M}  {decisions:>6,} decisions  {told}  {state}  ({row.base_model})"
    )


def restore_version(site: "Site", number: int) -> None:
    """Let a version of the site act.

    Raises:
        ClickException: the site has no such version, or it cannot act.
    """
    from belowline.moderation.actions.activate_head import activate_head
    from belowline.moderation.errors import HeadError
    from belowline.moderation.models import HeadVersion

    found = HeadVersion.objects.filter(site=site, pk=number).first()
    if found is None:
        raise click.ClickException(f"the site {site.key} has no version {number}; --versions lists them")
    try:
        activate_head(head=found)
    except HeadError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Version {number} acts from now on.")
    remind_of_promise(site)


def switch_off(site: "Site") -> None:
    """Let no version act on the site."""
    from belowline.moderation.actions.deactivate_head import deactivate_head

    rested = deactivate_head(site=site)
    click.echo("No version acted." if rested is None else f"Version {rested.pk} does not act any more.")
    if rested is not None:
        remind_of_promise(site)


def remind_of_promise(site: "Site") -> None:
    """Say that a certificate is about the head with which it was made, where a rule looks at the score."""
    from belowline.engine.learning import looks_at_head
    from belowline.moderation.engine import site_policy

    if looks_at_head(site_policy(site)):
        click.echo(
            "A rule of the policy looks at `newsroom_refusal`: what was proven with another version is not proven with "
            "this. Calibrate again.",
            err=True,
        )
