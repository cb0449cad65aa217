"""A story's controls on readers' pages: who may, what is sent, what comes back, and what readers see then."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.events.models import Event
from belowline.stories.models import Section, Story


@pytest.fixture
def address(story):
    return f"/discussion/{story.pk}/controls/"


@pytest.fixture
def form(as_moderator, address):
    """What a browser sends if nothing is touched."""
    shown = as_moderator.get(address).context["form"]
    sent = {}
    for field in shown:
        value = field.value()
        if field.name == "takes_replies":
            sent |= {"takes_replies": "on"} if value else {}
        else:
            sent[field.name] = "" if value in (None, []) else value
        sent[field.html_initial_name] = "" if value in (None, []) else value
    return sent


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 302), ("as_reader", 403), ("as_moderator", 200), ("as_admin", 200)]
)
def test_only_moderators(request, address, who, status):
    client = request.getfixturevalue(who)

    assert client.get(address).status_code == status
    assert client.post(address, {"mode": "closed"}).status_code == (status if status != 200 else 302)
    assert Story.objects.filter(mode="closed").exists() is (status == 200)


@pytest.mark.parametrize(
    ("who", "sees"), [("stranger", False), ("as_reader", False), ("as_moderator", True), ("as_admin", True)]
)
def test_the_discussion_offers_them_to_moderators(request, story, address, who, sees):
    page = request.getfixturevalue(who).get(f"/discussion/{story.pk}/").content.decode()

    assert (f'href="{address}"' in page) is sees
    assert ("Editor’s controls" in page) is sees


def test_htmx_gets_the_form_alone(as_moderator, address):
    part = as_moderator.get(address, headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith("<form")
    assert "<html" not in part


def test_everything_is_saved_at_once(as_moderator, moderator, story, address, form):
    answer = as_moderator.post(
        address,
        form
        | {
            "mode": "premoderated",
            "closed_reason": "capacity",
            "closes_at": "2027-01-02T03:04",
            "slow_seconds": "45",
            "message": "Be kind to the ferryman.",
            "author_emails": "Ann@Paper.example, bo@paper.example\nann@paper.example",
        },
    )

    assert (answer.status_code, answer["Location"]) == (302, f"/discussion/{story.pk}/")
    fresh = Story.objects.get(pk=story.pk)
    assert (fresh.mode, fresh.closed_reason, fresh.slow_seconds) == ("premoderated", "capacity", 45)
    assert fresh.closes_at.isoformat() == "2027-01-02T03:04:00+00:00"
    assert fresh.takes_replies
    assert fresh.message == "Be kind to the ferryman."
    assert fresh.author_emails == ["ann@paper.example", "bo@paper.example"]
    assert Event.objects.get(tag="story:controlled").actor_id == moderator.pk
    assert "Saved. Readers see it at once." in as_moderator.get(answer["Location"]).content.decode()


def test_a_form_in_which_nothing_was_touched_writes_nothing(as_moderator, story, address, form):
    Story.objects.filter(pk=story.pk).update(mode="closed", message="Of another editor's, meanwhile.")

    answer = as_moderator.post(address, form)
    fresh = Story.objects.get(pk=story.pk)
    assert answer.status_code == 302
    assert (fresh.mode, fresh.message) == ("closed", "Of another editor's, meanwhile.")
    assert "Everything stays as it was." in as_moderator.get(answer["Location"]).content.decode()
    assert not Event.objects.filter(tag="story:controlled").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slow_seconds": "-1"}, "greater than or equal to 0"),
        ({"slow_seconds": "9" * 40}, "less than or equal to 86400"),
        ({"slow_seconds": "soon"}, "Enter a whole number"),
        ({"closes_at": "tomorrow"}, "Enter a valid date/time"),
        ({"closes_at": "0001-01-01T00:00"}, "Choose a year that is nearer"),
        ({"message": "x" * 501}, "at most 500 characters"),
        ({"message": "a\x00b"}, "Null characters are not allowed"),
        ({"author_emails": "ann"}, "“ann” is no e-mail address."),
        ({"author_emails": " ".join(f"a{n}@paper.example" for n in range(21))}, "At most 20 addresses fit."),
        ({"mode": "ajar"}, "Select a valid choice"),
    ],
    ids=str,
)
def test_what_is_wrong_comes_back_with_all_that_was_typed(as_moderator, story, address, form, wrong, said):  # noqa: PLR0917
    answer = as_moderator.post(address, form | {"message": "Kept in the form."} | wrong)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert said in page
    assert "message" in wrong or "Kept in the form." in page
    assert Story.objects.get(pk=story.pk).message == ""
    assert "<h1>Editor’s controls</h1>" in page


def test_it_says_what_the_section_says(as_moderator, story, address):
    Section.objects.create(site=story.site, name="news", mode="premoderated", slow_seconds=90)
    page = as_moderator.get(address).content.decode()

    assert "As the section says: a moderator reads each comment first" in page
    assert "as the section says (90)" in page


def test_what_the_publisher_closed_is_said(as_moderator, story, address):
    assert "Your publishing system has closed" not in as_moderator.get(address).content.decode()
    Story.objects.filter(pk=story.pk).update(is_open=False)
    assert "Your publishing system has closed" in as_moderator.get(address).content.decode()


def test_in_a_frame_the_way_back_stays_in_it(as_moderator, story, address, form):
    answer = as_moderator.post(f"{address}?embed=1", form | {"mode": "closed"})

    assert answer["Location"] == f"/discussion/{story.pk}/?embed=1"


@pytest.mark.parametrize("number", ["0", "9" * 40])
def test_there_is_no_such_story(as_moderator, site, number):
    assert as_moderator.get(f"/discussion/{number}/controls/").status_code == 404


def test_a_forged_form_is_refused(sign_in, moderator, address, story):
    assert sign_in(moderator, enforce_csrf_checks=True).post(address, {"mode": "closed"}).status_code == 403
    assert Story.objects.get(pk=story.pk).mode == ""


# --- what readers see


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"mode": "premoderated"}, "A moderator reads every comment here before others can."),
        ({"slow_seconds": 1}, "Slow mode: each reader can post one comment every 1 second."),
        ({"slow_seconds": 45}, "Slow mode: each reader can post one comment every 45 seconds."),
        ({"takes_replies": False}, "Replies are off: you can comment on the article, not on comments."),
        ({"message": "Be <kind>."}, "Be &lt;kind&gt;."),
        ({"is_open": False}, "This discussion is closed. You can still read it."),
        ({"is_open": False, "closed_reason": "legal"}, "This discussion is closed for legal reasons."),
        ({"mode": "closed", "closed_reason": "abuse"}, "closed, because too many comments broke the rules."),
        ({"mode": "closed", "closed_reason": "capacity"}, "closed, because we cannot moderate it well enough now."),
        ({"mode": "closed", "closed_reason": "age"}, "closed, because the article is no longer new."),
    ],
    ids=str,
)
@pytest.mark.parametrize("who", ["stranger", "as_reader"])
def test_how_the_discussion_stands(request, story, published, who, fields, said):  # noqa: PLR0917
    client = request.getfixturevalue(who)
    assert said not in client.get(f"/discussion/{story.pk}/").content.decode()
    Story.objects.filter(pk=story.pk).update(**fields)
    page = client.get(f"/discussion/{story.pk}/").content.decode()

    assert said in page
    assert ("data-composer" in page or "Sign in to join" in page) is ("closed" not in said)


@pytest.mark.parametrize(("hours", "is_said"), [(23, True), (25, False), (-1, False)])
def test_when_it_closes_is_said_where_that_is_near(stranger, story, hours, is_said):
    moment = timezone.now() + timedelta(hours=hours)
    Story.objects.filter(pk=story.pk).update(closes_at=moment)
    page = stranger.get(f"/discussion/{story.pk}/").content.decode()

    assert ("This discussion closes on" in page) is is_said
    assert ("no longer new" in page) is (hours < 0)


@pytest.mark.parametrize(
    "fields", [{"mode": "closed", "closed_reason": "legal"}, {"closes_at": timezone.now() - timedelta(seconds=1)}]
)
def test_nobody_posts_where_it_is_closed(as_reader, story, fields):
    Story.objects.filter(pk=story.pk).update(**fields)
    answer = as_reader.post(
        f"/discussion/{story.pk}/post/", {"text": "Too late, but kept.", "idempotency_key": "key-1"}
    )
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "This discussion is closed" in page
    assert "Too late, but kept." in page
    assert not story.comments.exists()


def test_the_composer_that_htmx_asks_for_says_why_it_is_closed(as_reader, story):
    Story.objects.filter(pk=story.pk).update(mode="closed", closed_reason="legal")

    assert "closed for legal reasons" in as_reader.get(f"/discussion/{story.pk}/composer/").content.decode()
