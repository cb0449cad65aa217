"""The form for notices of illegal content, and the page behind its receipt: open to everybody, in a frame as well."""

import re

import pytest
from django.test import Client

from belowline.moderation.actions.decide_notice import decide_notice
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.models import Notice
from belowline.stories.models import Story

FIELDS = {
    "category": "ILLEGAL_OR_HARMFUL_SPEECH",
    "explanation": "The second sentence says that my firm took bribes.\r\nThat is false.",
    "legal_ground": "section 186",
    "name": "Ada Birch",
    "email": "ada@notifier.example",
    "in_good_faith": "yes",
}


@pytest.fixture
def send(published, stranger):
    def call(comment=published, query="", headers=None, client=stranger, address="192.0.2.6", **changes):
        fields = {name: value for name, value in (FIELDS | changes).items() if value is not None}
        place = f"/comments/{comment.pk}/notice/{query}"
        return client.post(place, fields, headers=headers or {}, REMOTE_ADDR=address)

    return call


@pytest.fixture
def show(stranger):
    def call(address, status=200):
        answer = stranger.get(address)
        assert answer.status_code == status
        return answer.content.decode()

    return call


@pytest.fixture
def settle(moderator):
    def call(accept):
        return decide_notice(
            notice=Notice.objects.get(), moderator=moderator, accept=accept, reason="So <b>it</b> is.", rule="links"
        )

    return call


# --- the way there


def test_every_published_comment_leads_to_the_form(show, story, post, published):
    other = post("Another quiet remark.", parent=published).comment
    page = show(f"/discussion/{story.pk}/")

    for comment in (published, other):
        assert f'href="/comments/{comment.pk}/more/"' in page
        assert f'href="/comments/{comment.pk}/notice/"' in show(f"/comments/{comment.pk}/more/")


def test_also_where_the_discussion_is_closed(show, story, published):
    Story.objects.update(is_open=False, thread_version=9)
    page = show(f"/discussion/{story.pk}/")

    assert f'href="/comments/{published.pk}/more/"' in page
    assert f'href="/comments/{published.pk}/notice/"' in show(f"/comments/{published.pk}/more/")
    assert ">Reply<" not in page


def test_not_from_a_line_that_stands_for_a_removed_one(show, story, post, published, moderator):
    post("A reply that stays.", parent=published)
    remove_comment(comment=published, moderator=moderator, rule="links")

    assert f'href="/comments/{published.pk}/notice/"' not in show(f"/discussion/{story.pk}/")


# --- the form


@pytest.mark.parametrize("who", ["stranger", "as_reader", "as_moderator"])
def test_everybody_sees_it(request, published, who):
    answer = request.getfixturevalue(who).get(f"/comments/{published.pk}/notice/")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "A quiet remark about the harbour bridge and its tolls." in page
    for label in (
        "What is it?",
        "Why is it illegal?",
        "Which law",
        "Your name",
        "Your e-mail address",
        "in good faith",
    ):
        assert label in page
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/comments/999999/notice/", "/notices/nothing-like-that/"])
def test_what_is_not_there(site, show, path):
    show(path, 404)


@pytest.mark.parametrize("text", ["What a wombat of a bridge.", "Rejected"])
def test_what_was_never_published_is_not_shown(show, post, decide, send, text):
    comment = post("What a wombat of a bridge.").comment
    if text == "Rejected":
        decide(comment, "reject", rule="links")

    assert "wombat" not in show(f"/comments/{comment.pk}/notice/", 404)
    assert send(comment=comment).status_code == 404


def test_what_is_gone_is_not_shown_either(show, published, moderator, send):
    remove_comment(comment=published, moderator=moderator, rule="links")
    page = show(f"/comments/{published.pk}/notice/", 410)

    assert "tolls" not in page
    assert "not published any more" in page
    assert "<form" not in page.partition("<main")[2]
    answer = send()
    assert answer.status_code == 422
    assert "took bribes" in answer.content.decode()


def test_what_the_author_wrote_is_text(show, published):
    type(published).objects.update(text_source="<script>alert(1)</script>")

    assert "<script>alert" not in show(f"/comments/{published.pk}/notice/")


# --- sending it


def test_a_stranger_sends_one(send, show, published):
    answer = send()
    notice = Notice.objects.get()

    assert (answer.status_code, answer["Location"]) == (302, f"/notices/{notice.receipt}/")
    assert notice.explanation_source == "The second sentence says that my firm took bribes.\nThat is false."
    page = show(answer["Location"])
    assert notice.receipt in page
    assert "Received" in page
    assert "took bribes" in page
    assert "ada@notifier.example" not in page
    assert "Ada Birch" not in page


