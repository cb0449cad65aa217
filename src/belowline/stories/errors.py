"""Every error about stories that is raised on purpose.

BelowlineError
└── StoryError
    ├── StoryInputError   what the publisher sent is wrong
    ├── StoryFetchError   the page could not be read
    └── PurgeError        shared caches could not be told of a change
"""

from belowline.engine.errors import BelowlineError


class StoryError(BelowlineError):
    """An error about a story."""

    code = "story_error"


class StoryInputError(StoryError):
    """What the publisher sent is wrong."""

    code = "invalid_story"


class StoryFetchError(StoryError):
    """The page could not be read: `url_not_allowed`, `url_private`, `fetch_failed`, `no_article`."""

    code = "fetch_failed"


class PurgeError(StoryError):
    """Shared caches could not be told of a change: `purge_not_configured`, `purge_failed`."""

    code = "purge_failed"
