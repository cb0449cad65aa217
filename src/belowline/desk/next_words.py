"""What the overview says of the things to do: a sentence, the reasons, and where to go."""

from typing import NamedTuple

from django.urls import reverse

from belowline.moderation.next_best import Thing
from belowline.moderation.queue_order import Factor
from belowline.stories.models import Story

QUEUES = {
    "held": ("Decide about what is held", "Open the queue", "desk"),
    "reported": ("Look at what readers report", "Open the reports", "desk-reports"),
    "appeals": ("Answer the appeals", "Open the appeals", "appeals"),
    "escalated": ("Answer your colleagues", "Open what was escalated", "desk-escalated"),
    "newsroom": ("Read messages to the newsroom", "Open the messages", "desk-newsroom"),
    "corrections": ("Read what may be a correction", "Open the corrections", "desk-corrections"),
    "notices": ("Decide about notices of illegal content", "Open the notices", "desk-notices"),
    "promise": ("The machine no longer keeps its promise", "See what happened", "guarantees"),
    "audit": ("Review what the machine settled", "Open the audit", "audit"),
}
"""What to do, the button, and the page."""
BECAUSE = {
    "notices": "Whoever knows of illegal content has to act soon, whatever else waits.",
    "promise": "More of what it publishes would be refused than was promised.",
    "audit": "Nobody waits for it; without it nobody knows how often the machine errs.",
}


class Advice(NamedTuple):
    """A thing to do as the page shows it."""

    kind: str
    title: str
    says: str
    """Why, in a sentence."""
    action: str
    """What the button says; empty: there is none."""
    href: str
    waiting: int = 0
    story: Story | None = None
    why: tuple[Factor, ...] = ()


def advise(thing: Thing) -> Advice:
    """Return a thing to do in words."""
    if thing.kind == "pause":
        return Advice("pause", "Have a pause", PAUSE_WORDS, "", "")
    if thing.kind == "pick":
        return _pick(thing)
    title, action, page = QUEUES[thing.kind]
    story = thing.entry.story if thing.entry else None
    return Advice(
        kind=thing.kind,
        title=title,
        says=BECAUSE.get(thing.kind) or _most_urgent(thing),
        action=action,
        href=reverse(page),
        waiting=thing.waiting,
        story=story,
        why=thing.why,
    )


PAUSE_WORDS = (
    "You have decided for an hour and a half without ten minutes off. What you have read stays with you, and tired "
    "people judge worse. Everything here is still here in a quarter of an hour."
)


def _most_urgent(thing: Thing) -> str:
    waited = thing.why[-1].words.partition(";")[0] if thing.why else ""
    if thing.waiting == 1:
        return f"One waits, for {waited}."
    return f"{thing.waiting:,} wait; the most urgent of them for {waited}."


def _pick(thing: Thing) -> Advice:
    if thing.comment is None:
        return Advice("done", "Nothing waits", "", "", "")
    story = thing.comment.story
    return Advice(
        kind="pick",
        title="Put a good comment forward",
        says=f"Nothing waits. {thing.comment.author.display_name} has written something that is worth others' time.",
        action="Read it",
        href=f"{reverse('thread', args=[story.pk])}#c-{thing.comment.pk}",
        story=story,
    )
