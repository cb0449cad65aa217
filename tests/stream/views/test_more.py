"""What one may do with a comment: by who asks, as a page and as a part of one."""

import pytest

from belowline.comments.models import Comment


@pytest.fixture
def shown(published):
    """Ask for the list as somebody."""

    def call(client, *, part=False, query=""):
        headers = {"HTTP_HX_REQUEST": "true"} if part else {}
        answer = client.get(f"/comments/{published.pk}/more/{query}", **headers)
        assert answer.status_code == 200
        return answer.content.decode()

    return call


@pytest.mark.parametrize("who", ["stranger", "as_reader", "as_other_reader", "as_moderator"])
def test_everybody_gets_a_page_with_the_comment_and_its_link(shown, request, who, published, story):
    page = shown(request.getfixturevalue(who))

    assert "<h1>What you can do with this comment</h1>" in page
    assert published.body_html in page
    assert 'href="http://testserver/' in page
    assert f'href="/discussion/{story.pk}/#c-{published.pk}"' in page


def test_htmx_gets_the_list_alone(shown, stranger):
    part = shown(stranger, part=True)

    assert "<h1>" not in part
    assert "<html" not in part
    assert "Link to this comment" in part


@pytest.mark.parametrize("who", ["stranger", "as_other_reader", "as_moderator"])
def test_others_may_give_notice(shown, request, who, published):
    page = shown(request.getfixturevalue(who), part=True)

    assert f'href="/comments/{published.pk}/notice/"' in page
    assert "/delete/" not in page


def test_the_author_may_delete_and_reports_nobody(shown, as_reader, published):
    page = shown(as_reader, part=True)

    assert f"/comments/{published.pk}/delete/" in page
    assert "/notice/" not in page


def test_in_a_frame_the_ways_stay_in_it(shown, as_reader, published):
    assert f"/comments/{published.pk}/delete/?embed=1" in shown(as_reader, query="?embed=1")


@pytest.mark.parametrize("status", ["held", "rejected", "removed", "deleted"])
def test_what_nobody_can_read_is_not_there(stranger, as_reader, published, status):
    Comment.objects.filter(pk=published.pk).update(status=status)

    assert stranger.get(f"/comments/{published.pk}/more/").status_code == 404
    assert as_reader.get(f"/comments/{published.pk}/more/").status_code == 404


@pytest.mark.parametrize("number", ["0", "9" * 40])
def test_there_is_no_such_comment(stranger, site, number):
    assert stranger.get(f"/comments/{number}/more/").status_code == 404


def test_it_is_kept_by_nobody(stranger, published):
    assert "no-store" in stranger.get(f"/comments/{published.pk}/more/")["Cache-Control"]
