"""Off topic: long comments that share nothing; never short ones, answers, or talk about the reporting."""

import json
import threading

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.engine.errors import ModelError
from belowline.engine.explain import CAUSES
from belowline.engine.policy import Settings
from belowline.engine.signals import topic
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.topic import Kept, TopicSignal, is_about_reporting, shorten
from belowline.engine.signals.topic_kinds import KIND_SCORES
from belowline.engine.submission import Parent, Story, Submission

SIGNAL = TopicSignal.load()
HOLD = 0.9
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

INJECTIONS = (
    "My doctor wants me to take these injections against obesity every week. Has anybody lost weight with them, and "
    "did it come back afterwards? The side effects that I read about frighten me."
)
SERIES = (
    "The second season is a disgrace. They killed the only character with a brain, the dialogue is written by a "
    "committee and the dragon looks like a rubber glove. I want my eight hours back."
)


def measure(text, story=STORY, parent=None, language=None, signal=SIGNAL):
    prepared = Prepared(Submission(text=text, story=story, parent=parent, language=language), Settings())
    return signal.measure(prepared)["off_topic"]


@pytest.mark.parametrize(
    "text",
    [pytest.param(BONDS, id="bonds"), pytest.param(INJECTIONS, id="injections"), pytest.param(SERIES, id="series")],
)
def test_a_long_comment_that_shares_nothing_is_held(text):
    assert measure(text).value >= HOLD


@pytest.mark.parametrize("text", [BISCUITS, FOOTBALL], ids=["biscuits under a bakery", "captains under a harbour"])
def test_words_of_a_near_subject_make_it_less_sure(text):
    assert 0.4 < measure(text).value < HOLD


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
        pytest.param("So the bridge has finally got a hang-up.", id="joke"),
    ],
)
def test_comments_on_the_story_are_not(text):
    assert measure(text).value < 0.6


@pytest.mark.parametrize("text", ["Exactly. Just like 2016.", "Get out, Pete", "👍", "Shame.", "https://a.example/b"])
def test_what_says_next_to_nothing_is_never_held(text):
    assert measure(text).value < HOLD


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
    assert measure(text).value <= topic.MOST_FOR_OTHER_KINDS


@pytest.mark.parametrize("text", ["The bridge is shut", "He wrote to his brother", "An articled clerk", ""])
def test_other_talk_is_not_about_the_reporting(text):
    assert not is_about_reporting(text)


PARENT = Parent(
    text="Tinned biscuits were better when chocolate fingers and proper shortbread filled half the selection.",
    root_text="My mother swears that her Christmas tin had more chocolate in it.",
)


def test_an_answer_to_the_comment_above_is_not_held():
    assert measure(BISCUITS, parent=PARENT).value < 0.3 < measure(BISCUITS).value


def test_an_answer_to_the_root_counts_too():
    root_only = Parent(text="Quite so.", root_text=PARENT.text)
    assert measure(BISCUITS, parent=root_only).value < measure(BISCUITS).value


def test_a_long_answer_that_shares_nothing_with_anything_is_still_seen():
    parent = Parent(text="The ferry will not sail above force six.", root_text="The bridge should have been inspected.")
    assert measure(BONDS, parent=parent).value >= 0.7


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
    assert measure(BISCUITS, Story(title="Brücke gesperrt", body=body)).cause == "story_language_unsupported"


def test_every_cause_has_words_for_readers():
    assert {"no_story", "language_unsupported", "story_language_unsupported"} <= CAUSES.keys()


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
    signal = fresh()
    first = signal.read_story(STORY)
    again = Story(title=STORY.title, standfirst=STORY.standfirst, body=BODY, section="Transport")
    assert signal.read_story(again) is first


def fresh():
    """A signal that has read nothing yet, with the models of SIGNAL."""
    return TopicSignal(
        SIGNAL.models, topic.Subject(SIGNAL.subject.encoder, SIGNAL.subject.rarity, SIGNAL.subject.bank), SIGNAL.heads
    )


