"""The reader of the gold set: the decision table, threads, what the engine is given, and the absent story."""

from dataclasses import replace

import pytest
from topic.counts import BEGIN, END, put, share_no_word
from topic.read import SEED, SEED_PLACE, TopicComment, TopicStory, read

from belowline import Parent, Story

STORY = Story(title="Baths to close", body="The council will close the baths.", section="Politics")


def comment(r_art, parent=None, r_par=None, kind="substantive", **more):
    if parent and r_par is None:
        r_par = 2
    return TopicComment(
        **{"id": "x", "story_key": "x", "half": "tuning", "story": STORY, "text": "x"} | more,
        parent=parent,
        r_art=r_art,
        r_par=r_par,
        kind=kind,
    )


@pytest.fixture
def seed_file(tmp_path):
    """A file as the absent story comes: its title in the first line, comments at the end."""
    place = tmp_path / "story.txt"
    place.write_text("Envoys meet\nThey met in the morning.\nThey parted at noon.\nCOMMENTS\nBe kind.", "utf-8")
    return place


@pytest.fixture
def gold(monkeypatch):
    monkeypatch.delenv(SEED_PLACE, raising=False)
    return read()


WELCOME = comment(3)
ASTRAY = comment(0)


@pytest.mark.parametrize(
    ("one", "due"),
    [
        (comment(3), "on_topic"),
        (comment(2), "on_topic"),
        (comment(1), "human"),
        (comment(0), "off_topic"),
        (comment(2, kind="about_this_reporting"), "on_topic"),
        (comment(3, kind="correction"), "on_topic"),
        (comment(0, kind="about_moderation"), "desk"),
        (comment(1, kind="product_feedback"), "desk"),
        (comment(3, kind="about_moderation"), "on_topic"),
        (comment(0, kind="insubstantial"), "own_code"),
        (comment(3, kind="copy_paste"), "own_code"),
        (comment(2, parent=ASTRAY), "on_topic"),
        (comment(0, parent=WELCOME), "on_topic"),
        (comment(0, parent=WELCOME, r_par=1), "on_topic"),
        (comment(1, parent=WELCOME, r_par=0), "human"),
        (comment(0, parent=WELCOME, r_par=0), "off_topic"),
        (comment(0, parent=ASTRAY), "follows_root"),
        (comment(1, parent=comment(1)), "follows_root"),
        (comment(0, parent=comment(0, kind="product_feedback")), "follows_root"),
        (comment(0, parent=comment(0, parent=WELCOME)), "on_topic"),
        (comment(0, parent=comment(0, parent=comment(0, parent=WELCOME))), "digression"),
        (comment(1, parent=comment(1, parent=comment(0, parent=comment(0, parent=WELCOME)))), "digression"),
        (comment(0, parent=comment(0, parent=comment(1, parent=comment(0, parent=WELCOME)))), "on_topic"),
        (comment(2, parent=comment(0, parent=comment(0, parent=WELCOME))), "on_topic"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.r_art}-{value.r_par}-{value.kind}-{value.depth}",
)
def test_decision_table(one, due):
    assert one.due == due
    assert one.belongs is (due in {"on_topic", "digression"})


def test_threads_are_resolved():
    root = comment(3, id="a")
    middle = comment(2, parent=root, id="b")
    last = comment(1, parent=middle, id="c")
    assert [above.id for above in last.ancestors] == ["b", "a"]
    assert (last.root, last.depth) == (root, 2)
    assert (root.root, root.depth, root.ancestors) == (root, 0, ())


def test_engine_is_given_story_parent_and_root():
    root = comment(3, text="root")
    middle = comment(2, parent=root, text="middle")
    assert root.submission.parent is None
    assert middle.submission.parent == Parent(text="root")
    last = comment(1, parent=middle, text="last").submission
    assert (last.text, last.story, last.parent) == ("last", STORY, Parent(text="middle", root_text="root"))


def test_engine_is_not_given_what_was_removed():
    gone = replace(comment(3, text="gone"), removed=True)
    below = comment(2, parent=gone, text="below")
    assert below.submission.parent is None
    assert comment(2, parent=below).submission.parent == Parent(text="below")
    assert below.parent == gone, "the labels were given with it in sight"


def test_without_the_file_its_comments_are_skipped(gold):
    assert SEED not in gold.stories
    assert {one.story_key for one in gold.skipped} == {SEED}
    assert {one.story for one in gold.skipped} == {None}
    assert SEED not in {one.story_key for one in gold.comments}


@pytest.mark.parametrize("through_environment", [True, False])
def test_with_the_file_nothing_is_skipped(gold, seed_file, monkeypatch, through_environment):
    if through_environment:
        monkeypatch.setenv(SEED_PLACE, str(seed_file))
    whole = read() if through_environment else read(seed_file)
    assert whole.skipped == ()
    assert len(whole.comments) == len(gold.comments) + len(gold.skipped)
    story = whole.stories[SEED].story
    assert (story.title, story.section) == ("Envoys meet", "World")
    assert story.body == "They met in the morning.\nThey parted at noon."
    assert whole.stories[SEED].half == "final"


def test_halves_part_the_comments(gold):
    tuning, final = gold.of("tuning"), gold.of("final")
    assert len(tuning) + len(final) == len(gold.comments)
    assert {one.half for one in tuning} == {"tuning"}
    assert {one.half for one in final} == {"final"}


def test_neighbours_are_of_the_same_section_and_half(gold):
    for key, own in gold.stories.items():
        found = gold.neighbours(key)
        assert own not in found
        assert {(one.half, one.story.section) for one in found} <= {(own.half, own.story.section)}
        assert found or key == "bridgewar", "its neighbour is the story that is not here"


def test_with_the_file_every_story_has_a_neighbour(seed_file):
    whole = read(seed_file)
    assert [key for key in whole.stories if not whole.neighbours(key)] == []


def test_comments_come_with_their_story(gold):
    assert all(one.story == gold.stories[one.story_key].story for one in gold.comments)
    assert all(one.submission.story and one.submission.story.body for one in gold.comments)


def test_tables_go_between_the_markers():
    text = f"before\n{BEGIN}old\n{END}\nafter\n"
    assert put(text, "new\n") == f"before\n{BEGIN}\nnew\n\n{END}\nafter\n"
    assert put(put(text, "new\n"), "new\n") == put(text, "new\n")


def test_words_that_most_stories_have_tell_nothing():
    bodies = ["The lake froze.", "The roof leaks.", "The bees left.", "The choir sang.", "The train came."]
    stories = [
        TopicStory(key=str(number), genre="", half="tuning", story=Story(title="T", body=body))
        for number, body in enumerate(bodies)
    ]
    silent = comment(3, text="The pity of it", story_key="0")
    telling = comment(3, text="What a LAKE!", story_key="0")
    elsewhere = comment(3, text="What a lake!", story_key="1")
    assert share_no_word([silent, telling, elsewhere], stories) == [silent, elsewhere]
