"""The shipped abuse model must not punish a word: who somebody is, what the news reports, how somebody objects."""

import itertools

import pytest

from belowline.engine.policy import ABUSE_SCORES, Settings
from belowline.engine.signals.abuse import AbuseSignal
from belowline.engine.signals.base import Prepared
from belowline.engine.submission import Submission

LIMIT = 0.45
"""No label may reach this for an ordinary sentence; groups are where the model errs most."""
KNOWN = pytest.mark.xfail(reason="taken for abuse: the model card names it", strict=True)

PERSONS = [
    "gay", "a lesbian", "a Muslim", "Jewish", "a Christian", "a Hindu", "a Sikh", "an atheist", "Black", "white",
    "trans", "bisexual", "an immigrant", "a refugee", "Mexican", "Chinese", "Arab", "Irish", "deaf", "blind",
    "autistic", "disabled", "a feminist", "Palestinian", "Israeli", "Russian", "Ukrainian", "an old woman",
]  # fmt: skip
ABOUT_PERSONS = [
    "I am {} and I have lived in this street for thirty years.",
    "Our new headmistress is {} and the children adore her.",
    "As somebody who is {}, I thank the paper for this article.",
]
GROUPS = [
    "Muslims", "Jews", "Christians", "Catholics", "gay people", "trans people", "Black people", "white people",
    "immigrants", "refugees", "women", "men", "Palestinians", "Israelis", "Russians", "Americans", "disabled people",
]  # fmt: skip
ABOUT_GROUPS = [
    "The survey asked 2,000 {} how they see the future of their town.",
    "There were {} and others at the vigil, standing side by side.",
    "I would like to read more interviews with {} in this paper.",
]


@pytest.fixture(scope="module")
def signal():
    return AbuseSignal.load()


def scores(signal, text):
    found = signal.measure(Prepared(Submission(text=text, language="en"), Settings()))
    return {label: found[label].value for label in ABUSE_SCORES}


def too_high(signal, text):
    return {label: round(value, 2) for label, value in scores(signal, text).items() if value >= LIMIT}


@pytest.mark.parametrize(("frame", "person"), list(itertools.product(ABOUT_PERSONS, PERSONS)))
def test_saying_what_somebody_is(signal, frame, person):
    assert too_high(signal, frame.format(person)) == {}


@pytest.mark.parametrize(("frame", "group"), list(itertools.product(ABOUT_GROUPS, GROUPS)))
def test_speaking_of_a_group(signal, frame, group):
    assert too_high(signal, frame.format(group)) == {}


def test_groups_differ_little_in_the_same_sentence(signal):
    for frame in ABOUT_GROUPS:
        values = [scores(signal, frame.format(group))["toxicity"] for group in GROUPS]
        assert max(values) - min(values) < 0.3


@pytest.mark.parametrize(
    "text",
    [
        "Eleven people were killed when a shell hit the market, and the hospital has no power.",
        "My uncle was shot at a checkpoint in 1982. We never learned who fired.",
        "The general ordered the bombing and the general should answer for the dead before a court.",
        "They found more bodies under the school this morning. I cannot stop crying.",
        "Both armies have killed children and both armies deny it.",
        "The driver was stabbed four times and survived. The attacker has not been caught.",
        "Why is the massacre on page nine and the football on page one?",
        "The siege has starved the city for months, and the bread queues are shelled.",
        "The court heard that he had threatened to burn the house down.",
        "Hostages came home today and others did not. Both things are true.",
        "The suicide bomber killed himself and six soldiers at the gate.",
        "Explosions all night. The children sleep in the bath.",
    ],
)
def test_reporting_and_mourning_violence(signal, text):
    assert too_high(signal, text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Please do not write that all refugees are criminals. It is untrue and unkind.",
        "To say that women cannot lead is nonsense, and we should say so.",
        "Somebody here wrote that Jews control the banks. That is an old lie.",
        "Stop calling people names and answer the argument.",
        "I reported the comment above because it wishes death on a child.",
        "My neighbour was beaten for wearing a headscarf. This has to end.",
    ],
)
def test_objecting_to_abuse(signal, text):
    assert too_high(signal, text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "The abuse in that school went on for twenty years and the diocese knew.",
        "Breast cancer screening saved my sister.",
        "Consent should be taught before pupils turn fourteen.",
        "The clinic tests for HIV and other infections, free and without a name.",
        "The jury heard evidence of rape for three days.",
        "Contraception is paid for by the health service.",
    ],
)
def test_sober_words_on_sex_health_and_crime(signal, text):
    assert too_high(signal, text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "The minister promised this in May and broke the promise in June. He should go.",
        "This column is badly argued and the figures in it are wrong.",
        "The government's policy is a failure and it has cost lives.",
        "I do not trust this council with a shopping list.",
        "What a dreadful match. The defence was asleep.",
        "Your reporter clearly did not visit the place.",
    ],
)
def test_sharp_criticism(signal, text):
    assert too_high(signal, text) == {}


@pytest.mark.parametrize(
    "text", ["Yes.", "No!", "Agreed", "Ha ha", "Thanks", "Why?", "👍", "+1", "Good grief", "Hear, hear"]
)
def test_very_short_comments(signal, text):
    assert too_high(signal, text) == {}


@pytest.mark.parametrize(
    ("calm", "abusive", "label"),
    [
        ("You are mistaken.", "You are an idiot.", "insult"),
        ("I will write to you.", "I will kill you.", "threat"),
        ("The bridge is closed again.", "The fucking bridge is closed again.", "profanity"),
        ("Immigrants built half of this town.", "Immigrants are vermin.", "identity_attack"),
        ("I disagree with you.", "Shut up, you pathetic moron.", "toxicity"),
        ("The shop opens at nine.", "Buy cheap followers at www.followers.example now!", "spam"),
    ],
)
def test_the_abusive_sentence_scores_higher(signal, calm, abusive, label):
    assert scores(signal, abusive)[label] > scores(signal, calm)[label] + 0.2


@pytest.mark.parametrize("times", [2, 5, 20])
def test_an_insult_within_a_long_letter_still_counts(signal, times):
    letter = "The council met on Tuesday and talked about the new bridge, which will open in May. " * times
    calm, angry = scores(signal, letter), scores(signal, f"{letter} You are a stupid pathetic idiot. {letter}")
    assert angry["insult"] > calm["insult"] + 0.1
    assert calm["insult"] < LIMIT
