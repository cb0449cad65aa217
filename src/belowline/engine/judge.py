"""The engine: loads the models once, runs every signal on every submission, and decides."""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from belowline.engine.decide import decide, find_score
from belowline.engine.decision import Decision, Score
from belowline.engine.errors import ModelError, PolicyError, SubmissionError
from belowline.engine.models.head import Head
from belowline.engine.policy import Policy, load_policy
from belowline.engine.signals import load_signals
from belowline.engine.signals.abuse import AbuseSignal
from belowline.engine.signals.base import Prepared, ReadsStories, Signal
from belowline.engine.signals.newsroom import NewsroomSignal
from belowline.engine.submission import MAX_TEXT_CHARACTERS, Story, Submission

logger = logging.getLogger(__name__)

MAX_STUCK_WORKERS = 16
"""Threads that a hanging signal may hold before every further signal counts as timed out at once."""

WARM_UP = Submission(
    text="The council has decided to keep the old bridge open for another year, and I am glad that it has.",
    story=Story(title="The bridge stays open", body="The council has decided. The old bridge stays open."),
)


class Engine:
    """Judges submissions. One instance serves any number of threads."""

    def __init__(self, signals: Sequence[Signal], policy: Policy) -> None:
        self.signals = tuple(signals)
        self.policy = policy
        self._workers = _Workers()

    @classmethod
    def load(cls, policy: Policy | Path | str | None = None, *, head: Head | None = None) -> "Engine":
        """Load the shipped models and a policy (the shipped one when None is given), and a newsroom's head.

        Raises:
            PolicyError: the policy is wrong.
            ModelError: a shipped model is missing or damaged, or the head was learned on another one.
        """
        chosen = policy if isinstance(policy, Policy) else load_policy(policy)
        engine = cls(load_signals(), chosen).with_head(head)
        engine.warm_up()
        return engine

    @property
    def model(self) -> str:
        """The versions of everything that scores, as every decision names them."""
        return "+".join(sorted({signal.version for signal in self.signals}))

    @property
    def story_model(self) -> str:
        """The version of the model that reads stories; empty where no signal does."""
        return next((signal.version for signal in self.signals if isinstance(signal, ReadsStories)), "")

    def read_story(self, story: Story) -> bytes:
        """Return what `Story.reading` may hold for this very text and `story_model`; empty where nothing reads stories.

        Raises nothing of its own.
        """
        reader = next((signal for signal in self.signals if isinstance(signal, ReadsStories)), None)
        return reader.prepare(story) if reader else b""

    def warm_up(self) -> None:
        """Let every signal load what it loads on first use, without a time limit; nothing is decided."""
        prepared = Prepared(WARM_UP, self.policy.settings)
        for signal in self.signals:
            _measure(signal, prepared)

    def with_policy(self, policy: Policy) -> "Engine":
        """Return an engine with the same loaded models and another policy."""
        if not isinstance(policy, Policy):
            raise PolicyError("a Policy is needed; read it with load_policy or parse_policy")
        return self._like(self.signals, policy)

    def with_head(self, head: Head | None) -> "Engine":
        """Return an engine with the same models that also gives `newsroom_refusal`, by this head; None: it does not.

        Raises:
            ModelError: the head was learned on another model, or the engine has no abuse model.
        """
        others = [signal for signal in self.signals if signal.name != NewsroomSignal.name]
        added = [] if head is None else [NewsroomSignal(self.abuse, head)]
        return self._like([*others, *added], self.policy)

    def _like(self, signals: Sequence[Signal], policy: Policy) -> "Engine":
        """Return another engine, which shares the threads of this one: they never end."""
        other = Engine(signals, policy)
        other._workers = self._workers
        return other

    @property
    def abuse(self) -> AbuseSignal:
        """The abuse model; a newsroom's head reads what it reads.

        Raises:
            ModelError: the engine has none.
        """
        found = next((signal for signal in self.signals if isinstance(signal, AbuseSignal)), None)
        if found is None:
            raise ModelError("the engine has no abuse model, which a newsroom's head needs")
        return found

    def prepare(self, submission: Submission) -> Prepared:
        """Return a submission as the signals read it.

        Raises:
            SubmissionError: `text_empty` or `text_too_long`.
        """
        check_submission(submission)
        return Prepared(submission, self.policy.settings)

    def measure(self, submission: Submission, names: Collection[str]) -> dict[str, Score]:
        """Return these scores alone, measured in this thread without a time limit: for the past, which nobody awaits.

        Raises:
            SubmissionError: `text_empty` or `text_too_long`.
        """
        prepared = self.prepare(submission)
        found: dict[str, Score] = {}
        for signal in self.signals:
            if not set(signal.scores).isdisjoint(names):
                found |= _measure(signal, prepared)
        return {name: find_score(found, name) for name in names}

    def score(self, submission: Submission) -> tuple[dict[str, Score], str]:
        """Run every signal; return all scores by name, and the language.

        A signal that raises, exceeds the policy's `signal_timeout_ms`, or leaves a score out, is *unchecked*.

        Raises:
            SubmissionError: `text_empty` or `text_too_long`.
        """
        return self.score_prepared(self.prepare(submission))

    def score_prepared(self, prepared: Prepared) -> tuple[dict[str, Score], str]:
        """Run every signal on what `prepare` returned; all else as `score`."""
        submission = prepared.submission
        scores: dict[str, Score] = {}
        worker = self._workers.take()
        for signal in (*self.signals, READ_LANGUAGE):
            result = worker.run(signal, prepared, self.policy.settings.signal_timeout_ms / 1000) if worker else None
            if worker and result is None:
                self._workers.give_up(worker, signal)
                worker = self._workers.take()
            measured = result or {}
            cause = "timeout" if result is None else measured.get("", Score.unchecked("not_measured")).cause
            for name in signal.scores:
                scores[name] = measured.get(name) or Score.unchecked(cause)
        if worker:
            self._workers.put(worker)
        language = vars(prepared).get("language") or submission.language or self.policy.settings.languages[0]
        return scores, language

    def judge(self, submission: Submission) -> Decision:
        """Judge one submission against the policy.

        Raises:
            SubmissionError: `text_empty` or `text_too_long`.
        """
        scores, language = self.score(submission)
        verdict = decide(self.policy, scores, submission)
        return Decision(
            outcome=verdict.outcome,
            reasons=verdict.reasons,
            noted=verdict.noted,
            scores=scores,
            unchecked=verdict.unchecked,
            language=language,
            policy=self.policy.version,
            model=self.model,
        )

    def judge_many(self, submissions: Iterable[Submission]) -> Iterator[Decision]:
        """Judge a stream, in order, in constant memory."""
        return map(self.judge, submissions)


