"""The yearly transparency figures, one table a sheet, as Implementing Regulation (EU) 2024/2835 asks for them.

Times are medians in hours; shares are in [0, 1]; an empty cell is a figure that cannot be given. Whatever is counted as
a measure is a statement of reasons: the sums are those of the export for the same year.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any, NamedTuple, get_args

from django.db.models import QuerySet
from django.utils import timezone

from belowline import __version__
from belowline.engine.statement_terms import CATEGORIES
from belowline.moderation.models import Appeal, Decision, Notice
from belowline.moderation.notices import database_category
from belowline.moderation.sanction_models import Sanction
from belowline.moderation.statements.account_figures import accounts_sheet
from belowline.moderation.statements.accuracy import accuracies, reviews_between
from belowline.moderation.statements.build import Builder
from belowline.moderation.statements.record import CATEGORY_PREFIX, ILLEGAL, INCOMPATIBLE, Statement, Visibility
from belowline.moderation.statements.restrictions import restrictions
from belowline.stories.models import Site

TOTAL = "TOTAL"
VISIBILITIES = get_args(Visibility)
NOTICE_COLUMNS = ("notices", "comments", "median_hours_to_decision", "actions_by_law", "actions_by_terms", "undecided")
OWN_COLUMNS = ("measures", "detected_solely_by_automation", *VISIBILITIES, "monetary", "service", "account")
COMPLAINT_COLUMNS = ("complaints", "upheld", "partly_reversed", "reversed", "omitted", "undecided", "median_hours")
CONTESTED = {
    Decision.Outcome.REJECT: "not published",
    Decision.Outcome.REMOVE: "removed",
    Decision.Outcome.HOLD: "held",
    Decision.Outcome.PUBLISH: "published",
}
MEANS = (
    "Software on the site's own server measures each comment by the rules of the policy before it is published. It "
    "publishes, holds the comment for a person, or rejects it where the policy says so."
)
SAFEGUARDS = (
    "A random share of the machine's decisions is reviewed by people who do not see them; an appeal is decided by a "
    "person; what could not be checked is held, never published."
)
BY_HAND = "enter by hand: Belowline does not record it"
Row = list[Any]
Sheet = list[Row]


class Year(NamedTuple):
    """What the figures are about: [since, until) in the time zone of the server."""

    site: Site | None
    since: datetime
    until: datetime


def year_of(number: int, site: Site | None = None) -> Year:
    """Return a calendar year."""
    begin, end = (timezone.make_aware(datetime(year, 1, 1)) for year in (number, number + 1))  # noqa: DTZ001 - made aware here
    return Year(site, begin, end)


def figures(year: Year) -> dict[str, Sheet]:
    """Return the sheets by name; the first row of each is its head."""
    builder = Builder()
    statements = [builder.build(found) for found in restrictions(year.site, year.since, year.until)]
    own = [statement for statement in statements if statement.source_type != "SOURCE_ARTICLE_16"]
    return {
        "notices": notices_sheet(_notices(year), builder),
        "own_initiative_illegal": own_sheet([one for one in own if one.decision_ground == ILLEGAL]),
        "own_initiative_terms": own_sheet([one for one in own if one.decision_ground == INCOMPATIBLE]),
        "complaints": complaints_sheet(_appeals(year)),
        "misuse_and_disputes": misuse_sheet(),
        "accounts": accounts_sheet(_sanctions(year)),
        "automation": automation_sheet(statements, year),
        "qualitative": qualitative_sheet(year),
    }


def as_csv(sheet: Sheet) -> str:
    """Return a sheet as RFC 4180 has it: commas, CRLF, quotes where they are needed."""
    out = io.StringIO()
    csv.writer(out).writerows(sheet)
    return out.getvalue()


def notices_sheet(notices: Iterable[Notice], builder: Builder) -> Sheet:
    """Return notices by category; those of trusted flaggers have columns of their own, and there are none."""
    trusted = [f"trusted_flaggers_{name}" for name in NOTICE_COLUMNS]
    by_category: dict[str, list[Notice]] = {word: [] for word in CATEGORIES}
    for notice in notices:
        by_category[database_category(notice.category)].append(notice)
    rows = [[CATEGORY_PREFIX + word, *_notice_row(found, builder)] for word, found in by_category.items()]
    everything = [notice for found in by_category.values() for notice in found]
    none = _notice_row([], builder)
    return [
        ["category", *NOTICE_COLUMNS, *trusted],
        *([*row, *none] for row in [*rows, [TOTAL, *_notice_row(everything, builder)]]),
    ]


def _notice_row(notices: Sequence[Notice], builder: Builder) -> Row:
    results = [notice.result for notice in notices if notice.result and not hasattr(notice.result, "undone_by")]
    acted = [builder.is_illegal(result) for result in results]
    hours = [_hours(notice.created_at, notice.decided_at) for notice in notices if notice.decided_at]
    undecided = sum(notice.state == Notice.State.OPEN for notice in notices)
    comments = len({notice.comment_id for notice in notices})
    return [len(notices), comments, _median(hours), sum(acted), len(acted) - sum(acted), undecided]


def own_sheet(statements: Sequence[Statement]) -> Sheet:
    """Return measures on one's own initiative, by category and keyword."""
    groups: dict[tuple[str, str], list[Statement]] = {}
    for statement in statements:
        for keyword in statement.category_specification or ("",):
            groups.setdefault((statement.category, keyword), []).append(statement)
    rows = [[*names, *_own_row(found)] for names, found in sorted(groups.items())]
    return [["category", "keyword", *OWN_COLUMNS], *rows, [TOTAL, "", *_own_row(statements)]]


