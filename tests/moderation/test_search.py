"""Searching: every criterion finds what it says and nothing else, alone and together; pages follow one another."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.comments.search_lookup import by_words_first
from belowline.comments.search_terms import read_terms
from belowline.moderation import search
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.models import Decision
from belowline.moderation.search import Criteria, find

LOUD = "THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW"


@pytest.fixture
def cast(post, other_story, other_reader, decide, other_moderator):
    """Comments of every kind, by name."""
    made = {
        "quiet": post("A quiet remark about the tolls.").comment,
        "loud": post(LOUD).comment,
        "wombat": post("What a wombat of a bridge.").comment,
        "goose": post("The goose was right.", author=other_reader, story=other_story).comment,
        "refused": post("Another wombat at the tram.", author=other_reader, story=other_story).comment,
        "removed": post("Cheap tolls on this page.").comment,
        "gone": post("A quiet remark that its author regrets.").comment,
    }
    decide(made["refused"], "reject", rule="banned_word")
    remove_comment(comment=made["removed"], moderator=other_moderator, rule="links")
    Comment.objects.filter(pk=made["gone"].pk).update(status="deleted")
    return made


@pytest.fixture
def names(cast):
    """The names of what is found, in its order."""

    def call(**asked):
        among, size = asked.pop("among", Comment.objects.all()), asked.pop("size", 50)
        found = find(Criteria(**asked), among=among, size=size)
        known = {comment.pk: name for name, comment in cast.items()}
        return [known[comment.pk] for comment in found.comments]

    return call


def terms(typed):
    return tuple(read_terms(typed))


ALL = ["removed", "refused", "goose", "wombat", "loud", "quiet"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ALL),
        ({"is_oldest_first": True}, ALL[::-1]),
        ({"terms": terms("wombat")}, ["refused", "wombat"]),
        ({"terms": terms("wombat -tram")}, ["wombat"]),
        ({"terms": terms("quiet")}, ["quiet"]),
        ({"author": "stubbs"}, ["refused", "goose"]),
        ({"author": "Stübbs"}, ["refused", "goose"]),
        ({"author": "Nobody"}, []),
        ({"author": "#999999"}, []),
        ({"story": "goose stops"}, ["refused", "goose"]),
        ({"story": "/news/bridge"}, ["removed", "wombat", "loud", "quiet"]),
        ({"site": "gazette"}, ALL),
        ({"site": "courier"}, []),
        ({"rule": "banned_word"}, ["refused", "wombat"]),
        ({"rule": "shouting"}, ["loud"]),
        ({"rule": "links"}, ["removed"]),
        ({"rule": "link_"}, []),
        ({"status": "held"}, ["wombat", "loud"]),
        ({"status": "deleted"}, ["gone"]),
        ({"status": "rejected"}, ["refused"]),
        ({"score": "shouting", "least": 0.6}, ["loud"]),
        ({"score": "shouting", "most": 0.59}, ["removed", "refused", "goose", "wombat", "quiet"]),
        ({"score": "banned_word", "least": 0.5, "status": "held"}, ["wombat"]),
        ({"score": "no_such_score"}, []),
        ({"maker": "engine"}, ["goose", "wombat", "loud", "quiet"]),
        ({"maker": "person"}, ["removed", "refused"]),
        ({"maker": "nobody"}, []),
        ({"rule": "banned_word", "terms": terms("tram"), "author": "ken"}, ["refused"]),
    ],
)
def test_each_criterion(names, asked, expected):
    assert names(**asked) == expected


def test_by_number(names, other_reader, other_story, moderator, other_moderator):
    assert names(author=f"#{other_reader.pk}") == ["refused", "goose"]
    assert names(story=f"#{other_story.pk}") == ["refused", "goose"]
    assert names(maker=str(moderator.pk)) == ["refused"]
    assert names(maker=str(other_moderator.pk)) == ["removed"]


def test_days(names, cast):
    today = timezone.localdate()
    Comment.objects.filter(pk=cast["quiet"].pk).update(created_at=timezone.now() - timedelta(days=10))

    assert names(since=today) == [name for name in ALL if name != "quiet"]
    assert names(until=today - timedelta(days=1)) == ["quiet"]
    assert names(since=today - timedelta(days=10), until=today - timedelta(days=10)) == ["quiet"]
    assert names(since=today, of="decided") == ALL
    assert names(until=today - timedelta(days=1), of="decided") == []
    Decision.objects.filter(comment=cast["goose"]).update(created_at=timezone.now() - timedelta(days=3))
    assert names(until=today - timedelta(days=2), of="decided") == ["goose"]


def test_an_edited_comment_has_the_score_of_its_new_text(names, cast, reader):
    edit_comment(comment=cast["quiet"], author=reader, text_source="THE TOLLS ARE A SCANDAL AND EVERYBODY KNOWS")
    assert names(score="shouting", least=0.6) == ["loud", "quiet"]

    cast["quiet"].refresh_from_db()
    edit_comment(comment=cast["quiet"], author=reader, text_source="A quiet remark about the tolls.")
    assert names(score="shouting", least=0.6) == ["loud"]


def test_what_is_unchecked_is_in_no_range(names, cast):
    Decision.objects.filter(comment=cast["loud"]).update(scores={"shouting": {"value": None, "cause": "timeout"}})

    assert "loud" not in names(score="shouting")


def test_only_among_those_that_somebody_may_see(names, cast, other_story):
    assert names(among=Comment.objects.filter(story=other_story), terms=terms("wombat")) == ["refused"]


def test_pages_follow_one_another(cast):
    for oldest in (False, True):
        seen, begin = [], None
        for _ in range(10):
            asked = Criteria(is_oldest_first=oldest)
            found = find(asked, among=Comment.objects.all(), size=2, begin=begin)
            seen += [comment.pk for comment in found.comments]
            begin = found.following
            if begin is None:
                break
        assert seen == sorted((cast[name].pk for name in ALL), reverse=not oldest)
        assert found.total == 2


def test_counting_has_an_end(cast, monkeypatch):
    monkeypatch.setattr(search, "MOST_COUNTED", 3)

    assert find(Criteria(), among=Comment.objects.all(), size=2).total == 4
    assert find(Criteria(), among=Comment.objects.all(), size=50).total == 6


def test_reading_decisions_has_an_end_and_goes_on(cast):
    asked, among = Criteria(rule="banned_word"), Comment.objects.all()
    first = find(asked, among=among, size=50, read_back=3)
    assert [comment.pk for comment in first.comments] == [cast["refused"].pk]
    assert first.read_to == cast["goose"].created_at

    second = find(asked, among=among, size=50, read_back=3, begin=first.following)
    assert [comment.pk for comment in second.comments] == [cast["wombat"].pk]
    assert (second.following, second.read_to) == (None, None)


def test_reading_from_the_oldest_on(cast):
    asked = Criteria(rule="banned_word", is_oldest_first=True)
    found, begin = [], None
    for _ in range(10):
        page = find(asked, among=Comment.objects.all(), size=50, read_back=2, begin=begin)
        found += [comment.pk for comment in page.comments]
        begin = page.following
        if begin is None:
            break
    assert found == [cast["wombat"].pk, cast["refused"].pk]


def test_without_comments_there_is_nothing_to_read(db):
    found = find(Criteria(rule="links"), among=Comment.objects.all(), size=50)

    assert found == ([], 0, None, None)


@pytest.mark.parametrize(
    ("asked", "is_empty", "reads"),
    [
        ({}, True, False),
        ({"is_oldest_first": True, "of": "decided"}, True, False),
        ({"author": "x"}, False, False),
        ({"until": date(2026, 1, 1)}, False, False),
        ({"maker": "12"}, False, False),
        ({"maker": "engine"}, False, True),
        ({"rule": "links"}, False, True),
        ({"score": "links"}, False, True),
        ({"terms": terms("大橋")}, False, True),
        ({"terms": terms("bridge")}, False, False),
    ],
)
def test_what_it_asks(asked, is_empty, reads):
    assert (Criteria(**asked).is_empty, Criteria(**asked).reads_decisions) == (is_empty, reads)


def test_a_page_takes_few_queries(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        find(Criteria(rule="banned_word", author="ken"), among=Comment.objects.all(), size=50)


@pytest.mark.parametrize("typed", ["wombat", "quiet remark", '"the tolls"', "to*", "wombat -tram", "remark -goose 海"])
@pytest.mark.parametrize("status", ["", "held", "rejected"])
@pytest.mark.parametrize("is_oldest_first", [False, True], ids=["newest", "oldest"])
def test_whichever_index_leads_the_same_is_found(names, monkeypatch, typed, status, is_oldest_first):
    asked = {"terms": terms(typed), "status": status, "is_oldest_first": is_oldest_first}
    found = names(**asked)
    monkeypatch.setattr(search, "FEW", -1)
    assert names(**asked) == found

    monkeypatch.setattr(search, "by_words_first", lambda *_, **__: pytest.fail("the words led"))
    monkeypatch.setattr(search, "FEW", 100)
    if status:
        assert names(**asked) == found


def test_words_lead_where_most_comments_may_have_them(cast):
    """SQLite reads the words' index from its end, and stops when it has enough; it never gathers all first."""
    rows = by_words_first(Comment.objects.all(), terms("wombat"), is_oldest_first=False)
    if connection.vendor == "sqlite":
        first, *rest = rows.explain().splitlines()

        assert "SCAN comments_search VIRTUAL TABLE INDEX" in first
        assert not any("TEMP B-TREE" in line for line in rest)
    assert [comment.pk for comment in rows] == sorted((one.pk for one in rows), reverse=True)
    assert cast["wombat"] in rows


@pytest.mark.parametrize("back", [(0, 0), (3, 1), (9, 4), (40, 30)], ids=["today", "some days", "older", "none"])
@pytest.mark.parametrize("is_oldest_first", [False, True], ids=["newest", "oldest"])
def test_words_of_some_days(names, cast, back, is_oldest_first):
    """Numbers follow the times of writing but for what was taken over from elsewhere: some do not here."""
    days = {"quiet": 0, "loud": 2, "wombat": 8, "goose": 1, "refused": 5, "removed": 3}
    for name, ago in days.items():
        Comment.objects.filter(pk=cast[name].pk).update(created_at=timezone.now() - timedelta(days=ago))
    since, until = (timezone.localdate() - timedelta(days=number) for number in back)
    expected = [name for name in ("refused", "wombat") if back[1] <= days[name] <= back[0]]
    found = names(terms=terms("wombat"), since=since, until=until, is_oldest_first=is_oldest_first)

    assert found == (expected[::-1] if is_oldest_first else expected)
    also = names(terms=terms("tolls"), since=since, until=until)
    assert set(also) == {name for name in ("quiet", "removed") if back[1] <= days[name] <= back[0]}
