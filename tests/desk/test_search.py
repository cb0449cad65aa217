"""The desk's search: who sees it, what it finds and shows, and what can be done with what was found."""

import re

import pytest

from belowline.comments.models import Comment
from belowline.comments.search_terms import read_terms
from belowline.desk import search as module
from belowline.desk.search import chosen_of, excerpt
from belowline.moderation.batches import Batch
from belowline.moderation.escalation_models import Escalation

QUIET = "A quiet remark about the harbour bridge and its tolls."


@pytest.fixture
def as_auditor(sign_in, auditor):
    return sign_in(auditor)


@pytest.fixture
def page(as_moderator):
    def call(query="", status=200, client=as_moderator):
        answer = client.get(f"/desk/search/{query}")
        assert answer.status_code == status
        return answer.content.decode()

    return call


@pytest.fixture
def act(as_moderator):
    """Send the form below the list, with these comments chosen as they are now."""

    def call(*comments, act="remove", reject_rule="links", client=as_moderator, query="?q=bridge", **fields):
        keys = [f"{comment.pk}:{comment.decisions.latest('id').pk}" for comment in comments]
        sent = {"chosen": keys, "act": act, "reject_rule": reject_rule} | fields
        return client.post(f"/desk/search/decide/{query}", sent)

    return call


def names(shown):
    return re.findall(r'id="chosen-(\d+)"', shown)


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 302), ("as_reader", 403), ("as_auditor", 200), ("as_moderator", 200)]
)
def test_who_sees_it(request, published, who, status):
    client = request.getfixturevalue(who)

    assert client.get("/desk/search/?q=bridge").status_code == status


@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("as_reader", 403), ("as_auditor", 403)])
def test_who_decides(request, act, published, who, status):
    assert act(published, client=request.getfixturevalue(who)).status_code == status
    assert not Batch.objects.exists()


def test_who_only_reads_is_offered_nothing(page, published, as_auditor):
    shown = page("?q=bridge", client=as_auditor)

    assert names(shown) == [str(published.pk)]
    assert "Reject or remove" not in shown


def test_who_holds_a_role_on_one_site_finds_what_is_there(page, published, local, other_site, site, sign_in):  # noqa: PLR0917
    assert names(page("?q=", client=sign_in(local(other_site)))) == []
    assert names(page("?q=", client=sign_in(local(site, name="Gazette Desk 2")))) == [str(published.pk)]


def test_looking_decides_nothing(as_moderator):
    assert as_moderator.get("/desk/search/decide/").status_code == 405


def test_before_anything_is_asked_it_says_how(page, published):
    shown = page()

    assert "How to search" in shown
    assert names(shown) == []


def test_an_empty_search_finds_the_newest(page, published, held):
    assert names(page("?q=")) == [str(held.pk), str(published.pk)]


def test_what_is_found_is_shown_with_its_words_marked(page, published, story, other_story, post):
    post("Nothing of the kind.", story=other_story)
    shown = page("?q=HARBOUR+toll*")

    assert names(shown) == [str(published.pk)]
    assert "1 comment<" in shown
    assert "<mark>harbour</mark>" in shown
    assert "<mark>tolls</mark>" in shown or "<mark>toll</mark>s" in shown
    assert "Marjorie Tench" in shown
    assert str(story) in shown
    assert f'href="/comments/{published.pk}/"' in shown
    assert "Publish by machine" in shown


def test_a_held_one_leads_to_its_card_and_names_its_rule(page, held):
    shown = page("?q=wombat")

    assert f'href="/desk/?comment={held.pk}"' in shown
    assert "Words that we do not publish" in shown


def test_what_somebody_wrote_stays_text(page, post):
    post("A <script>alert(1)</script> bridge & more.")
    shown = page("?q=script")

    assert "&lt;<mark>script</mark>&gt;" in shown
    assert "<script>alert" not in shown