def test_what_is_missing_comes_back_with_all_that_was_typed(send):
    answer = send(name="", email="ada@", in_good_faith=None)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "took bribes.\nThat is false.</textarea>" in page
    assert 'value="section 186"' in page
    assert 'value="ada@"' in page
    assert '<option value="ILLEGAL_OR_HARMFUL_SPEECH" selected>' in page
    for field in ("name", "email", "in_good_faith"):
        assert f'id="{field}-error"' in page
        assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', page)
        assert re.search(rf'id="{field}"[^>]*aria-describedby="[^"]*{field}-error', page)
    assert 'role="alert"' in page
    assert not Notice.objects.exists()


def test_a_ticked_box_stays_ticked(send):
    assert re.search(r'id="in_good_faith"[^>]* checked', send(name="").content.decode())


@pytest.mark.parametrize("field", ["explanation", "legal_ground", "name", "email"])
def test_what_was_typed_is_text(send, field):
    page = send(**{field: '"><script>alert(1)</script>', "in_good_faith": None}).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_no_name_for_the_abuse_of_children(send, show):
    answer = send(category="CHILD_SEXUAL_ABUSE", name="", email="")

    assert answer.status_code == 302
    assert "You gave no e-mail address" in show(answer["Location"])


def test_a_byte_that_no_database_takes(send):
    assert send(explanation="The second\x00 sentence is a false claim.").status_code == 302
    assert "\x00" not in Notice.objects.get().explanation_source


def test_twice_is_once(send):
    assert send()["Location"] == send()["Location"]
    assert Notice.objects.count() == 1


def test_a_form_without_its_token_is_refused(send):
    assert send(client=Client(enforce_csrf_checks=True)).status_code == 403


def test_in_a_frame_it_stays_in_the_frame(send, stranger, published):
    answer = send(query="?embed=1")

    assert answer["Location"].endswith("/?embed=1")
    assert "embed=1" in stranger.get(f"/comments/{published.pk}/notice/?embed=1").content.decode()


# --- not too often


def test_three_about_one_comment_in_an_hour(send, post):
    for number in range(3):
        assert send(explanation=f"This sentence number {number} is a threat.").status_code == 302
    answer = send(explanation="And so is this sentence here.")
    page = answer.content.decode()

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 1200, "one of three an hour"
    assert "was not received" in page
    assert "And so is this sentence here.</textarea>" in page
    assert Notice.objects.count() == 3
    assert send(comment=post("Another quiet remark.").comment).status_code == 302


def test_ten_in_all_in_an_hour(send, post):
    comments = [post(f"Quiet remark number {number}.").comment for number in range(11)]

    assert [send(comment=comment).status_code for comment in comments] == [302] * 10 + [429]


def test_another_address_may(send, published):
    for number in range(3):
        send(explanation=f"This sentence number {number} is a threat.")

    assert send(address="192.0.2.7", explanation="A fourth sentence is a threat.").status_code == 302


def test_mistakes_are_not_counted(send):
    for _ in range(5):
        assert send(name="").status_code == 422

    assert send().status_code == 302


# --- what became of it


def test_accepted(send, show, settle, story, published):
    address = send()["Location"]
    settle(accept=True)
    page = show(address)

    assert "Accepted" in page
    assert "The comment was removed." in page
    assert "So &lt;b&gt;it&lt;/b&gt; is." in page
    assert "No automated means were used" in page
    assert "editor@gazette.example" in page
    assert "out-of-court" in page
    assert f"#c-{published.pk}" not in page
    assert "A moderator removed" not in page


def test_declined(send, show, settle, published):
    address = send()["Location"]
    settle(accept=False)
    page = show(address)

    assert "Declined" in page
    assert "The comment stays." in page
    assert f"#c-{published.pk}" in page


def test_taken_back_it_is_received_again(send, show, settle, moderator):
    address = send()["Location"]
    undo_decision(decision=settle(accept=True).result, moderator=moderator)
    page = show(address)

    assert "Received" in page
    assert "Accepted" not in page


def test_the_page_is_found_by_its_code_alone(send, stranger):
    answer = stranger.get(send()["Location"])

    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    assert stranger.get(f"/notices/{Notice.objects.get().pk}/").status_code == 404


def test_reading_it_changes_nothing(send, stranger):
    assert stranger.post(send()["Location"]).status_code == 405