def _own_row(statements: Sequence[Statement]) -> Row:
    kinds = Counter(kind for statement in statements for kind in statement.decision_visibility or ())
    detected = sum(statement.automated_detection == "Yes" for statement in statements)
    others = ("decision_monetary", "decision_provision", "decision_account")
    counts = [sum(getattr(statement, field) is not None for statement in statements) for field in others]
    return [len(statements), detected, *(kinds[kind] for kind in VISIBILITIES), *counts]


def complaints_sheet(appeals: Iterable[Appeal]) -> Sheet:
    """Return appeals by the kind of decision that they are against."""
    appeals = list(appeals)
    rows = [
        [words, *_complaint_row([appeal for appeal in appeals if appeal.decision.outcome == outcome])]
        for outcome, words in CONTESTED.items()
    ]
    rows.append([TOTAL, *_complaint_row(appeals)])
    inaction = ["a notice was declined", *([""] * len(COMPLAINT_COLUMNS)), "", BY_HAND]
    head = ["decision", *COMPLAINT_COLUMNS, "restrictions_newly_imposed", "remark"]
    return [head, *([*row, ""] for row in rows[:-1]), inaction, [*rows[-1], ""]]


def _complaint_row(appeals: Sequence[Appeal]) -> Row:
    states = Counter(appeal.state for appeal in appeals)
    hours = [_hours(appeal.created_at, appeal.decided_at) for appeal in appeals if appeal.decided_at]
    restricting = {Decision.Outcome.REJECT, Decision.Outcome.REMOVE}
    imposed = sum(
        appeal.result is not None
        and appeal.result.outcome in restricting
        and appeal.decision.outcome not in restricting
        for appeal in appeals
    )
    upheld, turned = states[Appeal.State.UPHELD], states[Appeal.State.OVERTURNED]
    return [len(appeals), upheld, 0, turned, 0, states[Appeal.State.OPEN], _median(hours), imposed]


def misuse_sheet() -> Sheet:
    """Return what the regulation asks for and Belowline does not know: suspensions (article 23) and disputes (21)."""
    items = (
        "suspensions for manifestly illegal content",
        "suspensions for manifestly unfounded notices",
        "suspensions for manifestly unfounded complaints",
        "disputes submitted to out-of-court settlement bodies",
        "share of their decisions that was implemented",
    )
    return [["item", "value", "remark"], *([item, "", BY_HAND] for item in items)]


def automation_sheet(statements: Sequence[Statement], year: Year) -> Sheet:
    """Return how much was automated, and how right the machine was by the reviews of its decisions."""
    counts = Counter(statement.automated_decision for statement in statements)
    rows: Sheet = [
        ["measures decided solely by automation", "", counts["AUTOMATED_DECISION_FULLY"]],
        ["measures decided partly by automation", "", counts["AUTOMATED_DECISION_PARTIALLY"]],
        ["measures decided without automation", "", counts["AUTOMATED_DECISION_NOT_AUTOMATED"]],
        ["measures detected by automation", "", sum(one.automated_detection == "Yes" for one in statements)],
        ["notices processed solely by automation", "", 0],
        ["notices processed without automation", "", _notices(year).count()],
    ]
    for row in accuracies(reviews_between(year.site, year.since, year.until)):
        rows.append(["decisions reviewed by people", row.classifier, row.reviewed])
        rows += [[name, row.classifier, _share(getattr(row, name))] for name in ("accuracy", "precision", "recall")]
    return [["indicator", "classifier", "value"], *rows]


def qualitative_sheet(year: Year) -> Sheet:
    """Return the questions that are answered in words, with what Belowline can say to them."""
    return [
        ["item", "text"],
        ["period", f"{year.since:%Y-%m-%d} to {timezone.localtime(year.until - timedelta(days=1)):%Y-%m-%d}"],
        ["made by", f"Belowline {__version__}, {timezone.localtime():%Y-%m-%d}"],
        ["means of automation", MEANS],
        ["safeguards", SAFEGUARDS],
        ["training of the people who decide", BY_HAND],
    ]


def _notices(year: Year) -> QuerySet[Notice]:
    found = Notice.objects.filter(created_at__gte=year.since, created_at__lt=year.until)
    found = found.select_related("result__comment__story__site", "result__undone_by")
    return found.filter(comment__story__site=year.site) if year.site else found


def _appeals(year: Year) -> QuerySet[Appeal]:
    found = Appeal.objects.filter(created_at__gte=year.since, created_at__lt=year.until)
    found = found.select_related("decision", "result")
    return found.filter(decision__comment__story__site=year.site) if year.site else found


def _sanctions(year: Year) -> list[Sanction]:
    """Return measures against accounts that were taken in the year and hold on the site, those on all sites too."""
    found = Sanction.objects.filter(created_at__gte=year.since, created_at__lt=year.until).select_related("appeal")
    return list(found.at(year.site) if year.site else found)


def _hours(begin: datetime, end: datetime | None) -> float:
    return ((end or begin) - begin).total_seconds() / 3600


def _median(hours: Sequence[float]) -> float | str:
    return round(median(hours), 2) if hours else ""


def _share(value: float | None) -> float | str:
    return "" if value is None else round(value, 4)
