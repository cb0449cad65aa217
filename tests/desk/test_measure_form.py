"""What the form for a measure offers, and what it makes of what was sent."""

import pytest
from django.test import RequestFactory

from belowline.desk.measure_form import length_words, measure_form, sent
from belowline.moderation.sanctions import LENGTHS
from belowline.moderation.team_models import MessageTemplate


def post(**data):
    return RequestFactory().post("/", data)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (None, "for good"),
        (24, "1 day"),
        (72, "3 days"),
        (168, "1 week"),
        (336, "2 weeks"),
        (720, "30 days"),
        (8_760, "1 year"),
        (17_520, "2 years"),
    ],
)
def test_lengths_in_words(hours, words):
    assert length_words(hours) == words


def test_every_length_has_words_of_its_own():
    for lengths in LENGTHS.values():
        assert len({length_words(hours) for hours in lengths}) == len(lengths)


def test_what_an_administrator_may_do(reader, admin, site):
    form = measure_form(reader, admin, site, None)

    assert [kind.value for kind in form["kinds"]] == ["warn", "premoderate", "suspend", "ban"]
    assert [kind.lengths == [] for kind in form["kinds"]] == [True, False, False, False]
    assert form["everywhere"] is True
    assert form["why_not"] == ""
    assert [code for code, *_ in form["rules"]] == ["banned_word", "links", "shouting"]


def test_a_comment_that_was_refused_for_its_topic_is_no_cause(reader, admin, site, rejected):
    assert measure_form(reader, admin, site, rejected)["cause"] == rejected
    newest = rejected.decisions.latest("pk")
    newest.reasons = [newest.reasons[0] | {"signal": "off_topic"}]
    newest.save()
    form = measure_form(reader, admin, site, rejected)

    assert (form["cause"], form["is_topic_alone"]) == (None, True)


def test_a_colleague(moderator, admin, site):
    assert "colleague" in measure_form(moderator, admin, site, None)["why_not"]


def test_what_was_typed_is_chosen_again(reader, admin, site):
    form = measure_form(reader, admin, site, None, {"hours-suspend": "336", "kind": "suspend"})

    assert next(kind.chosen for kind in form["kinds"] if kind.value == "suspend") == "336"


def test_what_was_sent(reader, site):
    request = post(**{"kind": "suspend", "rule": "links", "words": "Stop.", "hours-suspend": "72", "hours-ban": "8760"})

    assert sent(request, reader, site, None) == {
        "kind": "suspend",
        "rule": "links",
        "words": "Stop.",
        "hours": 72,
        "site": site,
    }


@pytest.mark.parametrize("hours", ["", "soon", "-1", "9" * 30])
def test_hours_that_are_no_number(reader, site, hours):
    assert sent(post(**{"kind": "ban", "hours-ban": hours}), reader, site, None)["hours"] is None


def test_on_all_sites(reader, site):
    assert sent(post(kind="warn", where="all"), reader, site, None)["site"] is None


def test_a_template_counts_where_nothing_was_typed(reader, site, admin):
    row = MessageTemplate.objects.create(title="Calm", text_source="Dear {name}.", language="en", changed_by=admin)

    assert sent(post(kind="warn", template=row.pk), reader, site, None)["words"] == "Dear Marjorie Tench."
    assert sent(post(kind="warn", template=row.pk, words="Mine."), reader, site, None)["words"] == "Mine."
