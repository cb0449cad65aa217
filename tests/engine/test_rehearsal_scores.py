"""Each comment is measured as either policy's settings have it, by the signals that depend on them, and only once."""

import msgspec
import pytest
from tiny_lessons import made_head

from belowline.engine.decision import Score
from belowline.engine.errors import SubmissionError
from belowline.engine.judge import Engine
from belowline.engine.policy import SCORE_NAMES, Settings, load_policy
from belowline.engine.rehearsal_scores import READERS, Given, Measured, Scorer, scores_that_differ
from belowline.engine.signals import load_signals
from belowline.engine.signals.base import Prepared
from belowline.engine.submission import Parent, Story, Submission

SETTINGS = Settings(banned_words=("wombat",), watched_words=("newt",))
SHIPPED = load_policy()
TEXTS = [
    "Ring me on 020 7946 0018 or write to j@gazette.example; see https://gazette.example/a and http://x.example/b",
    "What a wombat of a bridge, and a newt besides",
    "Das ist doch kein Kommentar zu dieser Brücke, sondern nur ein Satz auf Deutsch.",
]
STORY = Story(title="Harbour bridge closed", body="The bridge is closed.\n\nIts tolls pay for cables.")


class Recorder:
    """Settings that write down which of them are read."""

    def __init__(self):
        self.read = set()

    def __getattr__(self, name):
        self.read.add(name)
        return getattr(SETTINGS, name)


@pytest.fixture(scope="module")
def signals():
    """All signals that there are, a head's among them."""
    return Engine(load_signals(), SHIPPED).with_head(made_head(seed=1)).signals


@pytest.mark.parametrize("text", TEXTS, ids=["data and links", "words", "German"])
def test_the_table_names_every_setting_that_a_signal_reads(signals, text):
    """A signal that begins to read another setting must be written into READERS, or rehearsals are wrong."""
    submission = Submission(text=text, story=STORY, parent=Parent(text="Which bridge?"))
    for signal in signals:
        recorder = Recorder()
        signal.measure(Prepared(submission, recorder))
        for name in recorder.read:
            assert set(signal.scores) & READERS[name], f"{signal.name} reads {name}"


def test_every_setting_is_either_read_or_known_to_change_no_score():
    silent = {"signal_timeout_ms", "audit_share", "appeal_days", "nudge"}

    assert {field.name for field in msgspec.structs.fields(Settings)} == set(READERS) | silent


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({}, set()),
        ({"banned_words": ("rat",)}, {"banned_word"}),
        ({"watched_words": ()}, {"watched_word"}),
        ({"max_links": 5}, {"links"}),
        ({"own_domains": ("gazette.example",)}, {"links", "personal_data"}),
        ({"region": "DE"}, {"personal_data"}),
        ({"languages": ("de",)}, set(SCORE_NAMES)),
        ({"nudge": False, "audit_share": 0.1, "appeal_days": 200, "signal_timeout_ms": 9}, set()),
        ({"max_links": 5, "region": "DE"}, {"links", "personal_data"}),
    ],
    ids=["nothing", "banned", "watched", "links", "domains", "region", "language", "no score", "two"],
)
def test_what_may_differ(changed, names):
    other = msgspec.structs.replace(SETTINGS, **changed)

    assert scores_that_differ(SETTINGS, other) == names
    assert scores_that_differ(other, SETTINGS) == names


@pytest.mark.parametrize(
    "changed",
    [
        {"banned_words": ("bridge",)},
        {"watched_words": ("bridge",)},
        {"max_links": 0},
        {"own_domains": ("gazette.example",)},
        {"region": "US"},
    ],
    ids=["banned", "watched", "links", "domains", "region"],
)
@pytest.mark.parametrize("text", TEXTS[:2], ids=["data and links", "words"])
def test_a_part_measured_anew_is_what_all_signals_give(signals, text, changed):
    before = msgspec.structs.replace(SHIPPED, settings=SETTINGS)
    after = msgspec.structs.replace(SHIPPED, settings=msgspec.structs.replace(SETTINGS, **changed))
    submission = Submission(text=text, story=STORY)
    scorer = Scorer(before, after, lambda: Engine(signals, SHIPPED))

    found = scorer.measure(submission)

    for policy, scores in ((before, found.before), (after, found.after)):
        whole, _ = Engine(signals, policy).score(submission)
        assert scores == {name: whole[name].value if name in whole else None for name in scores}


class Counting:
    """A signal that counts how often it measures, and gives the number of banned words and links as scores."""

    def __init__(self, *names):
        self.name, self.scores, self.version = names[0], names, f"{names[0]}-1"
        self.measured = []

    def measure(self, prepared):
        self.measured.append(prepared.settings)
        return {name: Score(value=len(prepared.settings.banned_words) / 10) for name in self.scores}


@pytest.fixture
def counting():
    return {name: Counting(name) for name in ("insult", "banned_word", "links")}


@pytest.fixture
def scorer_of(counting):
    """A scorer for the shipped policy under two settings, with counting signals."""

    def build(before, after):
        policies = [msgspec.structs.replace(SHIPPED, settings=one) for one in (before, after)]
        return Scorer(*policies, lambda: Engine(tuple(counting.values()), SHIPPED))

    return build


ONE, TWO = Settings(banned_words=("a",)), Settings(banned_words=("a", "b"))
HELLO = Submission(text="Hello")


