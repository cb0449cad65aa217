"""A digest, and an escalation, as messages of Slack and Mattermost: what people wrote stays text there."""

import re
from collections.abc import Callable
from typing import Any

from belowline.moderation.escalation_models import Escalation
from belowline.notifications.channel_models import Channel
from belowline.notifications.desk_digest import Digest, Item, waited

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>])")
BREAK = "\u200b"
"""A space of no width: behind it nobody is mentioned, and no address is made a link."""
Escape = Callable[[str], str]
Link = Callable[[str, str], str]


def message_of(channel: Channel, digest: Digest | None) -> dict[str, Any]:
    """Return what is sent to a channel's webhook; None: that nothing waits."""
    escape, link, bold = _dialect(channel)
    if digest is None:
        return _message(channel, escape("Nothing waits at the desk."))
    place = f" at {digest.place}" if digest.place else ""
    oldest = f", the oldest for {waited(digest.oldest)}" if digest.oldest else ""
    wait = "waits" if digest.total == 1 else "wait"
    lines = [
        f"{bold}{escape(f'{digest.total:,} {wait}{place}')}{bold}{escape(oldest)}",
        " · ".join(link(count.address, f"{count.title} {count.number:,}") for count in digest.counts),
        *(_item(item, escape, link) for item in digest.items),
    ]
    return _message(channel, "\n\n".join(lines))


def message_of_escalation(channel: Channel, escalation: Escalation, address: str) -> dict[str, Any]:
    """Return what is sent to a channel's webhook when somebody has escalated a comment."""
    escape, link, bold = _dialect(channel)
    comment = escalation.comment
    head = f"{bold}{escape(f'{escalation.asked_by.display_name} has escalated a comment')}{bold}"
    where = escape(f"by {comment.author.display_name} under “{comment.story}”")
    note = f"> {escape(_one_line(escalation.note))}\n\n" if channel.has_excerpts else ""
    return _message(channel, f"{head} {where}\n\n{note}{link(address, 'Open it')}")


def slack_text(words: str) -> str:
    """Return words as Slack shows them: no mention, no link, no markup of theirs."""
    plain = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _defused(re.sub(r"([*_~`])", rf"{BREAK}\1{BREAK}", plain))


def mattermost_text(words: str) -> str:
    """Return words as Mattermost shows them: no mention, no link, no markup of theirs."""
    return _defused(SPECIAL.sub(r"\\\1", words))


def _defused(words: str) -> str:
    return words.replace("@", f"@{BREAK}").replace("://", f":{BREAK}//").replace("www.", f"www{BREAK}.")


def _dialect(channel: Channel) -> tuple[Escape, Link, str]:
    if channel.kind == Channel.Kind.SLACK:
        return slack_text, lambda address, label: f"<{address}|{slack_text(label)}>", "*"
    return mattermost_text, lambda address, label: f"[{mattermost_text(label)}]({address})", "**"


def _message(channel: Channel, text: str) -> dict[str, Any]:
    """Return the message; Slack looks at no link of it, which would follow those that decide."""
    quiet = {"unfurl_links": False, "unfurl_media": False} if channel.kind == Channel.Kind.SLACK else {}
    return {"text": text, **quiet}


def _item(item: Item, escape: Escape, link: Link) -> str:
    head = escape(f"{item.why}: {item.author} under “{item.story}”, {waited(item.since)}")
    quoted = f"\n> {escape(item.excerpt)}" if item.excerpt else ""
    links = [link(item.publish, "Publish")]
    if item.reject:
        links.append(link(item.reject, f"Reject ({item.why})"))
    return f"{head}{quoted}\n{' · '.join([*links, link(item.open, 'Open')])}"


def _one_line(words: str) -> str:
    return " ".join(words.split())