class TestKept:
    def test_only_so_many_and_those_in_use(self):
        kept, made = Kept(2), []

        def get(key):
            return kept.get(key, lambda: made.append(key) or key)

        for key in ("a", "b", "a", "c", "a", "b"):
            assert get(key) == key
        assert made == ["a", "b", "c", "b"]

    def test_two_threads_may_compute_the_same(self):
        kept, start, found = Kept(2), threading.Barrier(2), []

        def compute():
            start.wait(20)
            return object()

        threads = [threading.Thread(target=lambda: found.append(kept.get("a", compute))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 2


class TestPrepared:
    def test_what_was_prepared_is_used_and_gives_the_same_score(self, monkeypatch):
        packed, expected = fresh().prepare(STORY), measure(BISCUITS, STORY)
        signal = fresh()
        monkeypatch.setattr(topic, "encode_passages", None)
        prepared = msgspec.structs.replace(STORY, reading=packed)

        assert measure(BISCUITS, prepared, signal=signal) == expected
        assert 1_000 < len(packed) < 20_000

    @pytest.mark.parametrize("reading", [b"damaged", fresh().prepare(Story(title="Another story"))])
    def test_what_does_not_fit_is_computed_anew(self, reading):
        changed = msgspec.structs.replace(STORY, reading=reading)
        assert measure(BISCUITS, changed, signal=fresh()) == measure(BISCUITS, STORY)


def test_many_threads_may_measure_at_once():
    signal, found = fresh(), {}
    stories = [Story(title=STORY.title, body=BODY + f"\n\nNumber {n}.") for n in range(4)]

    def judge(n):
        found[n] = measure(BISCUITS, stories[n % 4], signal=signal)

    threads = [threading.Thread(target=judge, args=[n]) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: measure(BISCUITS, stories[n % 4]) for n in range(12)}


class TestReplies:
    """The rule that joins both relations: off topic is `apart` unless it answers, in a thread about the story."""

    @pytest.mark.parametrize(
        ("answers", "stays", "expected"),
        [
            pytest.param(1, 1, 0.0, id="answers in a thread about the article"),
            pytest.param(1, 0, 1.0, id="answers a digression: follows the root"),
            pytest.param(0, 1, 1.0, id="answers nothing"),
            pytest.param(0, 0, 1.0, id="nothing at all"),
            pytest.param(0.5, 0.5, 0.75, id="half and half"),
        ],
    )
    def test_the_rule(self, monkeypatch, answers, stays, expected):
        told = iter((1 - answers, 1 - stays))
        monkeypatch.setattr(TopicSignal, "_likely", lambda *_: next(told))
        monkeypatch.setattr(type(SIGNAL.models.story), "probability", lambda *_: 1.0)
        story = SIGNAL.read_story(STORY)
        value = SIGNAL.off_topic(BISCUITS, SIGNAL.subject.sense(BISCUITS), story, PARENT)
        assert value == pytest.approx(expected)

    def test_a_removed_parent_is_none(self):
        assert measure(BISCUITS, parent=Parent(text=" ")) == measure(BISCUITS)


class TestKinds:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            pytest.param(
                "Why did you delete my comment? Moderators, explain yourselves.", "about_moderation", id="meta"
            ),
            pytest.param("Your app crashes on my tablet whenever I open this page.", "product_feedback", id="product"),
            pytest.param("First!", "insubstantial", id="first"),
            pytest.param(BODY.split("\n\n")[1], "copy_paste", id="paste"),
        ],
    )
    def test_messages_and_empty_ones_have_scores_of_their_own(self, text, name):
        found = SIGNAL.measure(Prepared(Submission(text=text, story=STORY), Settings()))
        assert found[name].value > 0.5
        assert found["off_topic"].kind == name
        assert found["off_topic"].value < HOLD

    def test_an_ordinary_comment_has_none(self):
        text = "A foot ferry every twenty minutes does not replace a bridge for fourteen thousand cars."
        found = SIGNAL.measure(Prepared(Submission(text=text, story=STORY), Settings()))
        assert all(found[name].value < 0.5 for name in KIND_SCORES)
        assert found["off_topic"].kind == "substantive"

    def test_unchecked_with_the_rest(self):
        found = SIGNAL.measure(Prepared(Submission(text="First!"), Settings()))
        assert {score.cause for score in found.values()} == {"no_story"}
        assert set(found) == set(TopicSignal.scores)


def test_the_version_names_the_kind():
    assert SIGNAL.version == "topic-sentences-1"
    assert SIGNAL.scores == ("off_topic", *KIND_SCORES)


def copy_model(folder, **changes):
    from importlib import resources

    for file in resources.files("belowline").joinpath("weights", "topic").iterdir():
        if not file.name.endswith(".md"):
            (folder / file.name).write_bytes(changes.get(file.name.split(".")[0], file.read_bytes()))


def rewrite_manifest(folder):
    """Let the manifest know the files as they are."""
    import hashlib

    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in manifest["files"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_model_in_a_folder_loads(tmp_path):
    copy_model(tmp_path)
    assert TopicSignal.load(tmp_path).models == SIGNAL.models


@pytest.mark.parametrize("name", ["model.json", "idf.json", "bank.safetensors", "kinds.safetensors", "encoder.onnx"])
def test_a_damaged_file_is_refused(tmp_path, name):
    copy_model(tmp_path)
    (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(ModelError, match="reinstall belowline"):
        TopicSignal.load(tmp_path)
    rewrite_manifest(tmp_path)
    with pytest.raises(ModelError, match="reinstall belowline"):
        TopicSignal.load(tmp_path)


def test_a_model_for_other_features_is_refused(tmp_path):
    copy_model(tmp_path)
    models = json.loads((tmp_path / "model.json").read_bytes())
    models["parent"]["features"][0] = "bm26"
    (tmp_path / "model.json").write_text(json.dumps(models))
    rewrite_manifest(tmp_path)
    with pytest.raises(ModelError, match="made for other features"):
        TopicSignal.load(tmp_path)


def test_another_version_is_refused():
    with pytest.raises(ModelError):
        TopicSignal.load(version="topic-words-1")


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=2))
def test_a_logistic_model(values):
    model = topic.TopicModel(("a", "b"), (1.0, -2.0), 0.5)
    assert model.probability(values) == pytest.approx(
        1 / (1 + np.exp(-np.clip(0.5 + values[0] - 2 * values[1], -60, 60)))
    )