def test_nothing_found(page, published):
    assert "Nothing is found." in page("?q=windmill")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?q=!!!", "There is no letter and no digit in it"),
        ("?q=&least=20", "Choose the score that shall lie between these."),
        ("?q=&score=spam&least=80&most=20", "This is less than where it begins."),
        ("?q=&score=spam&least=101", "less than or equal to 100"),
        ("?q=&since=2026-05-02&until=2026-05-01", "This day is before the first one."),
        ("?q=&since=yesterday", "Enter a valid date."),
        ("?q=&status=burnt", "not one of the available choices"),
        ("?q=&maker=999999", "not one of the available choices"),
        ("?q=" + "w" * 301, "at most 300 characters"),
    ],
)
def test_what_cannot_be_asked_is_said_and_stays(page, published, query, said):
    shown = page(query, status=422)

    assert said in shown
    assert names(shown) == []
    if "least=80" in query:
        assert 'name="least" value="80"' in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=&status=held", ["held"]),
        ("?q=&rule=banned_word", ["held"]),
        ("?q=&author=tench&order=oldest", ["published", "held"]),
        ("?q=&story=goose", []),
        ("?q=&score=banned_word&least=50", ["held"]),
        ("?q=&maker=engine&since=2020-01-01&until=2020-12-31", []),
        ("?q=&site=gazette&of=decided&since=2020-01-01", ["held", "published"]),
    ],
)
def test_the_filters(page, published, held, site, other_site, query, found):  # noqa: PLR0917
    known = {"published": published, "held": held}

    assert names(page(query)) == [str(known[name].pk) for name in found]


def test_filters_in_use_are_open_and_kept(page, held):
    shown = page("?q=&rule=banned_word")

    assert '<option value="banned_word" selected>' in shown
    assert re.search(r"<details open>\s*<summary>Author, story", shown)
    assert not re.search(r"<details open>\s*<summary>Author, story", page("?q=wombat"))


def test_a_score_that_is_asked_for_is_shown(page, held):
    assert "banned_word 100%" in page("?q=&score=banned_word&least=50")


def test_one_site_is_no_choice(page, site, published):
    assert 'name="site"' not in page("?q=")


def test_two_are(page, site, other_site):
    assert 'name="site"' in page("?q=")


def test_pages(page, post, monkeypatch):
    monkeypatch.setattr(module, "SIZES", (2, 4))
    made = [str(post(f"Remark number {number} on the bridge.").comment.pk) for number in range(5)][::-1]
    first = page("?q=remark")
    assert names(first) == made[:2]
    assert "5 comments" in first
    assert "Show 4 at once" in first

    following = re.search(r'href="(\?[^"]*begin=[^"]*)">Further results', first)[1].replace("&amp;", "&")
    second = page(following)
    assert names(second) == made[2:4]
    assert "Further results" in second
    assert "From the beginning" in second
    assert names(page("?q=remark&size=4")) == made[:4]


def test_how_far_back_it_looked(page, post, monkeypatch):
    from belowline.moderation import search

    monkeypatch.setattr(search.find, "__kwdefaults__", {"begin": None, "read_back": 2})
    old = post("What a wombat.").comment
    for number in range(4):
        post(f"Remark number {number} on the bridge.")
    shown = page("?q=&rule=banned_word")

    assert names(shown) == []
    assert "back to <time" in shown
    assert "Look further" in shown
    assert "Nothing so far." in shown
    following = re.search(r'href="(\?[^"]*begin=[^"]*)">Look further', shown)[1].replace("&amp;", "&")
    assert names(page(following)) == [str(old.pk)]


def test_all_can_be_chosen_without_script(page, published, held):
    assert page("?q=bridge").count(" checked aria-labelledby") == 0
    assert page("?q=bridge&choose=all").count(" checked aria-labelledby") == 2


