"""The series: every name, label and unit. docs/reference/metrics.md describes each; a test holds it to this file.

Imported only where metrics are on, after PROMETHEUS_MULTIPROC_DIR is set: the library looks at it once, at its import.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
"""Of this process; over all processes of a machine, belowline.metrics.render adds up."""
REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
JUDGING_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
TASK_BUCKETS = (0.01, 0.1, 1.0, 10.0, 60.0, 600.0)
"""Upper bounds in seconds."""

REQUESTS = Counter(
    "belowline_http_requests",
    "Requests that were answered, by view, method and status.",
    ["view", "method", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "belowline_http_request_duration_seconds",
    "Seconds until an answer began.",
    ["view"],
    buckets=REQUEST_BUCKETS,
    registry=REGISTRY,
)
DECISIONS = Counter(
    "belowline_decisions",
    "Decisions about comments, by outcome and by who made them.",
    ["outcome", "maker"],
    registry=REGISTRY,
)
UNCHECKED_COMMENTS = Counter(
    "belowline_unchecked_comments",
    "Comments for which a rule could not be checked by machine.",
    registry=REGISTRY,
)
UNCHECKED = Counter(
    "belowline_unchecked_scores",
    "Scores that could not be computed, by score and cause.",
    ["score", "cause"],
    registry=REGISTRY,
)
JUDGING_SECONDS = Histogram(
    "belowline_judging_duration_seconds",
    "Seconds that the engine took for one comment.",
    buckets=JUDGING_BUCKETS,
    registry=REGISTRY,
)
ENGINE_FAILURES = Counter(
    "belowline_engine_failures",
    "Comments that the engine could not judge at all; each was held.",
    registry=REGISTRY,
)
TASKS = Counter(
    "belowline_tasks_finished",
    "Tasks that workers have finished, by task and result.",
    ["task", "result"],
    registry=REGISTRY,
)
TASKS_RETRIED = Counter(
    "belowline_tasks_retried",
    "Tasks that are done again, for their worker was killed.",
    ["task"],
    registry=REGISTRY,
)
TASK_SECONDS = Histogram(
    "belowline_task_duration_seconds",
    "Seconds that a task took.",
    ["task"],
    buckets=TASK_BUCKETS,
    registry=REGISTRY,
)
LIMITED = Counter(
    "belowline_limited",
    "Acts that were refused because they came too often, by limit.",
    ["limit"],
    registry=REGISTRY,
)
REDIS_FAILURES = Counter(
    "belowline_redis_failures",
    "Questions that Redis did not answer.",
    registry=REGISTRY,
)
PURGES = Counter(
    "belowline_purges",
    "Calls that tell shared caches of changes, taken or not.",
    ["result"],
    registry=REGISTRY,
)
MAILS = Counter(
    "belowline_mails",
    "Mails that were handed to the mail server, or could not be.",
    ["result"],
    registry=REGISTRY,
)