def test_the_same_settings_are_measured_once(scorer_of, counting):
    found = scorer_of(ONE, ONE).measure(HELLO)

    assert found.before is found.after
    assert [len(signal.measured) for signal in counting.values()] == [1, 1, 1]


def test_only_what_differs_is_measured_again(scorer_of, counting):
    found = scorer_of(ONE, TWO).measure(HELLO)

    assert (found.before["banned_word"], found.after["banned_word"]) == (0.1, 0.2)
    assert {name: len(signal.measured) for name, signal in counting.items()} == {
        "insult": 1,
        "banned_word": 2,
        "links": 1,
    }
    assert found.after["insult"] == found.before["insult"]


def test_given_scores_are_used_and_no_model_is_loaded():
    def refuse():
        raise AssertionError("nothing is to be measured")

    given = Given({"insult": 0.7}, ONE)
    policy = msgspec.structs.replace(SHIPPED, settings=ONE)

    found = Scorer(policy, policy, refuse).measure(None, given)

    assert (found.before, found.after, found.is_stale) == ({"insult": 0.7}, {"insult": 0.7}, False)


def test_given_scores_are_measured_anew_where_the_settings_change_them(scorer_of, counting):
    given = Given({"insult": 0.7, "banned_word": 0.9}, ONE)

    found = scorer_of(ONE, TWO).measure(HELLO, given)

    assert found.before == {"insult": 0.7, "banned_word": 0.9}
    assert found.after == {"insult": 0.7, "banned_word": 0.2}
    assert [len(signal.measured) for signal in counting.values()] == [0, 1, 0]


def test_what_is_stale_is_measured_again_whatever_the_settings(scorer_of, counting):
    given = Given({"insult": 0.7, "banned_word": 0.9}, ONE, stale=frozenset({"banned_word", "newsroom_refusal"}))
    scorer = scorer_of(ONE, ONE)

    found = scorer.measure(HELLO, given)

    assert scorer.needs_text(given)
    assert found.before is found.after
    assert found.after == {"insult": 0.7, "banned_word": 0.1}
    assert [len(signal.measured) for signal in counting.values()] == [0, 1, 0]


def test_scores_of_an_older_policy_are_measured_anew_for_both(scorer_of):
    given = Given({"insult": 0.7, "banned_word": 0.9}, Settings())

    found = scorer_of(ONE, TWO).measure(HELLO, given)

    assert (found.before["banned_word"], found.after["banned_word"]) == (0.1, 0.2)


@pytest.mark.parametrize("submission", [None, Submission(text="  ")], ids=["nothing", "blank"])
def test_without_a_text_the_given_scores_stay_and_that_is_said(scorer_of, submission):
    found = scorer_of(ONE, TWO).measure(submission, Given({"banned_word": 0.9}, ONE))

    assert (found.after, found.is_stale) == ({"banned_word": 0.9}, True)


def test_with_neither_text_nor_scores_nothing_is_known(scorer_of):
    assert scorer_of(ONE, TWO).measure(None) == Measured({}, {}, is_stale=True)


def test_a_text_that_cannot_be_judged_is_refused(scorer_of):
    with pytest.raises(SubmissionError):
        scorer_of(ONE, TWO).measure(Submission(text=" "))


@pytest.mark.parametrize(
    ("given", "needs"),
    [(None, True), (Given({}, ONE), True), (Given({}, Settings()), True)],
    ids=["no scores", "another after", "another both"],
)
def test_it_says_when_the_text_is_needed(scorer_of, given, needs):
    assert scorer_of(ONE, TWO).needs_text(given) is needs


def test_it_says_when_the_scores_are_enough(scorer_of):
    assert scorer_of(ONE, ONE).needs_text(Given({}, ONE)) is False


def test_scores_that_no_rule_looks_at_are_not_measured_again(counting):
    rules = {"rude": SHIPPED.rules["personal_abuse"]}
    policies = [msgspec.structs.replace(SHIPPED, rules=rules, settings=one) for one in (ONE, TWO)]
    scorer = Scorer(*policies, lambda: Engine(tuple(counting.values()), SHIPPED))

    assert scorer.needs_text(Given({"insult": 0.5}, ONE)) is False
    assert list(scorer.measure(HELLO).before) == ["insult"]
    assert len(counting["banned_word"].measured) == 0


def test_a_score_that_nothing_gives_is_unchecked(counting):
    scorer = Scorer(SHIPPED, SHIPPED, lambda: Engine(tuple(counting.values()), SHIPPED))

    assert scorer.measure(HELLO).before["spam"] is None


def test_a_signal_that_breaks_is_unchecked(counting):
    def broken(prepared):
        raise RuntimeError

    counting["insult"].measure = broken
    scorer = Scorer(SHIPPED, SHIPPED, lambda: Engine(tuple(counting.values()), SHIPPED))

    found = scorer.measure(HELLO).before
    assert (found["insult"], found["links"]) == (None, 0.0)


def test_why_a_score_is_unchecked_is_kept(scorer_of, counting):
    counting["banned_word"].measure = lambda _prepared: {"banned_word": Score.unchecked("language_unsupported")}
    given = Given({"insult": None, "banned_word": None}, ONE, {"insult": "no_story", "banned_word": "timeout"})

    before, after = scorer_of(ONE, TWO).measure(HELLO, given).causes

    assert before == {"insult": "no_story", "banned_word": "timeout"}
    assert after == {"insult": "no_story", "banned_word": "language_unsupported"}