def test_removing_what_is_found(act, page, published, held, post):
    other = post("Another remark on the bridge.").comment
    answer = act(published, held)

    batch = Batch.objects.get()
    assert answer["Location"] == f"/desk/search/?q=bridge&done={batch.pk}"
    statuses = dict(Comment.objects.values_list("pk", "status"))
    assert statuses == {published.pk: "removed", held.pk: "rejected", other.pk: "published"}
    shown = page(f"?q=bridge&done={batch.pk}")
    assert f'action="/desk/history/batches/{batch.pk}/undo/"' in shown
    assert (batch.done, batch.chosen) == (2, "Search: bridge")


def test_publishing_what_is_found(act, held, rejected):
    act(rejected, act="publish", reject_rule="")

    assert Comment.objects.get(pk=rejected.pk).status == "published"


def test_tagging_what_is_found(act, page, published, held):
    answer = act(published, held, act="tag", word="bridge tolls")

    assert answer.status_code == 302
    assert [tag.word for tag in published.tags.all()] == [tag.word for tag in held.tags.all()] == ["bridge tolls"]
    assert '<option value="bridge tolls">' in page("?q=bridge")


def test_escalating_what_is_found(act, published, held, admin):
    act(published, held, act="escalate", staff_note="Is this the mayor?")

    batch = Batch.objects.get()
    assert (batch.act, batch.done) == ("escalate", 2)
    notes = set(Escalation.objects.values_list("comment", "note"))
    assert notes == {(published.pk, "Is this the mayor?"), (held.pk, "Is this the mayor?")}
    assert Comment.objects.get(pk=published.pk).status == "published"


def test_what_changed_meanwhile_is_left(act, page, published, held, decide):
    seen = f"{held.pk}:{held.decisions.latest('id').pk}"
    decide(held)
    answer = act(published, chosen=[seen, f"{published.pk}:{published.decisions.latest('id').pk}"])

    assert answer.status_code == 302
    assert Comment.objects.get(pk=held.pk).status == "published"
    assert (Batch.objects.get().done, Batch.objects.get().skipped) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reject_rule": ""}, "Choose the rule"),
        ({"act": "perhaps"}, "Choose what to do with these comments."),
        ({"chosen": []}, "hoose"),
        ({"note_to_author": "n" * 2_001}, "2,001 characters"),
        ({"act": "tag", "word": " "}, "tag"),
        ({"act": "escalate"}, "Write a note: why shall others decide?"),
    ],
    ids=["no rule", "no act", "nothing chosen", "long note", "no word", "no note for the staff"],
)
def test_what_is_missing_comes_back_with_what_was_typed(act, published, held, fields, said):
    fields = {"note_to_author": "Mind the link."} | fields
    answer = act(published, **fields)
    shown = answer.content.decode()

    assert answer.status_code == 422
    assert said in shown
    assert fields["note_to_author"] in shown
    assert shown.count(" checked aria-labelledby") == (0 if "chosen" in fields else 1)
    assert set(names(shown)) == {str(published.pk), str(held.pk)}
    assert Comment.objects.get(pk=published.pk).status == "published"


def test_strange_keys_are_nobodys(rf):
    sent = rf.post("/", {"chosen": ["12:34", "x:1", "13", "14:x", ":", "15:16:17"]}).POST

    assert chosen_of(sent) == {12: 34, 13: 0, 14: 0, 15: 0}


@pytest.mark.parametrize(
    ("text", "typed", "shown", "is_cut"),
    [
        ("A short text.", "", "A short text.", False),
        ("A short text.", "short", "A [short] text.", False),
        ("word " * 200, "", "word " * 80, True),
        ("word " * 100 + "bridge", "bridge", "word " * 23 + "[bridge]", True),
        ("bridge " + "word " * 100, "bridge", "[bridge] " + ("word " * 100)[:393], True),
    ],
)
def test_long_texts_are_cut_around_what_was_found(text, typed, shown, is_cut):
    pieces, cut = excerpt(text, tuple(read_terms(typed)))

    assert "".join(f"[{piece.text}]" if piece.is_found else piece.text for piece in pieces) == shown
    assert cut is is_cut
