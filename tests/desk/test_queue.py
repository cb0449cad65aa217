"""The queue of the desk: what waits, in order, claimed, with everything that helps to decide."""

import re

import pytest

from belowline.desk import queue
from belowline.desk.queue import Asked, read_asked
from belowline.moderation.claims import RUN
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import Narrowed
from belowline.stories.models import Story

QUIET = "A quiet remark about the harbour bridge and its tolls."
HELD = "What a wombat of a harbour bridge this is."


@pytest.fixture
def page(as_moderator):
    def call(query=""):
        answer = as_moderator.get(f"/desk/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return call


# --- what is shown


def test_nothing_waits(page, site, published):
    assert "Nothing waits. Well done." in page()


def test_the_comment_with_all_that_helps(page, held, story):
    shown = page()

    assert 'Held <span class="quiet" data-waiting>1</span>' in shown
    assert "Risk of harm" in shown
    assert "60%, from banned word 100% x how grave it is" in shown
    assert '<mark title="Words that we do not publish">wombat</mark>' in shown
    assert "“wombat” is not published here." in shown
    assert f'href="/discussion/{story.pk}/"' in shown
    assert "Harbour bridge closed for repairs" in shown
    assert "0 published, 0 refused" in shown
    assert "All signals" in shown
    for name in ("banned word", "shouting", "toxicity", "off topic", "personal data"):
        assert f'<th scope="row">{name}</th>' in shown
    assert "For moderators: Links." in shown
    assert "Policy small@" in shown


def test_the_comment_that_is_answered_is_shown(page, post, other_reader):
    parent = post(QUIET, author=other_reader).comment
    post("No, you wombat.", parent=parent)
    shown = page()

    assert "In reply to Ken Stubbs:" in shown
    assert QUIET in shown


def current(shown):
    found = re.search(r'data-card="(\d+)"', shown)
    return int(found[1]) if found else None


def listed(shown):
    return [int(one) for one in re.findall(r'data-entry="(\d+)"', shown)]


def test_the_longest_wait_first_and_any_on_demand(page, post):
    first = post("First wombat of the bridge.").comment
    second = post("Second wombat of the bridge.").comment

    assert current(page()) == first.pk
    for nonsense in ("?comment=", "?comment=x", "?comment=999999", f"?comment={'9' * 5000}", "?comment=-1"):
        assert current(page(nonsense)) == first.pk
    assert current(page(f"?comment={second.pk}")) == second.pk
    assert current(page()) == first.pk


def test_a_comment_beyond_the_list_is_shown_on_demand(page, post, monkeypatch):
    """After undoing, the comment itself is what a moderator wants to see, however many wait before it."""
    monkeypatch.setattr(queue, "LIST_LENGTH", 3)
    comments = [post(f"Wombat number {number} of the bridge.").comment for number in range(6)]
    shown = page(f"?comment={comments[5].pk}")

    assert current(shown) == comments[5].pk
    assert listed(shown) == [*(comment.pk for comment in comments[:3]), comments[5].pk]
    assert 'Held <span class="quiet" data-waiting>6</span>' in shown


def test_next_and_previous(page, post):
    first, second, third = (post(f"Wombat number {number} of the bridge.").comment for number in range(3))

    def around(comment):
        shown = page(f"?comment={comment.pk}")
        found = re.search(r'data-previous="([^"]*)" data-following="([^"]*)"', shown)
        return [part.removeprefix("?comment=") for part in found.groups()]

    assert around(first) == ["", str(second.pk)]
    assert around(second) == [str(first.pk), str(third.pk)]
    assert around(third) == [str(second.pk), str(first.pk)]


def test_only_one_waits(page, held):
    shown = page()

    assert 'data-previous="" data-following=""' in shown
    assert 'name="next"' not in shown


def test_what_was_written_is_text(page, post, reader):
    reader.display_name = "<i>Marjorie</i>"
    reader.save()
    Story.objects.update(title="<b>Bridge</b>")
    post("<script>alert(1)</script> wombat <mark>x</mark>")
    shown = page()

    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; " in shown
    assert "<i>Marjorie</i>" not in shown
    assert "<b>Bridge</b>" not in shown


def test_what_the_engine_could_not_judge(page, post, monkeypatch):
    from belowline.moderation import engine

    def fail():
        raise RuntimeError

    monkeypatch.setattr(engine, "base_engine", fail)
    post(QUIET)
    shown = page()

    assert "Checks not available" in shown
    assert QUIET in shown


def test_few_queries_however_many_wait(as_moderator, post, account, decide, django_assert_max_num_queries):
    parent = post(QUIET).comment
    for number in range(12):
        author = account(f"Reader {number}")
        post(f"Wombat number {number} of the bridge.", author=author, parent=parent)
        decide(post(f"Another wombat, number {number}.", author=author).comment)

    as_moderator.get("/desk/")
    with django_assert_max_num_queries(35):
        as_moderator.get("/desk/")


# --- what is asked for


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ({}, Asked()),
        ({"queue": "nonsense", "order": "nonsense", "story": "x"}, Asked()),
        ({"queue": "new", "order": "oldest"}, Asked("new", "oldest")),
        ({"order": "score.insult"}, Asked(order="score.insult")),
        ({"order": "score.nonsense'; --"}, Asked()),
        (
            {"site": "gazette", "section": "Sport", "language": "de", "story": "7", "rule": "spam"},
            Asked(narrowed=Narrowed("gazette", "Sport", "de", 7, "spam")),
        ),
        ({"section": "a\x00b" + "c" * 500}, Asked(narrowed=Narrowed(section="ab" + "c" * 98))),
    ],
)
def test_an_address_says_what_is_asked_for(query, asked):
    assert read_asked(query) == asked


