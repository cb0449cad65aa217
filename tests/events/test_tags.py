"""Tags: a thing, a colon, what happened to it; and no text of comments in any event."""

import re

import pytest

from belowline.events import tags
from belowline.events.models import Event

TAGS = {name: value for name, value in vars(tags).items() if name.isupper()}


@pytest.mark.parametrize(("name", "value"), TAGS.items())
def test_a_tag_reads_like_its_name(name, value):
    assert re.fullmatch(r"[a-z_]+:[a-z_]+", value)
    assert name == value.replace(":", "_").upper()
    assert len(value) <= Event._meta.get_field("tag").max_length


def test_no_tag_stands_for_two_things():
    assert len(set(TAGS.values())) == len(TAGS)


def test_what_happens_to_a_comment_leaves_its_trail_without_its_text(post, decide, reader, moderator):
    from belowline.comments.actions.delete_comment import delete_comment
    from belowline.moderation.actions.undo_decision import undo_decision

    start = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    comment = post("What a wombat of a secretword bridge.").comment
    undo_decision(decision=decide(comment), moderator=moderator)
    decide(comment, "reject", rule="banned_word")
    delete_comment(comment=comment, by=reader)

    trail = Event.objects.filter(pk__gt=start).order_by("pk")
    assert [(event.tag, event.actor_id) for event in trail] == [
        ("comment:held", None),
        ("comment:published", moderator.pk),
        ("comment:held", moderator.pk),
        ("decision:undone", moderator.pk),
        ("comment:rejected", moderator.pk),
        ("comment:deleted", reader.pk),
    ]
    assert not any("secretword" in str(event.data) for event in trail)
