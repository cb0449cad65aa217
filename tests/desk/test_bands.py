"""The page Bands: everything that waits by a rule's score, and what one click does to a band of it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from belowline.comments.models import Comment
from belowline.moderation.models import Batch, Decision, Tag
from belowline.moderation.queue_entries import QueueEntry

PAGE = "/desk/bands/"


@pytest.fixture
def waiting(post):
    """Six held comments whose score for `shouting` lies at 5, 25, 45, 65, 85 and 100 per cent."""
    made = [post(f"What a wombat of a bridge, says voice {number}.").comment for number in range(6)]
    for comment, value in zip(made, (0.05, 0.25, 0.45, 0.65, 0.85, 1.0), strict=True):
        QueueEntry.objects.filter(comment=comment).update(values={"shouting": value, "banned_word": 1.0})
    return made


@pytest.fixture
def page(as_moderator):
    def call(query="?rule=shouting&from=0&to=100"):
        answer = as_moderator.get(PAGE + query)
        assert answer.status_code == 200
        return answer.content.decode()

    return call


def fields(html):
    """What the form above the list would send, with every listed box as it stands."""
    form = re.search(r'<form method="post" action="/desk/bands/decide/".*?</form>', html, re.DOTALL)[0]
    said = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    said["pick"] = re.findall(r'name="pick" value="(\d+)" id="pick-\d+" checked', form)
    if re.search(r'name="unlisted" value="1" data-all checked', form):
        said["unlisted"] = "1"
    said["reject_rule"] = re.search(r'<select id="reject-rule".*?<option value="(\w+)"', form)[1]
    return said


@pytest.fixture
def press(as_moderator, page):
    """Open a band, change what is said, and press a button."""

    def call(act, query="?rule=shouting&from=0&to=100", **changes):
        said = {**fields(page(query)), "act": act, **changes}
        return as_moderator.post(PAGE + "decide/", said)

    return call


def statuses(comments):
    by_id = dict(Comment.objects.values_list("pk", "status"))
    return [by_id[comment.pk] for comment in comments]


# --- who comes in


@pytest.mark.parametrize("path", [PAGE, PAGE + "decide/"])
def test_strangers_sign_in_first(stranger, path):
    answer = stranger.get(path) if path == PAGE else stranger.post(path)

    assert (answer.status_code, answer["Location"].startswith("/accounts/login/")) == (302, True)


def test_readers_are_refused(as_reader, waiting):
    assert as_reader.get(PAGE).status_code == 403
    answer = as_reader.post(PAGE + "decide/", {"act": "publish", "seen": f"{waiting[0].pk}.1", "unlisted": "1"})
    assert answer.status_code == 403
    assert statuses(waiting) == ["held"] * 6


# --- what is shown


def test_nothing_waits(page, site):
    assert "Nothing waits. Well done." in page("")


def test_without_a_site(as_moderator, db):
    assert "Nothing waits" in as_moderator.get(PAGE).content.decode()


def test_the_rule_that_most_have_met_is_shown_from_its_threshold_on(page, waiting):
    html = page("")

    assert '<h2 id="band-title">Words that we do not publish</h2>' in html
    assert "<b>6</b> of 6, from 50 to 100 %" in html


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("?rule=shouting&from=60&to=90", [4, 3]),
        ("?rule=shouting&from=90&to=60", [4, 3]),
        ("?rule=shouting&from=60&to=90&order=low", [3, 4]),
        ("?rule=shouting&from=65&to=65", [3]),
        ("?rule=shouting&from=66&to=84", []),
        ("?rule=shouting&from=0&to=100&order=oldest", [0, 1, 2, 3, 4, 5]),
        ("?rule=shouting&from=0&to=100&order=newest", [5, 4, 3, 2, 1, 0]),
        ("?rule=shouting&from=x&to=-1", [5, 4, 3]),
        ("?rule=nonsense", [0, 1, 2, 3, 4, 5]),
    ],
    ids=[
        "within",
        "turned round",
        "lowest first",
        "one per cent",
        "empty",
        "oldest",
        "newest",
        "no numbers",
        "no rule",
    ],
)
def test_the_band_is_the_list(page, waiting, query, texts):
    found = [int(number) for number in re.findall(r"says voice (\d)", page(query))]

    assert found == texts


def test_what_could_not_be_checked_is_a_band_of_its_own(page, waiting):
    QueueEntry.objects.filter(comment=waiting[2]).update(values={"banned_word": 1.0})

    html = page("?rule=shouting&unchecked=1")
    assert re.findall(r"says voice (\d)", html) == ["2"]
    assert "<b>1</b> comment could not be checked" in html
    assert "says voice 2" not in page()


def test_the_threshold_is_drawn(page, waiting):
    html = page()

    assert '<line class="hold" x1="420.0"' in html
    assert "A person decides from 60\N{NO-BREAK SPACE}% on" in html


def test_only_what_waits_at_this_desk(page, waiting, decide, published):
    decide(waiting[0])

    html = page()
    assert "<b>5</b> of 5" in html
    assert "says voice 0" not in html


def test_another_site_has_its_own_policy(as_moderator, waiting, other_site):
    html = as_moderator.get(f"{PAGE}?site=courier").content.decode()

    assert '<option value="courier" selected>' in html
    assert "says voice" not in html


def test_a_section_of_the_site(as_moderator, waiting, post, site, make_story):
    sport = make_story(site, "match", section="sport", title="A match")
    post("What a wombat of a match.", story=sport)

    html = as_moderator.get(f"{PAGE}?section=sport").content.decode()
    assert "wombat</mark> of a match" in html
    assert "says voice" not in html


def test_what_a_colleague_looks_at_is_left_out(page, waiting, other_moderator):
    from datetime import timedelta

    from django.utils import timezone

    later = timezone.now() + timedelta(minutes=5)
    QueueEntry.objects.filter(comment=waiting[1]).update(claimed_by=other_moderator, claimed_until=later)
    html = page()

    assert "1 of them is before a colleague now and left out." in html
    assert "says voice 1" not in html
    assert len(fields(html)["seen"].split()) == 5


def test_comments_are_escaped_and_marked(page, post):
    post("A wombat <script>alert(1)</script>.")

    html = page("")
    assert "<mark title=" in html
    assert "<script>alert" not in html


# --- what is done


def test_publishing_the_band(press, waiting):
    answer = press("publish", "?rule=shouting&from=0&to=50")

    batch = Batch.objects.get()
    assert answer.status_code == 302
    assert urlsplit(answer["Location"]).path == PAGE
    assert parse_qs(urlsplit(answer["Location"]).query) == {
        "site": ["gazette"],
        "rule": ["shouting"],
        "to": ["50"],
        "from": ["0"],
        "order": ["high"],
        "done": [str(batch.pk)],
    }
    assert statuses(waiting) == ["published"] * 3 + ["held"] * 3
    assert (batch.done, batch.chosen) == (3, "Shouting, 0 to 50\N{NO-BREAK SPACE}%")


def test_rejecting_by_the_rule_that_is_looked_at(press, waiting):
    press("reject", "?rule=shouting&from=60&to=100")

    assert statuses(waiting) == ["held"] * 3 + ["rejected"] * 3
    assert {row.first_reason["rule"] for row in Decision.objects.filter(outcome="reject")} == {"shouting"}


def test_boxes_that_were_emptied_are_left_out(press, page, waiting):
    picks = [pk for pk in fields(page())["pick"] if pk != str(waiting[3].pk)]
    press("publish", pick=picks)

    assert statuses(waiting) == ["published"] * 3 + ["held"] + ["published"] * 2


def test_what_is_not_listed_goes_with_the_band_or_not(press, page, waiting, monkeypatch):
    from belowline.desk import band_query

    monkeypatch.setattr(band_query, "PAGE", 2)
    said = fields(page())
    assert (len(said["pick"]), len(said["seen"].split())) == (2, 6)

    press("tag", word="all of them")
    assert Tag.objects.count() == 6
    press("tag", word="these two", unlisted=[])
    assert Tag.objects.filter(word="these two").count() == 2


def test_what_came_into_the_band_since_is_not_decided_unseen(as_moderator, page, waiting, post):
    said = fields(page())
    late = post("What a wombat of a bridge, says a late voice.").comment
    QueueEntry.objects.filter(comment=late).update(values={"shouting": 0.5})
    as_moderator.post(PAGE + "decide/", {**said, "act": "publish"})

    assert statuses([*waiting, late]) == ["published"] * 6 + ["held"]


def test_what_somebody_else_decided_since_is_left_and_said(as_moderator, page, waiting, decide, other_moderator):
    said = fields(page())
    decide(waiting[0], "reject", rule="links", by=other_moderator)
    answer = as_moderator.post(PAGE + "decide/", {**said, "act": "publish"}, follow=True)

    assert statuses(waiting) == ["rejected"] + ["published"] * 5
    assert "1 was left: somebody had decided about it meanwhile." in answer.content.decode()


def test_escalating(press, waiting, admin):
    """The administrator is there to answer."""
    press("escalate", "?rule=shouting&from=60&to=100", staff_note="All of one hand?")

    batch = Batch.objects.get()
    assert (batch.act, batch.done) == ("escalate", 3)
    assert set(QueueEntry.objects.filter(comment__in=waiting[3:]).values_list("queue", flat=True)) == {"escalated"}
    assert statuses(waiting) == ["held"] * 6


def test_tagging_and_holding(press, waiting):
    press("tag", "?rule=shouting&from=0&to=50", word="Letters")
    assert sorted(Tag.objects.values_list("comment", flat=True)) == [comment.pk for comment in waiting[:3]]

    press("hold", "?rule=shouting&from=60&to=100")
    assert Decision.objects.filter(outcome="hold", maker="person").count() == 3
    assert statuses(waiting) == ["held"] * 6


@pytest.mark.parametrize(
    ("act", "changes", "words"),
    [
        ("tag", {"word": ""}, "Write a tag"),
        ("tag", {"word": "x" * 41}, "at most 40 characters"),
        ("reject", {"reject_rule": ""}, "Choose the rule"),
        ("reject", {"note_to_author": "x" * 2_001}, "at most 2,000 fit"),
        ("escalate", {"staff_note": " "}, "why shall others decide?"),
        ("publish", {"pick": [], "unlisted": []}, "No comment is chosen"),
        ("", {}, "Choose what to do"),
    ],
    ids=["no tag", "long tag", "no rule", "long note", "no reason", "nothing chosen", "no act"],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(press, waiting, act, changes, words):
    typed = {"word": "a tag", "note_to_author": "Dear reader"} | changes
    answer = press(
        act, pick=changes.get("pick", [str(waiting[0].pk)]), **{k: v for k, v in typed.items() if k != "pick"}
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert typed["word"] in html
    assert typed["note_to_author"] in html
    assert not Batch.objects.exists()
    assert f'value="{waiting[1].pk}" id="pick-{waiting[1].pk}" aria' in html  # its box is still empty


def test_listing_more_keeps_the_boxes(press, page, waiting, monkeypatch):
    from belowline.desk import band_query, bands

    monkeypatch.setattr(band_query, "PAGE", 2)
    monkeypatch.setattr(bands, "PAGE", 2)
    first, second = fields(page())["pick"]
    html = press("", more="1", pick=[second]).content.decode()

    assert len(re.findall('name="pick"', html)) == 4
    assert f'id="pick-{first}" aria' in html
    assert f'id="pick-{second}" checked' in html


@pytest.mark.parametrize("seen", ["", "x.y 1.z", "999999999.1"])
def test_a_form_that_says_nothing_real(press, waiting, seen):
    assert press("publish", seen=seen, pick=[]).status_code == 422
    assert statuses(waiting) == ["held"] * 6


# --- the way back


def test_the_toast_takes_it_back(press, as_moderator, waiting):
    html = as_moderator.get(press("reject")["Location"]).content.decode()

    assert "<strong>Rejected 6 comments.</strong> Shouting." in html
    batch = Batch.objects.get()
    form = re.search(rf'action="/desk/history/batches/{batch.pk}/undo/".*?name="back" value="([^"]*)"', html, re.DOTALL)
    back = form[1].replace("&amp;", "&")
    answer = as_moderator.post(f"/desk/history/batches/{batch.pk}/undo/", {"back": back}, follow=True)
    assert answer.redirect_chain == [(back, 302)]
    assert "Taken back: 6 of 6." in answer.content.decode()
    assert statuses(waiting) == ["held"] * 6
    assert "data-toast" not in as_moderator.get(f"{PAGE}?done={batch.pk}").content.decode()


def test_a_colleague_sees_no_toast_of_it(press, as_other_moderator, waiting):
    address = press("publish")["Location"]

    assert "data-toast" not in as_other_moderator.get(address).content.decode()


@pytest.mark.parametrize("done", ["", "0", "x", "999"])
def test_no_toast_of_nothing(page, waiting, done):
    assert "data-toast" not in page(f"?done={done}")


def test_a_drawing_is_one_in_every_language(as_moderator, waiting):
    html = as_moderator.get(PAGE + "?rule=shouting", headers={"Accept-Language": "de"}).content.decode()

    assert '<line class="hold" x1="420.0"' in html
    assert 'x1="60.0" x2="60.0"' in html


def test_the_card_shows_the_tags(press, as_moderator, waiting):
    press("tag", word="Letters page")

    html = as_moderator.get(f"/desk/comments/{waiting[0].pk}/").content.decode()
    assert '<span class="visually-hidden">Tag: </span>letters page</span>' in html
