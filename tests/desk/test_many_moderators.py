"""Two and ten moderators at once on one queue: nothing is decided twice, and nothing is lost."""

import re
import threading
from collections import Counter

import pytest
from django.db import connection

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queueing import find_drift
from belowline.stories.models import Story

pytestmark = pytest.mark.django_db(transaction=True)


def work(client, shown, problems):
    """Work through the queue as the page's script does: the next card is fetched before this one is decided."""
    try:
        page = client.get("/desk/card/")
        while page.status_code == 200:
            text = page.content.decode()
            comment = int(re.search(r'data-card="(\d+)"', text)[1])
            shown.append(comment)
            following = client.get(f"/desk/card/?beside={comment}")
            seen = re.search(r'name="last_seen" value="(\d+)"', text)[1]
            outcome = "publish" if comment % 2 else "reject:links"
            answer = client.post(
                f"/desk/comments/{comment}/decide/",
                {"outcome": outcome, "last_seen": seen},
                headers={"Accept": "application/json"},
            )
            assert answer.status_code == 200, answer.content
            page = following
    except Exception as error:  # noqa: BLE001 - shown by the test
        problems.append(error)
    finally:
        connection.close()


def at_once(jobs):
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize(("moderators", "waiting"), [(2, 12), (10, 40)])
@pytest.mark.on_both
@pytest.mark.slow
def test_one_queue(post, account, sign_in, moderators, waiting):
    comments = [post(f"Wombat number {number} of the bridge.").comment.pk for number in range(waiting)]
    clients = [sign_in(account(f"Desk {number}", "moderator")) for number in range(moderators)]
    shown = [[] for _ in clients]
    problems = []
    at_once([lambda place=place: work(clients[place], shown[place], problems) for place in range(moderators)])
    assert not problems

    # Whoever comes last finds the rest: a claim that was let go while nobody looked any more.
    last = []
    work(clients[0], last, problems)
    assert not problems
    seen = Counter([*last, *(comment for one in shown for comment in one)])
    assert seen == Counter(comments), "each was shown to one moderator alone, and none was left out"
    by_people = Decision.objects.filter(maker="person").values_list("comment", flat=True)
    assert sorted(by_people) == comments
    assert sum(bool(one) for one in shown) > 1, "they did work side by side"
    outcomes = Counter(Comment.objects.values_list("status", flat=True))
    assert outcomes == {"published": waiting // 2, "rejected": waiting // 2}
    assert Story.objects.get().comment_count == waiting // 2
    assert not QueueEntry.objects.exists()
    assert find_drift() == set()


def test_ten_who_decide_the_same_comment_at_the_same_moment(held, account):
    """Claims are a courtesy of the pages: the action itself lets one of them decide."""
    seen = held.decisions.get().pk
    staff = [account(f"Desk {number}", "moderator") for number in range(10)]
    gate, done, refused = threading.Barrier(10), [], []

    def decide(who, outcome):
        try:
            gate.wait(20)
            done.append(decide_comment(comment=held, moderator=who, outcome=outcome, rule="links", last_seen=seen))
        except DecidingError as error:
            refused.append(error.code)
        finally:
            connection.close()

    at_once(
        [lambda who=who, place=place: decide(who, ("publish", "reject")[place % 2]) for place, who in enumerate(staff)]
    )

    assert (len(done), refused) == (1, ["not_waiting"] * 9)
    assert Decision.objects.filter(maker="person").count() == 1
    assert Event.objects.filter(tag__in=("comment:published", "comment:rejected")).count() == 1
    held.refresh_from_db()
    assert held.status == {"publish": "published", "reject": "rejected"}[done[0].outcome]
