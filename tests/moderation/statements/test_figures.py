"""The yearly figures: a made-up year whose sums are known, and agree with the statements that are exported."""

import csv
import io
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from belowline.engine.policy import default_policy_text, load_policy
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.models import Appeal, Audit, Decision, Notice
from belowline.moderation.notices import CATEGORIES
from belowline.moderation.statements.build import Builder
from belowline.moderation.statements.figures import BY_HAND, TOTAL, as_csv, figures, year_of
from belowline.moderation.statements.restrictions import restrictions

YEAR = 2025
RULES = load_policy().rules
LAWS = ("", "", "section 185 of the Criminal Code")


def at(number):
    """One of many moments of the year, in order."""
    return datetime(YEAR, 1, 1, 12, tzinfo=UTC) + timedelta(hours=12 * number)


@pytest.fixture
def add(published, moderator):
    """Add a decision as a row: hundreds by the real actions would take minutes. Returns it."""
    from belowline.comments.models import Comment

    def call(number, outcome, maker="person", *, rule="threat", source="own", law="", machine=False):
        comment = Comment.objects.get(pk=published.pk)
        comment.pk, comment._state.adding, comment.idempotency_key = None, True, f"row-{number}"
        comment.created_at = at(number) - timedelta(hours=2)
        comment.save()
        revision = comment.revisions.create(text_source=comment.text_source)
        reason = {"rule": rule, "title": RULES[rule].title, "outcome": outcome, "score": 0.9}
        common = {"comment": comment, "revision": revision, "policy": policy_version(comment)}
        if machine:
            first = Decision.objects.create(outcome="hold", maker="engine", reasons=[reason], language="en", **common)
            Decision.objects.filter(pk=first.pk).update(created_at=at(number) - timedelta(hours=1))
        reasons = [reason | ({"legal_ground": law} if law else {})] if outcome != "publish" else []
        row = Decision.objects.create(
            outcome=outcome,
            maker=maker,
            moderator=moderator if maker == "person" else None,
            reasons=reasons,
            source=source,
            **common,
        )
        Decision.objects.filter(pk=row.pk).update(created_at=at(number))
        return Decision.objects.get(pk=row.pk)

    return call


def policy_version(comment):
    return comment.story.site.policies.order_by("-id")[0].version


@pytest.fixture
def a_year(site, add, published):
    """Some 300 decisions of every kind; returns those that restrict."""
    activate_policy(site=site, text=default_policy_text())
    draw, made = random.Random(7), []
    for number in range(300):
        rule = draw.choice(sorted(RULES))
        kind = draw.choice(["machine", "both", "person", "removed", "reported", "noticed", "published"])
        law = draw.choice(LAWS)
        made.append(
            {
                "machine": lambda: add(number, "reject", "engine", rule=rule),  # noqa: B023 - called in this turn
                "both": lambda: add(number, "reject", rule=rule, machine=True),  # noqa: B023 - as above
                "person": lambda: add(number, "reject", rule=rule),  # noqa: B023 - as above
                "removed": lambda: add(number, "remove", rule=rule, law=law),  # noqa: B023 - as above
                "reported": lambda: add(number, "remove", rule=rule, source="report"),  # noqa: B023 - as above
                "noticed": lambda: add(number, "remove", rule=rule, source="notice", law=law),  # noqa: B023 - as above
                "published": lambda: add(number, "publish"),  # noqa: B023 - as above
            }[kind]()
        )
    return [decision for decision in made if decision.outcome != "publish"]


def read(sheet):
    """Rows of the CSV as dictionaries."""
    return list(csv.DictReader(io.StringIO(as_csv(sheet))))


def total(rows, column):
    """The sum of a column without its total, after it was held against that."""
    *parts, last = rows
    assert TOTAL in last.values()
    assert sum(int(row[column]) for row in parts) == int(last[column]), column
    return int(last[column])


