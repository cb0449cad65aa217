"""The invented newsroom: everything loads, through the real engine, once."""

import json
from importlib import resources

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.names import clean_display_name, is_reserved, name_key
from belowline.accounts.permissions import Action, may
from belowline.comments.models import Comment, Pick
from belowline.demo import seed as module
from belowline.demo.seed import (
    ADMIN,
    MODERATOR,
    PASSWORD,
    READER,
    SECOND_MODERATOR,
    add_story,
    add_story_file,
    parse_story,
    seed,
)
from belowline.moderation.models import Decision
from belowline.stories.discussion import discussion_state
from belowline.stories.models import Site, Story

FOLDER = resources.files("belowline.demo")
PAPER = json.loads(FOLDER.joinpath("paper.json").read_text("utf-8"))
THREADS = {file.name: json.loads(file.read_text("utf-8")) for file in FOLDER.joinpath("threads").iterdir()}


@pytest.fixture(scope="module")
def newsroom(django_db_setup, django_db_blocker):
    """The newsroom, seeded once for all tests here that only read; taken back at the end."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        made = seed()
        yield made
        transaction.set_rollback(True)


def counts():
    return [kind.objects.count() for kind in (Site, User, Story, Comment, Decision)]


# --- the files


@pytest.mark.parametrize("file", sorted(FOLDER.joinpath("stories").iterdir(), key=str), ids=lambda file: file.name)
def test_every_story_is_complete_and_has_its_thread(file):
    story = parse_story(file.read_text("utf-8"))

    assert {"title", "key", "section", "standfirst", "published"} <= set(story.fields)
    assert len(story.body) > 800
    assert f"{story.fields['key']}.json" in THREADS


@pytest.mark.parametrize("name", THREADS)
def test_every_thread_can_be_posted(name):
    cast = {entry["name"] for entry in PAPER["cast"]}
    ids = [row["id"] for row in THREADS[name]]
    times = {row["id"]: row["minutes_after"] for row in THREADS[name]}

    assert len(set(ids)) == len(ids) >= 5
    for row in THREADS[name]:
        assert row["author"] in cast
        assert 0 < len(row["text"]) <= 3000
        if row["reply_to"]:
            assert times[row["reply_to"]] < row["minutes_after"]


@pytest.mark.parametrize("name", [entry["name"] for entry in PAPER["cast"]] + [READER[1]])
def test_the_cast_could_have_signed_up(name):
    try:
        assert clean_display_name(name) == name
    except ValidationError as error:
        pytest.fail(f"{name}: {error.messages}")
    assert not is_reserved(name)


def test_no_two_of_the_cast_look_alike():
    staff = [MODERATOR[1], SECOND_MODERATOR[1], ADMIN[1]]
    names = [entry["name"] for entry in PAPER["cast"]] + [READER[1], *staff]

    assert len({name_key(name) for name in names}) == len(names)


# --- the newsroom


@pytest.mark.usefixtures("newsroom")
class TestNewsroom:
    """What stands in the database after seeding."""

    def test_all_stories_are_there(self):
        assert Story.objects.count() == len(THREADS)
        assert all(story.title and story.body and story.standfirst for story in Story.objects.all())

    def test_the_paper_has_its_own_look(self):
        assert Site.objects.get().theme["accent"] == "#7a1f1f"

    def test_every_comment_went_through_the_engine(self):
        assert Comment.objects.count() > 40
        assert not Comment.objects.filter(decisions=None).exists()
        assert not Comment.objects.filter(status="pending").exists()
        assert set(Decision.objects.values_list("maker", flat=True)) == {"engine"}
        assert not Decision.objects.filter(reasons__0__rule="engine_failed").exists()

    def test_some_wait_for_the_desk_and_most_are_published(self):
        published = Comment.objects.filter(status="published").count()
        held = Comment.objects.filter(status="held").count()

        assert held >= 3
        assert published > 2 * held

    def test_the_counters_are_exact(self):
        for story in Story.objects.all():
            assert story.comment_count == story.comments.filter(status="published").count()

    def test_nothing_was_written_in_the_future_or_before_its_story(self):
        now = timezone.now()
        for comment in Comment.objects.select_related("story", "parent"):
            assert comment.story.published_at <= comment.created_at <= now
            if comment.parent:
                assert comment.parent.created_at <= comment.created_at

    def test_the_accounts_that_are_printed_work(self, client):
        for address, _ in (MODERATOR, SECOND_MODERATOR, ADMIN, READER):
            user = User.objects.get(email=address)
            assert user.check_password(PASSWORD)
            assert user.emailaddress_set.get().verified
        assert all(User.objects.get(email=email).role == "moderator" for email, _ in (MODERATOR, SECOND_MODERATOR))
        assert not may(User.objects.get(email=MODERATOR[0]), Action.CHANGE_POLICY)
        assert may(User.objects.get(email=ADMIN[0]), Action.CHANGE_POLICY)

    def test_a_second_time_changes_nothing(self, newsroom):
        before = counts()

        assert seed() == newsroom
        assert counts() == before


@pytest.mark.django_db
def test_a_newsroom_half_made_is_none(monkeypatch):
    """Somebody stops the demo while it sets up: the next start begins anew."""
    calls = []

    def stop(*_):
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(module, "_post_all", stop)
    with pytest.raises(KeyboardInterrupt):
        seed()

    assert counts() == [0] * 5


# --- stories of one's own


def test_a_story_from_a_file(site, tmp_path, settings):
    file = tmp_path / "ferry.txt"
    file.write_text("Ferry to Ravel Island\nIt will run all winter.", "utf-8")
    story = add_story_file(site, file)

    assert (story.key, story.title, story.body) == (
        "ferry-to-ravel-island",
        "Ferry to Ravel Island",
        "It will run all winter.",
    )
    assert story.url == f"{settings.BASE_URL}/news/ferry-to-ravel-island/"


def test_the_same_file_again_is_the_same_story(site, tmp_path):
    file = tmp_path / "ferry.txt"
    file.write_text("Ferry\nOne.", "utf-8")

    assert add_story_file(site, file) == add_story_file(site, file)


@pytest.mark.parametrize(
    ("one", "two"), [("橋が閉鎖", "渡し船"), ("الجسر مغلق", "العبارة"), ("!!!", "???"), ("Брук", "Мост")]
)
def test_titles_in_any_script_are_stories_of_their_own(site, one, two):
    first, second = (add_story(site, parse_story(f"{title}\nText.")) for title in (one, two))

    assert first != second
    assert [first.title, second.title] == [one, two]


@pytest.mark.parametrize("key", ["My Story!", "a/b", "../x", "x" * 300])
def test_a_key_in_the_front_matter_fits_into_an_address(site, in_demo, key):
    story = add_story(site, parse_story(f"---\nkey: {key}\n---\nFerry\nOne."))

    assert in_demo.get(f"/news/{story.key}/").status_code == 200


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "holds no text"),
        (b"\xff\xfe\x00", "cannot be read as UTF-8"),
        (b"Title\n" + b"x" * 500_001, "at most 500000"),
        (b"Tit\x00le\nOne.", "null character"),
    ],
)
def test_a_file_that_cannot_be_used(site, tmp_path, content, problem):
    file = tmp_path / "story.txt"
    file.write_bytes(content)

    with pytest.raises(ValueError, match=problem):
        add_story_file(site, file)
    assert not Story.objects.exists()


def test_a_file_that_is_not_there(site, tmp_path):
    with pytest.raises(ValueError, match="cannot be read"):
        add_story_file(site, tmp_path / "none.txt")


def test_the_editor_has_been_at_work(newsroom):
    """One discussion is pre-moderated, and one comment is picked with a sentence: visitors see what that looks like."""
    story = Story.objects.get(key="compass-inn-wounding")
    assert discussion_state(story).is_premoderated
    assert story.message == PAPER["controls"]["compass-inn-wounding"]["message"]
    assert Comment.objects.filter(story=story, status="published").count() > 5
    [pick] = Pick.objects.all()
    assert pick.comment.is_public
    assert (pick.sentence, pick.picked_by.email) == (PAPER["picks"]["harbour-bridge-closed"]["c02"], ADMIN[0])
