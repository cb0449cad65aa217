"""The desk's page of reports: what waits, with all that was said of it; keep, remove, undo; for moderators alone."""

import pytest

from belowline.comments.models import Comment
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.models import Report

QUIET = "A quiet remark about the harbour bridge and its tolls."


@pytest.fixture
def page(as_moderator):
    def call(query=""):
        answer = as_moderator.get(f"/desk/reports/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return call


@pytest.fixture
def settle(as_moderator, published):
    def call(outcome="remove", client=as_moderator, comment=published, **fields):
        return client.post(f"/desk/reports/{comment.pk}/decide/", {"outcome": outcome, "rule": "links"} | fields)

    return call


def state():
    return Report.objects.values_list("state", "comment__status").get()


@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("as_reader", 403)])
def test_moderators_alone(request, settle, who, status):
    published = request.getfixturevalue("report")().comment
    client = request.getfixturevalue(who)

    assert client.get("/desk/reports/").status_code == status
    assert settle(client=client).status_code == status
    assert client.post(f"/desk/reports/{published.pk}/reopen/").status_code == status
    assert state() == ("open", "published")


def test_looking_decides_nothing(as_moderator, report, published):
    report()

    assert as_moderator.get(f"/desk/reports/{published.pk}/decide/").status_code == 405
    assert as_moderator.get(f"/desk/reports/{published.pk}/reopen/").status_code == 405
    assert state() == ("open", "published")


def test_nothing_waits(page, site):
    assert "No report waits." in page()


def test_all_that_readers_said(page, report, admin, story, published):
    report(category="trolling", text="He baits <b>everybody</b>.")
    report(by=admin, category="off_topic", text="")
    shown = page()

    assert 'Reported <span class="count">1</span>' in shown
    assert "2 reports" in shown
    for words in ("Trolling", "Off topic", "He baits &lt;b&gt;everybody&lt;/b&gt;.", "Ken Stubbs", QUIET):
        assert words in shown
    assert f'href="/discussion/{story.pk}/#c-{published.pk}"' in shown
    assert "1 published, 0 refused" in shown


def test_one_that_is_only_off_topic_says_so(page, report):
    report(category="off_topic")

    assert "1 report, as off topic only" in page()


def test_the_comment_asked_for(page, report, post):
    other = post("Another remark on the bridge.").comment
    report()
    report(other)

    assert f'action="/desk/reports/{other.pk}/decide/"' in page(f"?comment={other.pk}")
    assert "/decide/" in page("?comment=" + "9" * 30)


def test_removing(settle, as_moderator, report, page):
    report()
    answer = settle()

    assert answer["Location"] == "/desk/reports/"
    assert state() == ("accepted", "removed")
    shown = page()
    assert "Removed: the comment by Marjorie Tench." in shown
    assert "Removed (Links)" in shown


def test_keeping_and_taking_it_back(settle, as_moderator, report, page, published):
    report()
    settle("keep", rule="")
    assert state() == ("declined", "published")
    assert f'action="/desk/reports/{published.pk}/reopen/"' in page()

    as_moderator.post(f"/desk/reports/{published.pk}/reopen/")
    assert state() == ("open", "published")
    assert "Taken back: the reports wait again." in page()
    as_moderator.post(f"/desk/reports/{published.pk}/reopen/")
    assert "nothing here that could be taken back" in page()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rule": ""}, "Choose the rule"),
        ({"outcome": "perhaps"}, "Choose to keep"),
        ({"note_to_author": "n" * 2_001}, "2,001 characters"),
        ({"last_seen": "999999"}, "has changed since you saw it"),
    ],
    ids=["no rule", "no outcome", "long note", "changed"],
)
def test_what_is_missing_comes_back_with_what_was_typed(settle, report, fields, said):
    report()
    fields = {"note_to_author": "Mind the link."} | fields
    answer = settle(**fields)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown
    assert fields["note_to_author"] in shown
    assert state() == ("open", "published")


def test_somebody_was_faster(settle, report, as_other_moderator, page):
    report()
    settle("keep", client=as_other_moderator)
    answer = settle()

    assert answer["Location"] == "/desk/reports/"
    assert "Somebody has answered these reports meanwhile." in page()
    assert state() == ("declined", "published")


def test_it_went_meanwhile(settle, report, page):
    report()
    Comment.objects.update(status="deleted")
    settle()

    assert "or" not in state()[0]
    assert "Nothing was changed." in page()


def test_there_is_no_such_comment(as_moderator):
    assert as_moderator.post("/desk/reports/999/decide/", {"outcome": "keep"}).status_code == 404
    assert as_moderator.post("/desk/reports/999/reopen/").status_code == 404


def test_what_was_answered_before_is_said(page, settle, report, admin, published):
    report()
    settle("keep")
    report(by=admin)

    assert "1 report of this comment was answered before: it stayed." in page(f"?comment={published.pk}")


def test_what_was_kept_and_weighs_too_little_is_listed_and_can_be_answered(page, settle, report, admin, published):
    report()
    settle("keep")
    report(by=admin)
    shown = page()

    assert "No report waits." in shown
    assert "Not at the desk yet" in shown
    assert "1 report, weight 0.2 of 1.0 · kept once" in shown
    assert "so it comes back from 1.0 on" in page(f"?comment={published.pk}")
    settle()
    assert Report.objects.filter(state="accepted").count() == 1
    assert "Not at the desk yet" not in page()


def test_what_is_missing_there_comes_back_too(settle, report, admin):
    report()
    settle("keep")
    report(by=admin)
    answer = settle(rule="", note_to_author="Mind the link.")

    assert answer.status_code == 422
    assert "Mind the link." in answer.content.decode()


def test_reporters_are_shown_with_their_records(page, report, reporter, admin):
    report(by=reporter(right=9, wrong=1))
    report(by=reporter(wrong=6))
    report(by=reporter(right=2))
    report(by=admin)
    shown = page()

    for words in ("right 9 of 10", "right 0 of 6", "right 2 of 2", "no record yet", "fewer than 5 answered"):
        assert words in shown
    assert shown.index("right 9 of 10") < shown.index("right 2 of 2") < shown.index("right 0 of 6"), (
        "the heaviest first"
    )
    assert "of it by 1 reporter with a good record" in shown


def test_a_hidden_one_says_so_and_is_published_again(page, settle, report, reporter, published):
    for _ in range(3):
        report(by=reporter(right=5))
    shown = page()
    assert "<strong>Hidden</strong> since" in shown
    assert "Publish it again" in shown

    settle("keep", rule="")
    assert Comment.objects.get(pk=published.pk).status == "published"
    assert "No report waits." in page()


def test_without_a_weight_for_what_is_off_topic_only(page, report):
    report(category="off_topic")

    assert "these reports weigh nothing, and count against nobody" in page()


def test_moderators_see_what_an_edited_comment_was_before(page, report, published, reader):
    report()
    edit_comment(comment=published, author=reader, text_source="Another remark on the bridge.")
    shown = page()

    assert "1 earlier version" in shown
    assert "Another remark on the bridge." in shown
    assert QUIET in shown
    assert "before the edit" in shown
