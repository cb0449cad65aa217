"""What publishers can be told of: types of messages, each a tag of the log of events with a full stop in it."""

from belowline.events import tags

OFFERED = (
    tags.COMMENT_PUBLISHED,
    tags.COMMENT_HELD,
    tags.COMMENT_REJECTED,
    tags.COMMENT_REMOVED,
    tags.COMMENT_DELETED,
    tags.COMMENT_EDITED,
    tags.COMMENT_PICKED,
    tags.COMMENT_UNPICKED,
    tags.APPEAL_SUBMITTED,
    tags.APPEAL_UPHELD,
    tags.APPEAL_OVERTURNED,
    tags.REPORT_RECEIVED,
    tags.REPORT_ACCEPTED,
    tags.REPORT_DECLINED,
    tags.NOTICE_RECEIVED,
    tags.NOTICE_ACCEPTED,
    tags.NOTICE_DECLINED,
    tags.SANCTION_GIVEN,
    tags.SANCTION_LIFTED,
    tags.STORY_CREATED,
    tags.STORY_CHANGED,
    tags.STORY_CONTROLLED,
)
TEST = "webhook.test"
"""Of the message with which somebody tries an address out; none can ask for it otherwise."""


def type_of(tag: str) -> str:
    """Return the type of messages about events with this tag."""
    return tag.replace(":", ".")


TYPES = {type_of(tag): tag for tag in OFFERED}
"""Every type that an address can ask for -> the tag of its events."""