class _ReadLanguage:
    """Reads the language for the decision under the same time limit as the signals; gives no score."""

    name = "read_language"
    scores: tuple[str, ...] = ()
    version = ""

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Have the language read: `prepared` remembers it."""
        _ = prepared.language
        return {}


READ_LANGUAGE = _ReadLanguage()


class _Workers:
    """The threads of an engine, and of those made of it."""

    def __init__(self) -> None:
        self.stuck = 0
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._process = os.getpid()
        self._lock = threading.Lock()

    def take(self) -> "_Worker | None":
        """Return a worker, or None where a hanging signal holds too many already."""
        if self._process != os.getpid():
            # A forked process has no threads of its parent's: those workers would never answer.
            self._process, self._idle, self.stuck = os.getpid(), queue.SimpleQueue(), 0
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            with self._lock:
                full = self.stuck >= MAX_STUCK_WORKERS
            return None if full else _Worker()

    def put(self, worker: "_Worker") -> None:
        """Take back a worker that has nothing to do."""
        self._idle.put(worker)

    def give_up(self, worker: "_Worker", signal: Signal) -> None:
        """Leave a worker to its hanging signal; it is taken back when the signal ends after all."""
        logger.error("signal %s exceeded its time and counts as unchecked", signal.name)
        with self._lock:
            self.stuck += 1
        worker.when_idle(self._take_back)

    def _take_back(self, worker: "_Worker") -> None:
        with self._lock:
            self.stuck -= 1
        self.put(worker)


class _Worker:
    """A daemon thread that runs one signal at a time and can be left behind when it hangs."""

    def __init__(self) -> None:
        self._tasks: queue.SimpleQueue[tuple[int, Signal, Prepared]] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[int, dict[str, Score]]] = queue.SimpleQueue()
        self._ticket = 0
        self._done = 0
        self._lock = threading.Lock()
        self._left: list[Callable[[_Worker], None]] = []
        threading.Thread(target=self._loop, name="belowline-signal", daemon=True).start()

    def run(self, signal: Signal, prepared: Prepared, limit: float) -> dict[str, Score] | None:
        """Return the signal's scores, or None when `limit` seconds have passed.

        A signal that raised gives {"": unchecked(error)}.
        """
        self._ticket += 1
        self._tasks.put((self._ticket, signal, prepared))
        deadline = time.monotonic() + limit
        while True:
            try:
                ticket, result = self._results.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                return None
            if ticket == self._ticket:
                return result

    def when_idle(self, callback: "Callable[[_Worker], None]") -> None:
        """Call `callback(self)` once the signal that runs now has ended."""
        with self._lock:
            if self._done < self._ticket:
                self._left.append(callback)
                return
        callback(self)

    def _loop(self) -> None:
        while True:
            ticket, signal, prepared = self._tasks.get()
            self._results.put((ticket, _measure(signal, prepared)))
            with self._lock:
                self._done = ticket
                callbacks, self._left = self._left, []
            for callback in callbacks:
                callback(self)


def check_submission(submission: Submission) -> None:
    """Refuse what cannot be judged.

    Raises:
        SubmissionError: `text_empty` or `text_too_long`.
    """
    if not submission.text.strip():
        raise SubmissionError("the text is empty; give at least one visible character", code="text_empty")
    if len(submission.text) > MAX_TEXT_CHARACTERS:
        raise SubmissionError(
            f"the text has {len(submission.text)} characters; at most {MAX_TEXT_CHARACTERS} are judged",
            code="text_too_long",
        )


def _measure(signal: Signal, prepared: Prepared) -> dict[str, Score]:
    try:
        return {name: _sound(score) for name, score in signal.measure(prepared).items()}
    except BaseException as error:  # noqa: BLE001 - a broken signal must never publish or lose a comment
        # Only the type: the message of an error may quote the comment.
        logger.error("signal %s raised %s and counts as unchecked", signal.name, type(error).__name__)  # noqa: TRY400
        return {"": Score.unchecked("error")}


def _sound(score: Score) -> Score:
    """Return the score, or *unchecked* when its value is no number in [0, 1]: NaN passes no threshold."""
    return score if score.value is None or 0.0 <= score.value <= 1.0 else Score.unchecked("error")
