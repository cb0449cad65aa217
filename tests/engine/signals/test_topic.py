"""Off topic: long comments that share nothing; never short ones, answers, or talk about the reporting."""

import json
import threading
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.engine.errors import ModelError
from belowline.engine.explain import CAUSES
from belowline.engine.policy import Settings
from belowline.engine.signals import topic
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.topic import TopicSignal, belief, is_about_reporting, shorten
from belowline.engine.submission import Parent, Story, Submission

SIGNAL = TopicSignal.load()
HOLD = 0.85
BODY = """The harbour bridge was closed to all traffic on Wednesday morning and is not expected to reopen.

A routine inspection over the weekend found cracks in four of the steel hangers that hold up the roadway.

A foot ferry will run from the Fish Steps from Friday, every 20 minutes. It will not sail in winds above force six.

Repairs are put at £5.4m, of which the county holds about a third. It has applied for an emergency grant.

Shopkeepers in Eastquay said that they feared for Christmas. "Half of my trade comes over that bridge on foot," said
Malcolm Byers, who has the bakery in Pilot Street. "They're not going to get on a boat for a loaf."
"""
STORY = Story(
    title="Harbour bridge shut until spring after cracks found in main hangers",
    standfirst="Fourteen thousand vehicles a day face a nine-mile detour",
    body=BODY,
    section="Transport",
)
BISCUITS = (
    "Anyone else think they have ruined the biscuits in the big tins this year? Bought one for my mother and there "
    "were no chocolate fingers, the shortbread crumbles into powder and the whole selection tastes of "
    "cardboard and palm oil."
)
BONDS = (
    "Does anyone who understands the stock market fancy explaining bonds to me in one paragraph? My building society "
    "keeps writing about maturity dates and coupon yields, and the adviser speaks entirely in percentages."
)
FOOTBALL = (
    "United were dreadful again on Saturday. The goalkeeper flapped at every corner, the striker missed a penalty and "
    "the manager substituted our captain for a teenager nobody had heard of. Season ticket holders deserve refunds."
)


def measure(text, story=STORY, parent=None, language=None, signal=SIGNAL):
    prepared = Prepared(Submission(text=text, story=story, parent=parent, language=language), Settings())
    return signal.measure(prepared)["off_topic"]


@pytest.mark.parametrize(
    "text",
    [pytest.param(BISCUITS, id="biscuits"), pytest.param(BONDS, id="bonds")],
)
def test_a_long_comment_that_shares_nothing_is_held(text):
    assert measure(text).value >= HOLD


def test_words_of_a_near_subject_make_it_less_sure():
    assert 0.4 < measure(FOOTBALL).value < HOLD


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("I used to walk over the bridge after a night shift and look at the boats.", id="experience"),
        pytest.param(
            "You'll lose one day in six to the wind until Christmas, and then the ferry will not sail at all, so the "
            "bakery and every other shop in Eastquay will lose its customers from the Old Town for months.",
            id="consequence",
        ),
        pytest.param(
            "Within its inspection interval throughout means that they moved the interval. I'd love to run my car on "
            "that basis, with cracks in the steel and nobody signing for the repairs.",
            id="a claim of the article",
        ),
        pytest.param(
            "When they shut the bridge at Severn for a year, half the shops in our town closed and never reopened. "
            "The council promised compensation and paid nothing at all.",
            id="comparison",
        ),
        pytest.param("Exactly. Just like 2016.", id="short"),
        pytest.param("Get out, Pete", id="very short"),
        pytest.param("👍", id="picture"),
        pytest.param("Shame.", id="one word"),
        pytest.param("So the bridge has finally got a hang-up.", id="joke"),
    ],
)
def test_comments_on_the_story_are_not(text):
    assert measure(text).value < 0.6


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "This article is typical of lazy weekend writing, all adjectives, and misses every point.", id="article"
        ),
        pytest.param(
            "Whoever wrote that headline should return to school and study grammar and punctuation.", id="headline"
        ),
        pytest.param(
            "The reporter forgot to ask anybody under forty, as usual in these provincial pages.", id="reporter"
        ),
        pytest.param(
            "There is a typo, paragraph three, second sentence, where somebody dropped a consonant.", id="typo"
        ),
        pytest.param(
            "Great piece, thoughtful, balanced, generous; subscribing tomorrow with my pension money.", id="piece"
        ),
    ],
)
def test_talk_about_the_reporting_is_on_topic(text):
    assert is_about_reporting(text)
    assert measure(text).value <= topic.MOST_FOR_META


@pytest.mark.parametrize("text", ["The bridge is shut", "He wrote to his brother", "An articled clerk", ""])
def test_other_talk_is_not_about_the_reporting(text):
    assert not is_about_reporting(text)


