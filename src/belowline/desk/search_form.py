"""The form of the search: what may be asked, and what of it is searched for."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.comments.search_terms import read_terms
from belowline.engine.policy import SCORE_NAMES
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Decision
from belowline.moderation.search import Criteria
from belowline.stories.models import Site

ANY = ("", "Any")
ASKED_LENGTH, NAME_LENGTH = 300, 200
STATUSES = [(status.value, str(status.label).capitalize()) for status in Comment.Status]
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SearchForm(forms.Form):
    """What a moderator asks for; empty fields ask for nothing."""

    q = forms.CharField(required=False, max_length=ASKED_LENGTH, label="Words")
    author = forms.CharField(required=False, max_length=NAME_LENGTH, label="Author")
    story = forms.CharField(required=False, max_length=NAME_LENGTH, label="Story")
    site = forms.ChoiceField(required=False, label="Site")
    status = forms.ChoiceField(required=False, label="Status", choices=[("", "Any but deleted"), *STATUSES])
    rule = forms.ChoiceField(required=False, label="Rule")
    maker = forms.ChoiceField(required=False, label="Decided by")
    score = forms.ChoiceField(
        required=False, label="Score", choices=[ANY, *((name, name.replace("_", " ")) for name in SCORE_NAMES)]
    )
    least = forms.IntegerField(required=False, min_value=0, max_value=100, label="From, per cent")
    most = forms.IntegerField(required=False, min_value=0, max_value=100, label="To, per cent")
    since = forms.DateField(required=False, label="From the day", widget=DATE)
    until = forms.DateField(required=False, label="To the day", widget=DATE)
    of = forms.ChoiceField(required=False, label="Days of", choices=[("", "writing"), ("decided", "a decision")])
    order = forms.ChoiceField(required=False, label="Order", choices=[("", "Newest first"), ("oldest", "Oldest first")])

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(sites)
        self.choose("site", [ANY, *((site.key, site.name) for site in known)])
        self.choose("rule", [ANY, *rule_choices(known)])
        self.choose("maker", [ANY, ("engine", "The machine alone"), ("person", "Any person"), *people_choices()])

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Let a field have these choices."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def details(self) -> list[forms.BoundField]:
        """Everything but the words: what is folded away until it is asked for. One site is no choice."""
        few = {"site"} if len(self["site"].field.widget.choices) <= 2 else set()  # noqa: PLR2004 - any, and the one
        return [field for field in self if field.name not in {"q", *few}]

    @property
    def has_details(self) -> bool:
        """Whether anything but words is asked for."""
        return any(self.data.get(field.name) for field in self.details)

    def clean(self) -> dict[str, Any]:
        """Check what only together makes sense."""
        found: dict[str, Any] = super().clean() or {}
        least, most = found.get("least"), found.get("most")
        if (least is not None or most is not None) and not found.get("score") and "score" not in self.errors:
            self.add_error("score", "Choose the score that shall lie between these.")
        if least is not None and most is not None and least > most:
            self.add_error("most", "This is less than where it begins.")
        if found.get("since") and found.get("until") and found["since"] > found["until"]:
            self.add_error("until", "This day is before the first one.")
        if found.get("q") and not read_terms(found["q"]):
            self.add_error("q", "There is no letter and no digit in it to look for.")
        return found

    def criteria(self) -> Criteria:
        """Return what a valid form asks for."""
        found = self.cleaned_data
        return Criteria(
            terms=tuple(read_terms(found["q"])),
            **{name: found[name].strip() for name in ("author", "story", "site", "status", "rule", "score", "maker")},
            least=(found["least"] or 0) / 100,
            most=1.0 if found["most"] is None else found["most"] / 100,
            since=found["since"],
            until=found["until"],
            of=found["of"] or "written",
            is_oldest_first=found["order"] == "oldest",
        )


def rule_choices(sites: list[Site]) -> list[tuple[str, str]]:
    """Return the rules of all policies, each code once, in the order of the first policy that has it."""
    found: dict[str, str] = {}
    for site in sites:
        for code, rule in site_policy(site).rules.items():
            found.setdefault(code, rule.title)
    return list(found.items())


def people_choices() -> list[tuple[str, str]]:
    """Return everybody who has ever decided, by their numbers."""
    deciders = Decision.objects.filter(moderator__isnull=False).order_by().values("moderator").distinct()
    people = User.objects.filter(pk__in=deciders).order_by("display_name")
    return [(str(person.pk), person.display_name) for person in people]
