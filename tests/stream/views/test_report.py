"""The form for reports, and what became of one: readers, strangers, authors; nothing that was typed is lost."""

import pytest
from django.db import OperationalError

from belowline.comments.models import Comment
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.actions.mute_reporter import mute_reporter
from belowline.moderation.models import Report
from belowline.stream.views import report as module


@pytest.fixture
def path(published):
    return f"/comments/{published.pk}/report/"


def test_the_form_shows_the_comment_and_the_nine_reasons(as_other_reader, path, published):
    page = as_other_reader.get(path).content.decode()

    assert published.body_html in page
    assert page.count('type="radio" name="category"') == 9
    assert "Offensive or threatening language" in page
    assert f'href="/comments/{published.pk}/notice/"' in page


def test_a_report_is_received_and_its_page_says_so(as_other_reader, path):
    answer = as_other_reader.post(path, {"category": "abuse", "text": "The last\r\nline.\x00"})

    assert (answer.status_code, answer["Location"]) == (302, path)
    made = Report.objects.get()
    assert (made.category, made.text_source) == ("abuse", "The last\nline.")
    page = as_other_reader.get(path).content.decode()
    assert "we have your report" in page
    assert "Personal abuse" in page
    assert 'type="radio"' not in page


@pytest.mark.parametrize(("accept", "said"), [(True, "The comment was removed"), (False, "The comment stays")])
def test_the_outcome_is_told_there(as_other_reader, report, moderator, accept, said):
    published = report().comment
    decide_reports(comment=published, moderator=moderator, accept=accept, rule="links" if accept else "")

    page = as_other_reader.get(f"/comments/{published.pk}/report/").content.decode()
    assert said in page
    assert (published.body_html in page) is not accept, "what was removed is not shown again"


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"text": "My words"}, "Choose what is wrong"), ({"category": "spam", "text": "w" * 1_001}, "1,001 characters")],
    ids=["no reason", "too long"],
)
def test_an_error_keeps_what_was_typed(as_other_reader, path, fields, said):
    answer = as_other_reader.post(path, fields)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert fields["text"] in page
    assert not Report.objects.exists()


def test_when_it_cannot_be_saved_the_words_stay(as_other_reader, path, monkeypatch, caplog):
    def full(**_):
        raise OperationalError("disk full: My words")

    monkeypatch.setattr(module, "report_comment", full)
    answer = as_other_reader.post(path, {"category": "spam", "text": "My words"})

    assert answer.status_code == 503
    assert "My words" in answer.content.decode()
    assert "OperationalError" in caplog.text
    assert "My words" not in caplog.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_invited_and_told_of_the_form_that_needs_no_account(stranger, path, published, method):
    answer = getattr(stranger, method)(path, {"category": "spam", "text": "My words"} if method == "post" else {})

    page = answer.content.decode()
    assert answer.status_code == (200 if method == "get" else 401)
    assert f"/accounts/login/?next={path}" in page
    assert f'href="/comments/{published.pk}/notice/"' in page
    assert ("My words" in page) is (method == "post")
    assert not Report.objects.exists()


def test_ones_own_comment(as_reader, path):
    assert "This is your own comment" in as_reader.get(path).content.decode()
    assert as_reader.post(path, {"category": "spam"}).status_code == 422
    assert not Report.objects.exists()


def test_it_went_while_somebody_wrote(as_other_reader, path):
    Comment.objects.update(status="removed")
    answer = as_other_reader.post(path, {"category": "spam", "text": "My words"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "not published any more" in page
    assert "Your report was not received." in page
    assert "My words" in page


def test_what_was_never_public_is_not_there(as_other_reader, held):
    assert as_other_reader.get(f"/comments/{held.pk}/report/").status_code == 404


@pytest.mark.parametrize("number", ["0", "9" * 40])
def test_there_is_no_such_comment(as_other_reader, site, number):
    assert as_other_reader.get(f"/comments/{number}/report/").status_code == 404


def test_in_the_frame_the_ways_stay_in_it(as_other_reader, path, published):
    page = as_other_reader.get(f"{path}?embed=1").content.decode()

    assert f'action="{path}?embed=1"' in page
    assert f'href="/comments/{published.pk}/notice/?embed=1"' in page
    assert as_other_reader.post(f"{path}?embed=1", {"category": "spam"})["Location"] == f"{path}?embed=1"


def test_a_form_of_another_page_is_refused(sign_in, other_reader, path):
    client = sign_in(other_reader, enforce_csrf_checks=True)

    assert client.post(path, {"category": "spam"}).status_code == 403


def test_whoever_is_muted_reads_why_and_finds_the_form_for_what_is_illegal(as_other_reader, report, post, senior):
    mute_reporter(report=report(), moderator=senior, days=30, reason="Everything by one author.")
    other = post("Another remark on the bridge.").comment
    path = f"/comments/{other.pk}/report/"
    page = as_other_reader.get(path).content.decode()

    assert "“Everything by one author.”" in page
    assert 'type="radio"' not in page
    assert f'href="/comments/{other.pk}/notice/"' in page
    answer = as_other_reader.post(path, {"category": "spam", "text": "My words"})
    assert answer.status_code == 422
    assert "My words" in answer.content.decode()
    assert not Report.objects.filter(comment=other).exists()


def test_what_is_hidden_meanwhile_is_not_shown(as_other_reader, report, reporter, published, path):
    report()
    for _ in range(3):
        report(by=reporter(right=5))
    page = as_other_reader.get(path).content.decode()

    assert "we have your report" in page
    assert published.body_html not in page