PARENT = Parent(
    text="Tinned biscuits were better when chocolate fingers and proper shortbread filled half the selection.",
    root_text="My mother swears that her Christmas tin had more chocolate in it.",
)


def test_an_answer_to_the_comment_above_is_not_held():
    assert measure(BISCUITS, parent=PARENT).value < 0.5 < measure(BISCUITS).value


def test_an_answer_to_the_root_counts_too():
    root_only = Parent(text="Quite so.", root_text=PARENT.text)
    assert measure(BISCUITS, parent=root_only).value < measure(BISCUITS).value


def test_a_long_answer_that_shares_nothing_with_anything_is_still_seen():
    parent = Parent(text="The ferry will not sail above force six.", root_text="The bridge should have been inspected.")
    assert measure(BONDS + " " + FOOTBALL, parent=parent).value >= 0.7


@pytest.mark.parametrize(
    "text",
    [
        "Exactly. Just like 2016.",
        "He said the same about trains, remember?",
        "Mine too, and my neighbour's, and my sister's dog.",
        "Rubbish, Pete. Absolute rubbish.",
    ],
)
def test_short_answers_are_never_high(text):
    assert measure(text, parent=PARENT).value < 0.5


def test_headline_alone_is_enough_for_a_matching_comment():
    bare = Story(title=STORY.title)
    assert (
        measure("The cracks in those hangers were known, and the harbour bridge was never repaired.", bare).value < 0.3
    )


def test_no_story_is_unchecked():
    score = measure(BISCUITS, story=None)
    assert score.value is None
    assert score.cause == "no_story"


@pytest.mark.parametrize("title", ["", "  ", "…", "The and of"])
def test_a_story_without_words_is_unchecked(title):
    assert measure(BISCUITS, Story(title=title)).cause == "no_story"


def test_another_language_is_unchecked():
    text = "Chez nous c'était un cygne qui bloquait le bac tous les dimanches, et on a changé l'horaire."
    assert measure(text).cause == "language_unsupported"
    assert measure("The bridge is shut", language="de").cause == "language_unsupported"


def test_a_story_in_another_language_is_unchecked():
    body = (
        "Die Brücke über den Hafen bleibt bis zum Frühjahr gesperrt, weil Risse gefunden wurden und niemand weiß. " * 5
    )
    assert measure(BISCUITS, Story(title="Brücke gesperrt", body=body)).cause == "language_unsupported"


def test_every_cause_has_words_for_readers():
    assert {"no_story", "language_unsupported"} <= CAUSES.keys()


def test_evidence_is_the_nearest_paragraph():
    assert "cracks in four of the steel hangers" in measure("Cracks in steel hangers, again!").evidence
    assert "foot ferry" in measure("A ferry from the Fish Steps every twenty minutes?").evidence


def test_evidence_is_there_when_nothing_is_shared():
    assert measure(BISCUITS).evidence


def test_evidence_of_a_bare_headline_is_the_headline():
    assert measure(BISCUITS, Story(title="Bridge shut")).evidence == "Bridge shut"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("short", "short", id="short"),
        pytest.param("two\n  lines", "two lines", id="lines"),
        pytest.param("word " * 60, "word " * 26 + "word…", id="cut at a blank"),
        pytest.param("x" * 200, "x" * 139 + "…", id="one long word"),
        pytest.param("", "", id="empty"),
    ],
)
def test_shorten(text, expected):
    assert shorten(text) == expected


@given(st.text(max_size=400))
def test_shortened_texts_fit(text):
    assert len(shorten(text)) <= 140
    assert "\n" not in shorten(text)


@pytest.mark.parametrize(
    ("count", "is_reply", "expected"),
    [
        (0, False, 0.0),
        (3, False, 0.0),
        (12, False, 1.0),
        (50, False, 1.0),
        (3, True, 0.0),
        (20, True, 1.0),
    ],
)
def test_belief(count, is_reply, expected):
    assert belief(count, is_reply=is_reply) == expected


@given(st.integers(0, 100), st.booleans())
def test_belief_grows_and_replies_are_believed_later(count, is_reply):
    assert belief(count, is_reply=is_reply) <= belief(count + 1, is_reply=is_reply)
    assert belief(count, is_reply=True) <= belief(count, is_reply=False)


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=300))
def test_always_a_number_in_range_or_unchecked(text):
    score = measure(text, language="en")
    assert score.value is not None
    assert 0.0 <= score.value <= 1.0


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(["bridge", "harbour", "cracks", "hangers", "ferry", "inspection"]), min_size=3, max_size=9)
)
def test_words_of_the_story_make_a_comment_less_off_topic(words):
    assert measure(BONDS + " " + " ".join(words)).value <= measure(BONDS).value


