"""An author tells, by one tap or in a sentence, how a comment that is held as off topic belongs here."""

import pytest

from belowline.comments.models import Comment


@pytest.fixture
def explain(as_reader):
    def call(comment, client=as_reader, query="", **fields):
        return client.post(f"/comments/{comment.pk}/explain/{query}", fields)

    return call


def kept(comment):
    return Comment.objects.values_list("relation_source", flat=True).get(pk=comment.pk)


def test_the_outcome_says_why_and_asks(as_reader, off_topic):
    page = as_reader.get(f"/discussion/{off_topic.story_id}/?posted={off_topic.pk}").content.decode()

    assert "This seems to be about something else than “Ferry to Ravel Island will run all winter”." in page
    assert "How does it belong here?" in page
    assert "It is about this part: <q>was being repaired and no other boat could be hired.</q>" in page
    assert "It is my own experience with this" in page
    assert "It answers the comment above" not in page


def test_a_reply_may_answer_the_comment_above(as_reader, ferry, post, request):
    above = post("The ferry is late.", story=ferry).comment
    off_topic = request.getfixturevalue("off_topic")
    Comment.objects.filter(pk=off_topic.pk).update(parent=above, root=above)
    page = as_reader.get("/me/").content.decode()

    assert "It answers the comment above" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"relation": "passage"}, "It is about this part: “was being repaired and no other boat could be hired.”"),
        ({"relation": "parent"}, "It answers the comment above."),
        ({"relation": "experience"}, "It is my own experience with this."),
        ({"text": " The harbour office sells them.\r\nReally. "}, "The harbour office sells them.\nReally."),
        ({"relation": "words", "text": "a\x00b"}, "ab"),
    ],
    ids=["passage", "parent", "experience", "own words", "null"],
)
def test_one_tap_or_a_sentence(explain, as_reader, off_topic, fields, words):
    answer = explain(off_topic, **fields)

    assert (answer.status_code, kept(off_topic)) == (302, words)
    page = as_reader.get("/me/").content.decode()
    assert "What you told the moderator" in page
    assert "Say it otherwise" in page
    assert "Thank you. The moderator reads this beside your comment." in page


@pytest.mark.parametrize(
    ("back", "query", "place"),
    [
        ("thread", "", "/discussion/{story}/?posted={pk}#outcome"),
        ("thread", "?embed=1", "/discussion/{story}/?posted={pk}&embed=1#outcome"),
        ("mine", "", "/me/#relation-of-{pk}"),
        ("mine", "?embed=1", "/me/?embed=1#relation-of-{pk}"),
        ("https://evil.example/", "", "/me/#relation-of-{pk}"),
    ],
)
def test_back_to_where_it_was_said(explain, off_topic, back, query, place):
    answer = explain(off_topic, query=query, relation="experience", back=back)

    assert answer["Location"] == place.format(story=off_topic.story_id, pk=off_topic.pk)


@pytest.mark.parametrize(("text", "words"), [("", "a few words first"), ("x" * 501, "at most 500 fit here")])
def test_words_that_are_no_good(explain, as_reader, off_topic, text, words):
    explain(off_topic, text=text)

    assert kept(off_topic) == ""
    assert words in as_reader.get("/me/").content.decode()


def test_what_is_decided_meanwhile(explain, as_reader, off_topic, decide):
    decide(off_topic)
    explain(off_topic, relation="experience")

    assert kept(off_topic) == ""
    assert "does not wait for its topic any more" in as_reader.get("/me/").content.decode()


@pytest.mark.parametrize("who", ["as_other_reader", "as_moderator"])
def test_nobody_else(request, explain, off_topic, who):
    assert explain(off_topic, client=request.getfixturevalue(who), relation="experience").status_code == 404
    assert kept(off_topic) == ""


def test_strangers_sign_in_first(explain, stranger, off_topic):
    answer = explain(off_topic, client=stranger, relation="experience")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert kept(off_topic) == ""


def test_it_is_a_form(as_reader, off_topic):
    assert as_reader.get(f"/comments/{off_topic.pk}/explain/").status_code == 405


def test_what_authors_write_is_shown_as_text(explain, as_reader, off_topic):
    explain(off_topic, text="<script>alert(1)</script>")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in as_reader.get("/me/").content.decode()


def test_other_held_comments_ask_nothing(as_reader, held, message):
    page = as_reader.get("/me/").content.decode()

    assert "How does it belong here?" not in page
    assert "It went to our newsroom." in page


def test_an_author_is_told_that_the_corrections_desk_reads_it(as_reader, correction, correcting_site):
    page = as_reader.get(f"/discussion/{correction.story_id}/?posted={correction.pk}").content.decode()

    assert "Published" in page
    assert "It went to our newsroom." in page  # the words of the test's rule on mistakes
    assert "It went to our newsroom." in as_reader.get("/me/").content.decode()


def test_a_kept_message_tells_its_author_where_it_went(as_reader, message, moderator):
    from belowline.moderation.actions.keep_message import KEPT, keep_message

    keep_message(comment=message, moderator=moderator)

    assert KEPT in as_reader.get("/me/").content.decode()
