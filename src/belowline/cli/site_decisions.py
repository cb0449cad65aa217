"""What `belowline calibrate --site` reads out of the newsroom's database."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from belowline.engine.models.head import Head
    from belowline.moderation.history import Decided


def acting_text(key: str) -> str:
    """Return the text of the policy that acts on the site with this key.

    Raises:
        ClickException: there is no such site.
    """
    from belowline.cli.policy import find_site

    site = find_site(key)
    from belowline.engine.policy import default_policy_text
    from belowline.moderation.models import PolicyVersion

    version = PolicyVersion.objects.filter(site=site).order_by("-id").first()
    return version.text if version else default_policy_text()


def acting_head(key: str) -> "Head | None":
    """Return the head that acts on the site with this key; None: there is none that can be used.

    Raises:
        ClickException: there is no such site.
        ModelError: a shipped model is missing or damaged.
    """
    from belowline.cli.policy import find_site

    site = find_site(key)
    from belowline.moderation.engine import usable_head

    return usable_head(site)


def drawn_decisions(key: str) -> "list[Decided]":
    """Return what people decided on a site, so many of each kind that all comments had the same chance to be among it.

    Raises:
        ClickException: there is no such site.
        StartError: no audit was answered.
    """
    from belowline.cli.policy import find_site

    site = find_site(key)
    from belowline.cli.loading import StartError
    from belowline.moderation.audits import waiting_audits
    from belowline.moderation.history import fair_draw, site_history

    drawn = fair_draw(site_history(site))
    if not any(one.was_audited for one in drawn):
        raise StartError(
            f"no audit was answered on {site.name}: what people decided there are held comments alone, and they say "
            "nothing of what the machine publishes. Answer audits on the desk, or give a HISTORY. Nothing was "
            "calibrated"
        )
    if waiting := waiting_audits().filter(decision__comment__story__site=site).count():
        click.echo(f"Note: {waiting:,} audits wait; what they are about is missing from the draw", err=True)
    return drawn
