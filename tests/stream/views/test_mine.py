"""My comments: each with what became of it and why; nobody else's."""

import pytest

from belowline.comments.actions.delete_comment import delete_comment


@pytest.fixture
def page(as_reader):
    def call(query=""):
        answer = as_reader.get(f"/me/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return call


def test_strangers_sign_in_first(stranger, site):
    answer = stranger.get("/me/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/me/")


def test_nothing_yet(page, site):
    assert "You have not written anything yet." in page()


def test_a_published_comment(page, published, story):
    shown = page()

    assert published.text_source in shown
    assert '<span class="badge published">Published</span>' in shown
    assert f'href="/discussion/{story.pk}/#c-{published.pk}"' in shown
    assert "Published by machine" in shown


def test_a_held_comment_with_its_passage(page, held):
    shown = page()

    assert '<span class="badge held">Waiting for a moderator</span>' in shown
    assert '<mark title="Words that we do not publish">wombat</mark>' in shown
    assert "“wombat” is not published here." in shown
    assert "Held by machine" in shown


def test_a_comment_that_a_person_rejected(page, held, decide):
    decide(held, "reject", rule="links")
    shown = page()

    assert '<span class="badge rejected">Not published</span>' in shown
    assert "For readers: Links." in shown
    assert "Decided by a person" in shown
    assert "Gazette Desk" not in shown


def test_a_deleted_comment_cannot_be_deleted_again(page, published, reader):
    assert f'action="/comments/{published.pk}/delete/"' in page()

    delete_comment(comment=published, by=reader)
    assert f'action="/comments/{published.pk}/delete/"' not in page()
    assert "Deleted by its author" in page()


@pytest.mark.parametrize("who", ["as_other_reader", "as_moderator"])
def test_nobody_elses(request, who, held, published):
    shown = request.getfixturevalue(who).get("/me/").content.decode()

    assert "You have not written anything yet." in shown
    assert held.text_source not in shown


def test_a_reply_says_to_whom(page, post, other_reader):
    parent = post("A quiet remark.", author=other_reader).comment
    post("An answer.", parent=parent)

    assert "A reply to Ken Stubbs" in page()


def test_pages_of_twenty(page, post):
    for number in range(23):
        post(f"Remark number {number} about the harbour bridge.")

    assert page().count('<article class="card">') == 20
    assert page("?page=2").count('<article class="card">') == 3
    assert "Remark number 22 " in page()
    assert 'href="?page=2"' in page()


@pytest.mark.parametrize("number", ["0", "-1", "x", "99", "", "9" * 5000])
def test_pages_that_are_not_there(page, published, number):
    assert published.text_source in page(f"?page={number}")


def test_the_frame_is_kept(page, published):
    assert "/delete/?embed=1" in page("?embed=1")


def test_what_was_written_is_text(page, post):
    post("<script>alert(1)</script> wombat")

    assert "<script>alert" not in page()


def test_few_queries_however_many_comments(as_reader, post, other_reader, django_assert_max_num_queries):
    parent = post("A quiet remark.", author=other_reader).comment
    for number in range(12):
        post(f"Answer number {number} about the bridge.", parent=parent)
        post(f"Wombat number {number}.")

    as_reader.get("/me/")
    with django_assert_max_num_queries(12):
        as_reader.get("/me/")


def test_it_is_for_reading(as_reader, site):
    assert as_reader.post("/me/").status_code == 405


class TestFilters:
    @pytest.fixture
    def some(self, written):
        for status, count in (("published", 2), ("held", 1), ("rejected", 1), ("deleted", 1)):
            for number in range(count):
                written(f"A remark that is {status}, number {number}.", status=status)

    @pytest.mark.parametrize(
        ("wanted", "count"),
        [("published", 2), ("waiting", 1), ("rejected", 1), ("deleted", 1), ("removed", 0), ("nonsense", 5), ("", 5)],
    )
    def test_by_status(self, page, some, wanted, count):
        shown = page(f"?status={wanted}")

        assert shown.count('<article class="card">') == count
        assert ("There is nothing here." in shown) is (count == 0)

    def test_each_with_its_count_and_none_that_would_be_empty(self, page, some):
        shown = page("?embed=1")

        assert 'href="?status=published&amp;embed=1">Published <span>2</span>' in shown
        assert "All <span>5</span>" in shown
        assert "Removed <span>" not in shown

    def test_none_where_there_is_nothing_to_choose(self, page, written):
        written()

        assert 'class="filters"' not in page()

    def test_pages_keep_it(self, page, written):
        for number in range(21):
            written(f"Remark {number}.")
        written(status="held")

        assert 'href="?status=published&amp;page=2"' in page("?status=published")


def test_replies_are_counted_and_linked(page, written, other_reader):
    own = written()
    for status in ("published", "published", "held", "removed"):
        written("An answer.", author=other_reader, parent=own, status=status)

    assert ">2 replies<" in page()
    written("Mine.")
    assert page().count('class="replies"') == 1