def test_and_back():
    asked = Asked("unchecked", "score.insult", Narrowed(section="Arts & Life", story=7))

    assert asked.query == "queue=unchecked&order=score.insult&section=Arts+%26+Life&story=7"
    assert Asked().query == ""
    assert [asked.is_narrowed, Asked("new", "oldest").is_narrowed] == [True, False]


def test_views_and_filters(page, post, other_reader, story, other_story):
    """One of somebody new, one that could not be checked, and one under another story."""
    plain = post("A wombat of a bridge.").comment
    post(QUIET)
    QueueEntry.objects.filter(comment=plain).update(is_first=False, section="Sport", language="de")
    unchecked = post("A wombat of a harbour.", author=other_reader).comment
    QueueEntry.objects.filter(comment=unchecked).update(is_unchecked=True, rule="shouting")
    elsewhere = post("A wombat on a tram.", author=other_reader, story=other_story).comment

    def of(query):
        return set(listed(page(query)))

    assert of("") == {plain.pk, unchecked.pk, elsewhere.pk}
    assert of("?queue=unchecked") == {unchecked.pk}
    assert of("?queue=new") == {unchecked.pk, elsewhere.pk}
    assert of("?section=Sport") == of("?language=de") == {plain.pk}
    assert of("?rule=shouting") == {unchecked.pk}
    assert of(f"?story={other_story.pk}") == {elsewhere.pk}
    assert of("?site=gazette") == {plain.pk, unchecked.pk, elsewhere.pk}
    shown = page("?site=courier")
    assert listed(shown) == []
    assert "Nothing waits. Well done." in shown
    for name in ("Sport", "de", "Shouting", "The Gazette"):
        assert f">{name}</option>" in page()


def test_orders(page, post):
    comments = [post(f"Wombat number {number} of the bridge.").comment.pk for number in range(3)]
    for number, comment in enumerate(comments):
        values = {"insult": (0.2, 1.0, 0.55)[number]} if number else {}
        QueueEntry.objects.filter(comment=comment).update(rank=-number, values=values)
    first, second, third = comments

    assert listed(page()) == listed(page("?order=oldest")) == [first, second, third]
    assert listed(page("?order=newest")) == [third, second, first]
    assert listed(page("?order=score.insult")) == [second, third, first]


# --- the next one


@pytest.fixture
def card(as_moderator):
    """Fetch the card alone."""

    def call(query="", client=as_moderator):
        answer = client.get(f"/desk/card/{query}")
        return current(answer.content.decode()) if answer.status_code == 200 else answer.status_code

    return call


def test_the_next_card_is_there_before_it_is_needed(page, card, post, as_other_moderator):
    first, second, third = (post(f"Wombat number {number} of the bridge.").comment.pk for number in range(3))
    assert current(page()) == first
    assert card(f"?beside={first}") == second
    assert card(f"?beside={first}") == second, "the same until it is looked at"
    assert card(client=as_other_moderator) == third, "both are taken"

    assert card(f"?beside={second}&skip={first}") == 204, "put off, and the rest is with a colleague"
    assert card(f"?comment={third}") == third, "shown, as a colleague's"


def test_no_card_waits(card, site):
    assert card() == 204
    assert card("?skip=x,,-1&beside=x&comment=x") == 204