def test_the_sums_agree_with_the_statements(site, a_year):
    sheets = {name: read(sheet) for name, sheet in figures(year_of(YEAR, site)).items()}
    builder = Builder()
    statements = [builder.build(found) for found in restrictions(site)]
    illegal, terms = sheets["own_initiative_illegal"], sheets["own_initiative_terms"]
    automation = {(row["indicator"], row["classifier"]): row["value"] for row in sheets["automation"]}

    assert len(statements) == len(a_year) > 200
    own = [one for one in statements if one.source_type != "SOURCE_ARTICLE_16"]
    on_law = [one for one in own if one.decision_ground == "DECISION_GROUND_ILLEGAL_CONTENT"]
    assert total(illegal, "measures") == len(on_law) > 5
    assert total(terms, "measures") == len(own) - len(on_law) > 100
    for rows, part in ((illegal, on_law), (terms, [one for one in own if one not in on_law])):
        detected = sum(one.automated_detection == "Yes" for one in part)
        assert total(rows, "detected_solely_by_automation") == detected
        kinds = Counter(kind for one in part for kind in one.decision_visibility)
        for kind in ("DECISION_VISIBILITY_CONTENT_REMOVED", "DECISION_VISIBILITY_CONTENT_DISABLED"):
            assert total(rows, kind) == kinds[kind]
        found = {(row["category"], row["keyword"]): int(row["measures"]) for row in rows[:-1]}
        assert found == Counter((one.category, one.category_specification[0]) for one in part)
    decided = Counter(one.automated_decision for one in statements)
    for words, value in (("solely by", "FULLY"), ("partly by", "PARTIALLY"), ("without", "NOT_AUTOMATED")):
        said = automation[f"measures decided {words} automation", ""]
        assert int(said) == decided[f"AUTOMATED_DECISION_{value}"] > 20
    assert sum(decided.values()) == len(statements)


def test_every_statement_of_the_year_is_valid(a_year, accepted):
    builder = Builder()
    numbers = [accepted(builder.build(found).as_record())["puid"] for found in restrictions()]

    assert len(set(numbers)) == len(numbers) == len(a_year)


def test_other_years_and_sites_have_nothing(site, other_site, a_year):
    for year in (year_of(YEAR - 1, site), year_of(YEAR + 1, site), year_of(YEAR, other_site)):
        sheets = figures(year)
        for name in ("own_initiative_illegal", "own_initiative_terms"):
            assert [row[0] for row in sheets[name]] == ["category", TOTAL]
            assert set(sheets[name][1][2:]) == {0}


