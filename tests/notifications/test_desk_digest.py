"""What a digest says: how much waits where, the first held comments, and links that lead to a decision about them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.moderation.desks import MODERATORS, held_at
from belowline.notifications.action_links import read_link
from belowline.notifications.desk_digest import MOST, desk_digest, waited


def token_of(address):
    return address.rstrip("/").rsplit("/", 1)[1]


def counts(channel):
    return {count.title: count.number for count in desk_digest(channel).counts}


def test_nothing_waits(channel, site, published):
    assert desk_digest(channel()) is None


def test_how_much_waits_where(channel, held, report, appeal, escalated, give_notice, post):  # noqa: PLR0917
    report()
    give_notice()
    escalated(comment=post("Another wombat of a bridge.").comment)
    post("A third wombat of a bridge.")

    assert counts(channel()) == {
        "Held": 1,
        "Reported": 1,
        "Appeals": 1,
        "Notices of illegal content": 1,
        "Escalated": 1,
    }
    digest = desk_digest(channel())
    assert digest.total == 5
    assert digest.counts[1].address == "http://localhost:8000/desk/reports/"


@pytest.mark.parametrize(("name", "title"), [("message", "Newsroom"), ("correction", "Corrections")])
def test_the_other_desks(request, channel, name, title):
    request.getfixturevalue(name)

    assert counts(channel()) == {title: 1}


def test_of_one_site_or_section(channel, site, other_site, held):
    assert desk_digest(channel(site=site)).place == "The Gazette"
    assert desk_digest(channel(site=site, section="news")).place == "The Gazette, news"
    assert desk_digest(channel(site=site, section="sport")) is None
    assert desk_digest(channel(site=other_site)) is None
    assert desk_digest(channel()).place == ""


def test_a_held_comment_with_its_links(channel, held, moderator):
    [item] = desk_digest(channel("mail")).items
    seen = held.decisions.get().pk

    assert (item.author, item.story) == ("Marjorie Tench", "Harbour bridge closed for repairs")
    assert (item.why, item.since) == ("Words that we do not publish", held.created_at)
    assert read_link(token_of(item.publish)) == (held.pk, "publish", "", seen, moderator.pk)
    assert read_link(token_of(item.reject)) == (held.pk, "reject", "banned_word", seen, moderator.pk)
    assert item.open == f"http://localhost:8000/desk/?comment={held.pk}"


def test_links_of_a_channel_that_many_read_stand_for_nobody(channel, held):
    [item] = desk_digest(channel()).items

    assert read_link(token_of(item.publish)).user == 0


def test_what_was_held_for_no_rule_of_the_policy_is_not_rejected_by_a_link(channel, held):
    decision = held.decisions.get()
    decision.reasons[0]["rule"] = "engine_failed"
    decision.save()

    [item] = desk_digest(channel()).items
    assert (item.reject, bool(item.publish)) == ("", True)


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("A wombat.\n\n  Two   lines.", "A wombat. Two lines."),
        ("wombat " * 60, f"{('wombat ' * 60)[:200].rstrip()} …"),
    ],
    ids=["short", "long"],
)
def test_it_quotes_only_where_that_is_wanted(channel, post, text, excerpt):
    post(text)

    assert desk_digest(channel(has_excerpts=True)).items[0].excerpt == excerpt
    assert desk_digest(channel()).items[0].excerpt == ""


def test_the_first_ones_only(channel, post):
    written = [post(f"Wombat number {number} of the bridge.").comment for number in range(MOST + 2)]
    digest = desk_digest(channel())

    assert digest.total == MOST + 2
    assert [item.open.rsplit("=")[1] for item in digest.items] == [str(one.pk) for one in written[:MOST]]
    assert digest.oldest == held_at(MODERATORS)[0].created_at


def test_few_queries_however_many_wait(channel, post, account, django_assert_max_num_queries):
    for number in range(MOST):
        post(f"Wombat number {number} of the bridge.", author=account(f"Reader {number}"))
    made = channel()
    desk_digest(made)

    with django_assert_max_num_queries(16):
        desk_digest(made)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "1 min"), (59, "59 min"), (60, "1 h 0 min"), (200, "3 h 20 min"), (1440, "1 day"), (3000, "2 days")],
)
def test_how_long(minutes, words):
    now = timezone.now()

    assert waited(now - timedelta(minutes=minutes), now) == words