def test_a_story_is_read_once():
    signal = TopicSignal(SIGNAL.model, SIGNAL.subject)
    first = signal.read_story(STORY)
    assert (
        signal.read_story(Story(title=STORY.title, standfirst=STORY.standfirst, body=BODY, section="Transport"))
        is first
    )


def test_only_so_many_stories_are_kept(monkeypatch):
    monkeypatch.setattr(topic, "MOST_STORIES", 3)
    signal = TopicSignal(SIGNAL.model, SIGNAL.subject)
    stories = [Story(title=f"Story number {n}") for n in range(5)]
    readings = [signal.read_story(story) for story in stories]
    assert len(signal._stories) == 3
    assert signal.read_story(stories[4]) is readings[4]
    assert signal.read_story(stories[0]) is not readings[0]


def test_a_story_in_use_is_kept(monkeypatch):
    monkeypatch.setattr(topic, "MOST_STORIES", 2)
    signal = TopicSignal(SIGNAL.model, SIGNAL.subject)
    first = signal.read_story(STORY)
    for n in range(5):
        signal.read_story(Story(title=f"Story number {n}"))
        assert signal.read_story(STORY) is first


def test_many_threads_may_measure_at_once():
    signal = TopicSignal(SIGNAL.model, SIGNAL.subject)
    found = []
    stories = [Story(title=STORY.title, body=BODY + f"\n\nNumber {n}.") for n in range(4)]
    threads = [
        threading.Thread(target=lambda n=n: found.append(measure(BISCUITS, stories[n % 4], signal=signal).value))
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert max(found) - min(found) < 0.05


def test_the_version_names_the_kind():
    assert SIGNAL.version == "topic-words-1"
    assert SIGNAL.scores == ("off_topic",)


def copy_model(folder, **changes):
    from importlib import resources

    for file in resources.files("belowline").joinpath("weights", "topic").iterdir():
        if not file.name.endswith(".md"):
            (folder / file.name).write_bytes(changes.get(file.name.split(".")[0], file.read_bytes()))


def test_a_model_in_a_folder_loads(tmp_path):
    copy_model(tmp_path)
    assert TopicSignal.load(tmp_path).model == SIGNAL.model


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"model": b"{}"}, id="another model file"),
        pytest.param({"idf": b"[]"}, id="another table"),
        pytest.param({"manifest": b"nonsense"}, id="no manifest"),
        pytest.param({"words": b"one two"}, id="another list of words"),
        pytest.param({"vectors": b""}, id="no vectors"),
        pytest.param({"bank": b"x"}, id="a damaged bank"),
    ],
)
def test_a_damaged_model_is_refused(tmp_path, changes):
    copy_model(tmp_path, **changes)
    with pytest.raises(ModelError):
        TopicSignal.load(tmp_path)


def test_a_missing_model_is_refused(tmp_path):
    with pytest.raises(ModelError):
        TopicSignal.load(tmp_path)


def test_a_model_for_other_features_is_refused(tmp_path):
    from hashlib import sha256

    copy_model(tmp_path)
    model = json.loads((tmp_path / "model.json").read_bytes())
    model["features"][0] = "other"
    data = json.dumps(model).encode()
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    manifest["files"]["model.json"] = sha256(data).hexdigest()
    (tmp_path / "model.json").write_bytes(data)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="other features"):
        TopicSignal.load(tmp_path)


def test_other_words_for_the_same_thing_are_nearer():
    story = Story(title="Army calls up reservists", body="Soldiers left the barracks for the border on Monday.")
    near = "My brother served in the infantry and every regiment lost troops, officers, tanks and plenty of ammunition."
    far = "My brother worked in the bakery and every wedding needed cakes, icing, candles and plenty of marzipan."
    assert measure(near, story).value < measure(far, story).value


def test_what_is_known_about_a_story_is_its_words_and_their_meaning():
    known = SIGNAL.read_story(STORY)
    assert known.reading.passages[0].text == STORY.title
    assert known.senses.passages.shape == (len(known.reading.passages), SIGNAL.subject.vectors.table.shape[1])


def test_there_is_a_number_for_every_feature():
    known = SIGNAL.read_story(STORY)
    assert len(SIGNAL.subject.compare(Counter(["bridg"]), [known])) == len(topic.FEATURES)
    assert len(set(topic.FEATURES)) == len(topic.FEATURES)


def test_the_shipped_files_stay_small(tmp_path):
    copy_model(tmp_path)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 4_300_000