def test_a_year_begins_and_ends_at_midnight_of_the_servers_time(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.get_default_timezone.cache_clear()
    year = year_of(YEAR)
    settings.TIME_ZONE = "UTC"
    timezone.get_default_timezone.cache_clear()

    assert year.since == datetime(YEAR - 1, 12, 31, 23, tzinfo=UTC)
    assert year.until == datetime(YEAR, 12, 31, 23, tzinfo=UTC)


@pytest.fixture
def notice(add, moderator):
    from itertools import count

    numbers = count(400)

    def call(category, *, hours=None, law="", state="accepted", comment=None, removes=True):
        number = next(numbers)
        accepted = state == "accepted" and removes
        result = add(number, "remove", source="notice", law=law) if accepted else None
        row = Notice.objects.create(
            receipt=f"receipt-{number}",
            comment=comment or (result.comment if result else add(number, "publish").comment),
            explanation_source="It is.",
            category=category,
            in_good_faith=True,
            state=state,
            result=result,
            decided_by=moderator if hours else None,
            decided_at=at(number) + timedelta(hours=hours) if hours else None,
        )
        Notice.objects.filter(pk=row.pk).update(created_at=at(number))
        return row

    return call


def test_notices(site, notice):
    notice("VIOLENCE", hours=2, law="section 241")
    notice("VIOLENCE", hours=4)
    notice("VIOLENCE", hours=9, state="declined")
    first = notice("CHILD_SEXUAL_ABUSE", state="open")
    notice("PROTECTION_OF_MINORS", state="open", comment=first.comment)
    notice("SELF_HARM", hours=1, removes=False)
    rows = {row["category"]: row for row in read(figures(year_of(YEAR, site))["notices"])}

    def figure(name):
        return [rows[name][column] for column in list(rows[name])[1:7]]

    assert figure("STATEMENT_CATEGORY_VIOLENCE") == ["3", "3", "4.0", "1", "1", "0"]
    assert figure("STATEMENT_CATEGORY_PROTECTION_OF_MINORS") == ["2", "1", "", "0", "0", "2"]
    assert figure("STATEMENT_CATEGORY_SELF_HARM") == ["1", "1", "1.0", "0", "0", "0"]
    assert figure(TOTAL) == ["6", "5", "3.0", "1", "1", "2"]
    assert len(rows) == 17
    assert {rows[TOTAL][name] for name in rows[TOTAL] if name.startswith("trusted_")} == {"0", ""}


def test_a_removal_that_was_taken_back_is_no_action(site, notice, moderator):
    made = notice("VIOLENCE", hours=2)
    Decision.objects.create(
        comment=made.comment, revision=made.result.revision, outcome="publish", maker="person", undoes=made.result
    )

    assert read(figures(year_of(YEAR, site))["notices"])[-1]["actions_by_terms"] == "0"


def test_every_category_of_the_form_has_its_row(site):
    rows = {row["category"] for row in read(figures(year_of(YEAR, site))["notices"])}

    assert {f"STATEMENT_CATEGORY_{category.database}" for category in CATEGORIES} < rows


def test_complaints(site, add, moderator):
    for number, (outcome, state, hours) in enumerate(
        [("reject", "upheld", 10), ("reject", "overturned", 20), ("remove", "overturned", 60), ("reject", "open", None)]
    ):
        made = add(500 + number, outcome)
        row = Appeal.objects.create(
            decision=made, state=state, decided_at=at(500 + number) + timedelta(hours=hours) if hours else None
        )
        Appeal.objects.filter(pk=row.pk).update(created_at=at(500 + number))
    rows = {row["decision"]: row for row in read(figures(year_of(YEAR, site))["complaints"])}

    def figure(name):
        return [rows[name][column] for column in ("complaints", "upheld", "reversed", "undecided", "median_hours")]

    assert figure("not published") == ["3", "1", "1", "1", "15.0"]
    assert figure("removed") == ["1", "0", "1", "0", "60.0"]
    assert figure(TOTAL) == ["4", "1", "2", "1", "20.0"]
    assert rows["a notice was declined"]["remark"] == BY_HAND
    assert rows[TOTAL]["restrictions_newly_imposed"] == "0"


def test_accuracy_comes_from_the_reviews(site, add, moderator):
    for number, (outcome, said) in enumerate(
        [("publish", "publish"), ("publish", "publish"), ("publish", "reject"), ("reject", "reject")]
    ):
        Audit.objects.create(
            decision=add(600 + number, outcome, "engine"),
            reviewer=moderator,
            outcome=said,
            rule="threat" if said == "reject" else "",
            reviewed_at=at(600 + number),
        )
    rows = read(figures(year_of(YEAR, site))["automation"])
    found = {row["indicator"]: row["value"] for row in rows if row["classifier"] == "threat"}

    assert found == {"decisions reviewed by people": "4", "accuracy": "0.75", "precision": "1.0", "recall": "0.5"}


def test_without_reviews_no_accuracy_is_claimed(site):
    assert "accuracy" not in as_csv(figures(year_of(YEAR, site))["automation"])


def test_what_belowline_does_not_know_is_left_empty_and_said(site):
    sheets = figures(year_of(YEAR, site))

    assert {(row["value"], row["remark"]) for row in read(sheets["misuse_and_disputes"])} == {("", BY_HAND)}
    period = {row["item"]: row["text"] for row in read(sheets["qualitative"])}
    assert period["period"] == "2025-01-01 to 2025-12-31"
    assert period["training of the people who decide"] == BY_HAND


def test_the_form_is_rfc_4180():
    assert as_csv([["a", 'b "c"'], ["d, e", ""], [1, 0.5]]) == 'a,"b ""c"""\r\n"d, e",\r\n1,0.5\r\n'


def test_every_row_has_as_many_cells_as_its_head(site, a_year, notice):
    notice("VIOLENCE", hours=2)

    for name, (head, *rows) in figures(year_of(YEAR, site)).items():
        assert {len(row) for row in rows} == {len(head)}, name
