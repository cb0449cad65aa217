"""What is kept how long, and what is done with it then: the one table. docs/reference/retention.md is made of it."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from belowline.retention import records, texts

Erase = Callable[[datetime, int], int]
"""Erases at most so many records from before a moment, and returns how many."""


class Kind(NamedTuple):
    """A kind of record."""

    key: str
    setting: str
    """Its name after KEEP_ and before _DAYS; empty: it says itself when its time is over."""
    what: str
    since: str
    """From when its time is reckoned."""
    act: str
    """What is done with it."""
    erase: Erase

    @property
    def variable(self) -> str:
        """The variable of the environment that sets its days; empty: there is none."""
        return f"BELOWLINE_KEEP_{self.setting}_DAYS" if self.setting else ""

    @property
    def days(self) -> int:
        """So many days it is kept; 0: for ever, or as long as it says itself."""
        return int(getattr(settings, f"KEEP_{self.setting}_DAYS")) if self.setting else 0

    @property
    def is_erased(self) -> bool:
        """Whether its time ends at all."""
        return not self.setting or self.days > 0


KINDS = (
    Kind(
        "refused",
        "REFUSED",
        "texts of comments that were rejected or removed, with earlier versions and what decisions quote of them",
        "the newest decision; never before an appeal is decided, or while one is possible",
        "erased; the comment stays with its rule, scores and decisions",
        texts.erase_refused,
    ),
    Kind(
        "deleted",
        "DELETED",
        "texts of comments that their authors deleted, with earlier versions and what decisions quote of them",
        "the deletion",
        "erased, as above",
        texts.erase_deleted,
    ),
    Kind(
        "decisions",
        "DECISIONS",
        "what decisions quote of a text, and what moderators wrote to its author",
        "the decision",
        "erased; who decided what, when, by which rule and with which scores stays for the figures",
        texts.erase_decisions,
    ),
    Kind(
        "cases",
        "DECISIONS",
        "what people wrote in reports, appeals, notices (with name and address), escalations and measures",
        "the answer, or the measure's end",
        "erased; that there was one, and how it ended, stays for the figures",
        texts.erase_cases,
    ),
    Kind(
        "notes",
        "DECISIONS",
        "notes of the team about people, handover notes that were seen to, what authors made of a nudge",
        "when it was written, or seen to",
        "deleted",
        texts.delete_notes,
    ),
    Kind(
        "notifications",
        "NOTIFICATIONS",
        "what readers were told",
        "when it happened",
        "deleted",
        records.delete_notifications,
    ),
    Kind(
        "messages",
        "MESSAGES",
        "messages to webhooks (ids only), delivered or given up",
        "their end",
        "deleted",
        records.delete_messages,
    ),
    Kind(
        "tasks",
        "TASKS",
        "tasks that were done or failed, with their arguments (ids) and errors",
        "their end",
        "deleted",
        records.delete_tasks,
    ),
    Kind(
        "suggestions",
        "SUGGESTIONS",
        "texts with the scores that callers of the Perspective door suggested",
        "the last change",
        "deleted",
        records.delete_suggestions,
    ),
    Kind(
        "unconfirmed",
        "UNCONFIRMED",
        "accounts that never confirmed an address and never did anything",
        "when they were made",
        "closed: name and address are erased",
        records.close_unconfirmed,
    ),
    Kind(
        "expired",
        "",
        "sessions, single sign-on tokens and links of digests that were used",
        "their own end: 90 days without a visit, minutes, a day",
        "deleted",
        records.delete_expired,
    ),
)


def as_markdown() -> str:
    """Return the table for the documentation, with the days that are shipped."""
    head = "| kind | what | days | set by | reckoned from | then |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(
        f"| {kind.key} | {kind.what} | {kind.days or '–'} | {f'`{kind.variable}`' if kind.setting else '–'} "
        f"| {kind.since} | {kind.act} |"
        for kind in KINDS
    )


def in_words() -> list[str]:
    """Return a line for each kind: how long it is kept on this server."""
    return [f"{kind.what}: {_how_long(kind)}" for kind in KINDS]


def _how_long(kind: Kind) -> str:
    if not kind.setting:
        return f"until {kind.since.partition(':')[0]}"
    return f"{kind.days:,} days" if kind.days else "for ever"