def test_a_colleague_looks_at_it(page, post, as_other_moderator):
    held = post("One wombat.").comment
    assert current(as_other_moderator.get("/desk/").content.decode()) == held.pk
    shown = page()
    assert current(shown) is None
    assert "Colleagues are looking at all that waits here." in shown

    shown = page(f"?comment={held.pk}")
    assert "<strong>Night Desk</strong> is looking at this comment now" in page(f"?comment={held.pk}")
    assert "data-decide" not in shown


def test_a_calm_one_after_some(page, post, decide):
    for number in range(RUN - 1):
        decide(post(f"Wombat number {number} of the bridge, decided.").comment)
    hard, calm = (post(f"Wombat number {number} of the tram.").comment for number in range(2))
    QueueEntry.objects.filter(comment=calm).update(risk=0.1, rank=-1e6)

    shown = page()
    assert current(shown) == calm.pk
    assert "A calm one in between" in shown
    decide(calm)
    assert current(page()) == hard.pk
    assert "A calm one in between" not in page()


def test_a_good_one_where_nothing_calm_waits(page, post, decide, other_reader):
    for number in range(RUN - 1):
        decide(post(f"Wombat number {number} of the bridge, decided.").comment)
    good = post("The tolls paid for the bridge twice over, and the council knows it.", author=other_reader).comment
    type(good).objects.filter(pk=good.pk).update(constructiveness=0.9, best_rank=1.5)
    hard = post("What a wombat.").comment

    shown = page()
    assert current(shown) == hard.pk
    assert "A good one in between" in shown
    assert f'href="/desk/comments/{good.pk}/"' in shown


def test_what_is_hard_to_read_is_shown_on_demand(page, held):
    row = held.decisions.get()
    row.scores["threat"] = {"value": 0.9, "cause": "", "spans": [], "evidence": ""}
    row.save()
    QueueEntry.objects.update(values={"threat": 0.9})
    shown = page()

    assert "Hard to read: <b>threat</b>" in shown
    assert shown.index('<details class="veil"') < shown.index('<mark title="Words')
    assert "<i>Hard to read: threat</i>" in shown
    assert "“wombat” is not published here." not in shown, "nor does the reason quote it"


# --- any comment


@pytest.mark.parametrize(
    ("which", "acts"),
    [
        ("held", ["publish", "pick", "reject:banned_word"]),
        ("published", ["pick", "hold", "remove:links"]),
        ("rejected", ["publish"]),
        ("removed", ["restore"]),
    ],
)
def test_one_comment_in_each_state(request, as_moderator, which, acts):
    comment = request.getfixturevalue(which)
    shown = as_moderator.get(f"/desk/comments/{comment.pk}/").content.decode()
    buttons = re.findall(r'name="outcome" value="([^"]+)"', shown)

    assert set(acts) <= set(buttons)
    assert {one.split(":")[0] for one in buttons} == {one.split(":")[0] for one in acts}
    assert "What was decided" in shown


def test_what_is_deleted_is_over(as_moderator, held, reader):
    from belowline.comments.actions.delete_comment import delete_comment

    delete_comment(comment=held, by=reader)
    shown = as_moderator.get(f"/desk/comments/{held.pk}/").content.decode()

    assert 'name="outcome"' not in shown
    assert as_moderator.get("/desk/comments/999/").status_code == 404


def test_reports_and_copies_stand_on_the_card(as_moderator, published, report, post, other_reader):
    report(text="He <b>insults</b> the ferryman.")
    copy = post("What a wombat of a harbour bridge this is.", author=other_reader).comment
    again = post("What a wombat of a harbour bridge this is!").comment
    shown = as_moderator.get(f"/desk/comments/{published.pk}/").content.decode()
    assert "Personal abuse" in shown
    assert "He &lt;b&gt;insults" in shown
    assert "Ken Stubbs, nothing answered yet" in shown

    shown = as_moderator.get(f"/desk/comments/{again.pk}/").content.decode()
    assert "The same text elsewhere" in shown
    assert f'href="/desk/comments/{copy.pk}/"' in shown


def test_ones_own_comment_is_left_to_others(as_moderator, post, moderator, other_moderator):
    own = post("A wombat of mine.", author=moderator).comment
    shown = as_moderator.get("/desk/").content.decode()
    assert current(shown) is None

    shown = as_moderator.get(f"/desk/comments/{own.pk}/").content.decode()
    assert "This is your own comment: another moderator decides." in shown
    assert 'name="outcome"' not in shown
