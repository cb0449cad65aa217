"""How a discussion stands: every level, and the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.stories.discussion import SOON, DiscussionState, Layer, Own, discussion_state, discussion_states, settle
from belowline.stories.models import ClosedReason, Mode, Section, Story

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)
OPEN = DiscussionState(
    is_open=True, mode="standard", closed_reason="", closes_at=None, slow_seconds=0, takes_replies=True
)
CLOSED = OPEN._replace(is_open=False, mode="closed")


def own(**fields):
    return Own(**{"published_at": YESTERDAY, **fields})


STANDINGS = [
    pytest.param(own(), [], OPEN, id="nobody said anything"),
    pytest.param(own(is_open=False), [], CLOSED, id="closed by the publisher"),
    pytest.param(
        own(is_open=False, closed_reason="legal"), [], CLOSED._replace(closed_reason="legal"), id="and says why"
    ),
    pytest.param(
        own(is_open=False, mode="premoderated"), [], CLOSED, id="what the publisher closed no mode of the story opens"
    ),
    pytest.param(
        own(mode="closed", closed_reason="abuse"), [], CLOSED._replace(closed_reason="abuse"), id="closed by an editor"
    ),
    pytest.param(own(mode="standard", closed_reason="abuse"), [], OPEN, id="a reason alone closes nothing"),
    pytest.param(own(mode="premoderated"), [], OPEN._replace(mode="premoderated"), id="pre-moderated"),
    pytest.param(own(), [Layer(mode="premoderated")], OPEN._replace(mode="premoderated"), id="as its section says"),
    pytest.param(own(mode="standard"), [Layer(mode="premoderated")], OPEN, id="the story is above its section"),
    pytest.param(
        own(),
        [Layer(mode="standard"), Layer(mode="closed", closed_reason="capacity")],
        OPEN,
        id="the section is above the site",
    ),
    pytest.param(
        own(),
        [Layer(), Layer(mode="closed", closed_reason="capacity")],
        CLOSED._replace(closed_reason="capacity"),
        id="a section without a word leaves it to the site",
    ),
    pytest.param(
        own(),
        [Layer(closed_reason="legal"), Layer(mode="closed", closed_reason="capacity")],
        CLOSED._replace(closed_reason="capacity"),
        id="the reason is that of whoever closed",
    ),
    pytest.param(
        own(closed_reason="legal"),
        [Layer(mode="closed", closed_reason="capacity")],
        CLOSED._replace(closed_reason="legal"),
        id="but the story's own reason comes first",
    ),
    pytest.param(
        own(mode="standard", closed_reason="legal", is_open=False),
        [Layer(mode="closed", closed_reason="capacity")],
        CLOSED._replace(closed_reason="legal"),
        id="closed by the publisher in a closed section",
    ),
    pytest.param(own(closes_at=TOMORROW), [], OPEN._replace(closes_at=TOMORROW), id="closes tomorrow"),
    pytest.param(
        own(closes_at=NOW), [], CLOSED._replace(closed_reason="age", closes_at=NOW), id="closes at this moment"
    ),
    pytest.param(
        own(closes_at=NOW + timedelta(microseconds=1)),
        [],
        OPEN._replace(closes_at=NOW + timedelta(microseconds=1)),
        id="and not a moment before",
    ),
    pytest.param(
        own(closes_at=YESTERDAY, mode="premoderated"),
        [],
        CLOSED._replace(closed_reason="age", closes_at=YESTERDAY),
        id="closed by time, whatever its mode",
    ),
    pytest.param(
        own(closes_at=YESTERDAY, mode="closed", closed_reason="legal"),
        [],
        CLOSED._replace(closed_reason="legal", closes_at=YESTERDAY),
        id="what somebody closed keeps their reason",
    ),
    pytest.param(
        own(), [Layer(closes_after_hours=24)], CLOSED._replace(closed_reason="age", closes_at=NOW), id="by age"
    ),
    pytest.param(own(), [Layer(closes_after_hours=48)], OPEN._replace(closes_at=TOMORROW), id="not old enough yet"),
    pytest.param(
        own(closes_at=TOMORROW),
        [Layer(closes_after_hours=1)],
        OPEN._replace(closes_at=TOMORROW),
        id="the story's own time is above its section's hours",
    ),
    pytest.param(
        own(),
        [Layer(closes_after_hours=0), Layer(closes_after_hours=1)],
        OPEN,
        id="a section that stays open on a site that closes",
    ),
    pytest.param(
        own(published_at=datetime(9999, 12, 31, tzinfo=UTC)),
        [Layer(closes_after_hours=48)],
        OPEN,
        id="the calendar ends before",
    ),
    pytest.param(own(slow_seconds=30), [Layer(slow_seconds=60)], OPEN._replace(slow_seconds=30), id="slow: the story"),
    pytest.param(own(slow_seconds=0), [Layer(slow_seconds=60)], OPEN, id="nought is a word too"),
    pytest.param(
        own(), [Layer(), Layer(slow_seconds=60)], OPEN._replace(slow_seconds=60), id="slow: the site, past the section"
    ),
    pytest.param(own(takes_replies=False), [], OPEN._replace(takes_replies=False), id="no replies"),
]


@pytest.mark.parametrize(("said", "layers", "expected"), STANDINGS)
def test_the_first_that_says_something_holds(said, layers, expected):
    assert settle(said, layers, NOW) == expected


LAYERS = st.builds(
    Layer,
    mode=st.sampled_from(["", *Mode.values]),
    closed_reason=st.sampled_from(["", *ClosedReason.values]),
    closes_after_hours=st.none() | st.integers(0, 2**31 - 1),
    slow_seconds=st.none() | st.integers(0, 3600),
)
TIMES = st.datetimes(timezones=st.just(UTC))
OWN = st.builds(
    Own,
    published_at=TIMES,
    is_open=st.booleans(),
    mode=st.sampled_from(["", *Mode.values]),
    closed_reason=st.sampled_from(["", *ClosedReason.values]),
    closes_at=st.none() | TIMES,
    slow_seconds=st.none() | st.integers(0, 3600),
    takes_replies=st.booleans(),
)


@given(OWN, st.lists(LAYERS, max_size=2), TIMES)
def test_open_has_no_reason_and_closed_has_one_mode(said, layers, now):
    state = settle(said, layers, now)
    assert state.is_open == (state.mode != "closed")
    assert not (state.is_open and state.closed_reason)
    assert not (state.is_open and state.closes_at and state.closes_at <= now)
    assert said.is_open or not state.is_open


@given(OWN, st.lists(LAYERS, max_size=2), TIMES, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_until_the_next_change_what_readers_see_is_the_same(said, layers, now, step):
    """Cached pages live by this: they are thrown away at `next_change`, and not before."""
    before = settle(said, layers, now)
    try:
        later = now + step
        change = before.next_change(now)
        after = settle(said, layers, later)
        soon = (before.is_closing_soon(now), after.is_closing_soon(later))
    except OverflowError:
        return  # beyond the year 9999
    if change is None or later < change:
        assert (before, soon[0]) == (after, soon[1])


@pytest.mark.parametrize(
    ("closes_at", "is_soon", "change"),
    [
        pytest.param(None, False, None, id="never"),
        pytest.param(NOW + SOON + timedelta(hours=3), False, NOW + timedelta(hours=3), id="the notice comes first"),
        pytest.param(NOW + SOON, True, NOW + SOON, id="the notice stands from now on"),
        pytest.param(NOW + timedelta(minutes=1), True, NOW + timedelta(minutes=1), id="in a minute"),
        pytest.param(YESTERDAY, False, None, id="long closed"),
    ],
)
def test_when_a_page_changes_by_itself(closes_at, is_soon, change):
    state = settle(own(closes_at=closes_at), [], NOW)
    assert (state.is_closing_soon(NOW), state.next_change(NOW)) == (is_soon, change)


def test_pre_moderated_is_what_is_read_first():
    assert settle(own(mode="premoderated"), [], NOW).is_premoderated
    assert not settle(own(mode="premoderated", is_open=False), [], NOW).is_premoderated


def test_a_story_is_read_with_its_section_and_the_site(story, other_site):
    story.section, story.published_at = "Politics", YESTERDAY
    story.save()
    Section.objects.create(site=story.site, slow_seconds=60, closes_after_hours=72)
    Section.objects.create(site=story.site, name="Politics", mode=Mode.PREMODERATED)
    Section.objects.create(site=story.site, name="Sport", mode=Mode.CLOSED)
    Section.objects.create(site=other_site, name="Politics", mode=Mode.CLOSED)
    state = discussion_state(story, NOW)
    assert state == OPEN._replace(mode="premoderated", slow_seconds=60, closes_at=YESTERDAY + timedelta(hours=72))
    assert discussion_state(story, NOW + timedelta(days=3)).closed_reason == "age"


def test_the_clock_of_the_server_is_meant_where_none_is_given(story):
    Story.objects.filter(pk=story.pk).update(closes_at=YESTERDAY)
    story.refresh_from_db()
    assert not discussion_state(story).is_open


def test_many_stories_cost_one_query(story, other_site, django_assert_num_queries):
    others = [Story.objects.create(site=other_site, key=f"k{n}", section="Sport", title="A match") for n in range(3)]
    Section.objects.create(site=other_site, name="Sport", mode=Mode.CLOSED, closed_reason=ClosedReason.LEGAL)
    with django_assert_num_queries(1):
        states = discussion_states([story, *others])
    assert [states[one.pk].closed_reason for one in (story, *others)] == ["", "legal", "legal", "legal"]


def test_no_stories_cost_nothing(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert discussion_states([]) == {}
