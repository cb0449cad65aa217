"""Why something could not be told, or a link of a digest does nothing.

BelowlineError
├── ChannelError  `channel_error`, `hook_not_allowed`, `hook_failed`, `no_address`, `channel_there`
├── LinkError     `link_unknown`, `link_expired`, `link_used`, `link_of_another`
└── WebhookError  `invalid_webhook`, `webhook_address`, `webhook_off`, `webhook_failed`, `webhook_not_found`,
                  `webhook_operator`
"""

from belowline.engine.errors import BelowlineError


class ChannelError(BelowlineError):
    """A digest cannot be sent there; the message says why and what to do."""

    code = "channel_error"


class LinkError(BelowlineError):
    """A link of a digest does nothing; the message says why and what to do."""

    code = "link_unknown"


class WebhookError(BelowlineError):
    """A webhook cannot be added, changed or used so; the message says why and what to do."""

    code = "invalid_webhook"
