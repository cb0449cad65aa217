"""Pictures of discussions."""

from belowline.desk.insights.discussions import draw_nudges, draw_stories
from belowline.moderation.insights.busiest import BusyStory
from belowline.moderation.insights.nudged import Nudged


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_stories_by_what_became_of_their_comments(looking):
    found = [BusyStory(7, "Bridge", "news", 6, 1, 2, 1), BusyStory(8, "Goose", "", 5, 0, 0, 0)]
    picture = draw_stories(found, looking())
    bridge, goose = picture.bars

    assert (bridge.label, bridge.value, bridge.href) == ("Bridge", "10", "/desk/stories/7/")
    assert [part.tone for part in bridge.parts] == ["accent", "wait", "bad", "quiet"]
    assert sum(part.size for part in bridge.parts) == 100
    assert [part.size for part in goose.parts] == [50]
    assert picture.says == "“Bridge” has the most: 10 comments."
    assert picture.table.rows[0] == ("Bridge", "news", 10, 6, 1, 2, 1)


def test_no_stories(looking):
    picture = draw_stories([], looking())

    assert (picture.says, picture.is_drawn, picture.legend) == ("Nobody has written anything.", False, ())


def test_nudges_by_what_authors_did(looking):
    found = [
        Nudged("open", 3, 0, 0, 0, 3),
        Nudged("edited", 6, 4, 1, 0, 1),
        Nudged("posted_anyway", 1, 0, 0, 1, 0),
    ]
    picture = draw_nudges(found, looking())

    assert plain(picture.says) == (
        "Of 10 authors who were told before posting, 60 % changed their comment; 4 of those 6 are published."
    )
    assert [bar.label for bar in picture.bars] == ["Posted nothing", "Changed it and posted", "Posted it as it was"]
    assert [part.words for part in picture.bars[1].parts] == ["4 published", "1 waiting", "1 not there"]


def test_nobody_changed_anything(looking):
    found = [Nudged("open", 4, 0, 0, 0, 4), Nudged("edited", 0, 0, 0, 0, 0)]

    assert plain(draw_nudges(found, looking()).says) == (
        "Of 4 authors who were told before posting, 0 % changed their comment."
    )


def test_nobody_was_nudged(looking):
    picture = draw_nudges([Nudged("open", 0, 0, 0, 0, 0), Nudged("edited", 0, 0, 0, 0, 0)], looking())

    assert (picture.says, picture.is_drawn) == ("Nobody was nudged in these days.", False)
