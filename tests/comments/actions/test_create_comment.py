"""Writing a comment down: what is kept of it, where it stands, and everything that can forbid it."""

import pytest

from belowline.comments.actions.create_comment import check_posting, create_comment
from belowline.comments.errors import PostingError
from belowline.comments.models import Comment


@pytest.fixture
def create(story, reader):
    def call(text="Hello *there*", *, parent=None, key="k"):
        return create_comment(story=story, author=reader, text_source=text, parent=parent, idempotency_key=key)

    return call


@pytest.fixture
def check(story, reader):
    def call(**changes):
        fields = {"story": story, "author": reader, "text_source": "Hello", "parent": None, "idempotency_key": "k"}
        check_posting(**(fields | changes))

    return call


def code_of(call, **changes):
    with pytest.raises(PostingError) as caught:
        call(**changes)
    assert caught.value.message
    return caught.value.code


def test_what_is_kept(create):
    kept = Comment.objects.get(pk=create().pk)

    assert kept.status == Comment.Status.PENDING
    assert kept.text_source == "Hello *there*"
    assert kept.body_html == "<p>Hello <em>there</em></p>\n"
    assert kept.revisions.get().text_source == "Hello *there*"
    assert (kept.parent, kept.root, kept.depth) == (None, None, 0)


def test_near_copies_share_a_key_or_a_band(create):
    text = (
        "The harbour bridge should have been closed for repairs many years ago. My father worked on the first cables, "
        "and he said in 1987 that salt water gets into everything it touches. Nobody in the town hall listened then, "
        "nobody "
        "listens now, and in the end we shall pay for ferries, for engineers, for lawyers and for a bridge that our "
        "grandchildren may one day be allowed to cross."
    )
    first = create(text, key="1")
    same = create(text.upper(), key="2")
    near = create(text + " Shame!", key="3")
    other = create("A goose has stopped the tram on the quay for a whole hour this morning, again", key="4")

    def bands(comment):
        return {(index, getattr(comment, f"band_{index}")) for index in range(4)}

    assert first.text_key == same.text_key != other.text_key
    assert bands(first) & bands(near)
    assert not bands(first) & bands(other)


def test_replies_know_their_place(create):
    first = create(key="0")
    second = create(parent=first, key="1")
    third = create(parent=second, key="2")

    assert (second.root, second.depth) == (first, 1)
    assert (third.root, third.parent, third.depth) == (first, second, 2)


def test_replies_stand_beside_each_other_from_the_fifth_level_on(create, settings):
    comment = create(key="0")
    depths = []
    for number in range(1, 8):
        comment = create(parent=comment, key=str(number))
        depths.append(comment.depth)

    assert depths == [1, 2, 3, 4, 4, 4, 4]
    assert settings.REPLY_DEPTH_MAX == 4


def test_nothing_forbids_an_ordinary_post(check, published):
    check()
    check(parent=published)
    check(text_source="x" * 3000)
    check(idempotency_key="k" * 64)


def test_a_closed_account(check, reader):
    reader.is_active = False

    assert code_of(check) == "account_not_active"


def test_an_address_that_was_not_confirmed(check, account):
    assert code_of(check, author=account("Zoë Pascoe", verified=False)) == "email_not_verified"


def test_an_account_without_any_address(check):
    from belowline.accounts.models import User

    bare = User.objects.create_user("bare@reader.example", display_name="Bare")
    assert code_of(check, author=bare) == "email_not_verified"


@pytest.mark.parametrize("requires", [True, False])
def test_a_site_may_take_comments_from_unconfirmed_addresses(check, story, account, requires):
    story.site.requires_verified_email = requires
    unconfirmed = account("Zoë Pascoe", verified=False)

    if requires:
        assert code_of(check, author=unconfirmed) == "email_not_verified"
    else:
        check(author=unconfirmed)


def test_a_closed_discussion(check, story):
    story.is_open = False

    assert code_of(check) == "discussion_closed"


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u2003", "\u200b", "\u00ad\u200d", "\u3164", "\u2800 \u2800"])
def test_nothing_to_see(check, text):
    assert code_of(check, text_source=text) == "empty_comment_body"


@pytest.mark.parametrize(
    ("characters", "sentence"), [(3001, "3,001 characters; at most 3,000"), (20_000, "20,000 characters")]
)
def test_too_long(check, characters, sentence):
    with pytest.raises(PostingError, match=sentence) as caught:
        check(text_source="x" * characters)
    assert caught.value.code == "comment_too_long"


def test_letters_count_not_bytes(check):
    check(text_source="字" * 3000)
    assert code_of(check, text_source="字" * 3001) == "comment_too_long"


def test_the_limit_is_the_newsrooms(check, settings):
    settings.COMMENT_MAX_CHARACTERS = 100

    assert code_of(check, text_source="x" * 101) == "comment_too_long"


@pytest.mark.parametrize("status", [status for status in Comment.Status if status != Comment.Status.PUBLISHED])
def test_a_parent_that_readers_do_not_see(check, published, status):
    published.status = status

    assert code_of(check, parent=published) == "parent_not_available"


def test_a_parent_under_another_story(check, post, other_story):
    elsewhere = post(story=other_story).comment

    assert code_of(check, parent=elsewhere) == "parent_not_available"


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_a_key_that_cannot_be_kept(check, key):
    assert code_of(check, idempotency_key=key) == "invalid_key"
