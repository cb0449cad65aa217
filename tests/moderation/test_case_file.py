"""Who reported a comment and how often they were right, and where the same text stands elsewhere."""

import pytest

from belowline.comments.actions.delete_comment import delete_comment
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.case_file import is_near, near_copies, reports_of

LONG = (
    "The council promised us in spring that the harbour bridge would open again before the holidays, and now we read "
    "that the tolls will rise although nobody has driven across it for a year, which nobody explains to anybody."
)


def test_nobody_reported_it(published, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert reports_of(published) == []


def test_how_often_a_reporter_was_right(published, post, report, moderator, account):
    eager, new = account("Eager Reader"), account("New Reader")
    for number, is_right in enumerate((True, False, True)):
        other = post(f"Remark number {number} about tolls.").comment
        report(other, by=eager)
        decide_reports(comment=other, moderator=moderator, accept=is_right, rule="links")
    report(post("A remark that nobody has looked at.").comment, by=eager)
    report(published, by=eager)
    report(published, by=new)

    assert [(one.report.reporter, one.right, one.answered) for one in reports_of(published)] == [
        (eager, 2, 3),
        (new, 0, 0),
    ]


def test_this_very_comment_does_not_count(published, report, moderator, other_reader):
    report()
    decide_reports(comment=published, moderator=moderator, accept=False)

    assert [(one.right, one.answered) for one in reports_of(published)] == [(0, 0)]


@pytest.mark.parametrize(
    ("text", "is_copy"),
    [
        pytest.param(LONG, True, id="the same"),
        pytest.param(LONG.upper(), True, id="shouted"),
        pytest.param(LONG.replace("promised", "pr0mised"), True, id="disguised"),
        pytest.param(
            "The ferry to the island runs all winter, said the harbour master on Monday.", False, id="another"
        ),
    ],
)
def test_copies(post, other_reader, text, is_copy):
    first = post(LONG).comment
    second = post(text, author=other_reader).comment

    assert near_copies(second) == ([first] if is_copy else [])


def test_the_newest_first_and_few(post, account):
    comments = [post(LONG, author=account(f"Reader {number}")).comment for number in range(7)]

    assert near_copies(comments[0]) == comments[:1:-1]


def test_what_its_author_deleted_is_gone(post, reader, other_reader):
    first = post(LONG).comment
    second = post(LONG, author=other_reader).comment
    delete_comment(comment=first, by=reader)

    assert near_copies(second) == []


def test_a_text_without_words(post, other_reader):
    """It has no fingerprint: all of them would be near copies."""
    post("?!", author=other_reader)

    assert near_copies(post("...").comment) == []


@pytest.mark.parametrize(("one", "other", "near"), [(0, 0, True), (0, 0b111111, True), (0, 0b1111111, False)])
def test_near(one, other, near):
    assert is_near(one, other) is near
