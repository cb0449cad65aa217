"""The desk's page about sections: how the stories of each are discussed, and those of the whole site."""

from typing import Any, NamedTuple, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may, sites_for
from belowline.desk.doors import allowed, staff_of
from belowline.desk.views import saved_or_said
from belowline.stories.actions.set_section import MAX_NAME_CHARACTERS, set_section
from belowline.stories.controls import MAX_CLOSING_HOURS, MAX_SLOW_SECONDS, SectionControls
from belowline.stories.models import ClosedReason, Mode, Section, Site
from belowline.stories.sections import sections_of

NEW = "new"
"""Marks the form for a section that no story has named yet."""
INHERITED = "As for the whole site"
MODES = {
    Mode.STANDARD: "Most appear at once",
    Mode.PREMODERATED: "A moderator reads each one first",
    Mode.CLOSED: "Closed",
}
REASONS = [
    ("", "No reason given"),
    (ClosedReason.LEGAL, "Legal reasons"),
    (ClosedReason.ABUSE, "Too many broke the rules"),
    (ClosedReason.CAPACITY, "We cannot moderate it now"),
    (ClosedReason.AGE, "No longer new"),
]


class SectionForm(forms.Form):
    """What one section says. Each field carries what it began with: what nobody touched here is not written."""

    mode = forms.ChoiceField(required=False, label="Comments", show_hidden_initial=True)
    closed_reason = forms.ChoiceField(
        required=False, choices=REASONS, label="Reason, where it is closed", show_hidden_initial=True
    )
    closes_after_hours = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_CLOSING_HOURS,
        label="Closes after hours",
        show_hidden_initial=True,
    )
    slow_seconds = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_SLOW_SECONDS,
        label="Slow mode, seconds",
        show_hidden_initial=True,
    )

    def __init__(self, data: Any = None, *, says: Section, is_whole_site: bool, prefix: str) -> None:
        initial = {name: getattr(says, name) for name in SectionControls.__annotations__}
        super().__init__(data, initial=initial, prefix=prefix)
        mode: Any = self.fields["mode"]
        mode.choices = [*MODES.items()] if is_whole_site else [("", INHERITED), *MODES.items()]
        if is_whole_site and not says.mode:
            self.initial["mode"] = Mode.STANDARD

    def changes(self) -> SectionControls:
        """Return what was changed in the form."""
        return cast("SectionControls", {name: self.cleaned_data[name] for name in self.changed_data})


class SectionRow(NamedTuple):
    """A section as the page shows it."""

    name: str
    stories: int
    form: SectionForm
    is_new: bool = False
    """Whether its name is still to be written."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@allowed(Action.SET_SECTION)
@saved_or_said
def show_sections(request: HttpRequest) -> HttpResponse:
    """Show a site's sections (?site=KEY; else the first), and save one of them; what is wrong comes back as typed."""
    sites = list(sites_for(staff_of(request), Action.SET_SECTION))
    wanted = request.GET.get("site", "")
    site = next((one for one in sites if one.key == wanted), sites[0] if sites else None)
    if site is None:
        raise Http404
    rows = _rows(site, staff_of(request), request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        row = next((row for row in rows if row.form.is_bound), None)
        if row is not None and row.form.is_valid():
            set_section(site=site, name=row.name, controls=row.form.changes(), by=staff_of(request))
            messages.success(
                request, f"Saved: {row.name or 'the whole site'}. Readers see it at once.", extra_tags="good"
            )
            return redirect(f"{reverse('desk-sections')}?site={site.key}")
        status = 422
    context = {
        "site": site,
        "sites": sites,
        "rows": rows,
        "max_name": MAX_NAME_CHARACTERS,
        "is_nameless": status != 200 and not any(row.form.is_bound for row in rows),  # noqa: PLR2004 - HTTP
    }
    return render(request, "desk/sections.html", context, status=status)


def _rows(site: Site, user: User, data: Any) -> list[SectionRow]:
    """Return the rows that somebody may set, that of `data` bound to what was sent.

    Whoever may set the whole site gets one more, for a section that no story has named yet.
    """
    sent, wanted = (data.get("name", "").strip(), data.get("row", "")) if data is not None else ("", "")
    rows = []
    for place, section in enumerate(sections_of(site)):
        if not may(user, Action.SET_SECTION, site=site, section=section.name):
            continue
        # By its name: its place may be another one since the page was shown.
        is_meant = data is not None and wanted != NEW and sent == section.name
        form = SectionForm(
            data if is_meant else None,
            says=section.says,
            is_whole_site=not section.name,
            prefix=wanted if is_meant else f"s{place}",
        )
        rows.append(SectionRow(section.name, section.stories, form))
    is_new = data is not None and wanted == NEW and 0 < len(sent) <= MAX_NAME_CHARACTERS and "\x00" not in sent
    blank = SectionForm(data if is_new else None, says=Section(site=site), is_whole_site=False, prefix=NEW)
    if not may(user, Action.SET_SECTION, site=site):
        return rows
    return [*rows, SectionRow(sent if wanted == NEW else "", 0, blank, is_new=True)]
