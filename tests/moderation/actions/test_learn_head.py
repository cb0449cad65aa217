"""A site learns: what is accepted acts and is kept, what is not is kept alone, a rehearsal keeps nothing."""

import pytest
from tiny_lessons import decide_many, fit_once, keep_head, made_head

from belowline.engine.guarantees import Promise
from belowline.engine.submission import Submission
from belowline.events.models import Event
from belowline.moderation.actions.learn_head import learn_head, read_lessons
from belowline.moderation.engine import active_head, base_engine, judge, usable_head
from belowline.moderation.models import Certificate, HeadVersion, PolicyVersion

RULE = """
[rules.house]
title = "House"
score = "newsroom_refusal"
hold = {hold}
unchecked = "ignore"
for_readers = "r"
for_moderators = "m"
explanation = "“{{excerpt}}”"
"""


@pytest.fixture(scope="module")
def fitted():
    return {}


@pytest.fixture
def newsroom(story, reader, admin, monkeypatch, fitted):
    """A site whose moderators refuse whoever would eat a goose."""
    fit_once(monkeypatch, fitted)
    decide_many(story, reader, admin, 520)
    return story.site


@pytest.fixture
def certify(site, activate, policy_text):
    """Let a policy act that looks at the score, with a certificate."""
    from belowline.moderation.actions.activate_policy import activate_policy

    def call(*, hold, bad_published=0.05, voided_at=None):
        row = activate_policy(site=site, text=policy_text() + RULE.format(hold=hold))
        promise = {"bad_published": bad_published, "good_refused": 0.0, "confidence": 0.95}
        document = {"status": "calibrated", "promise": promise}
        return Certificate.objects.create(policy_version=row, document=document, voided_at=voided_at)

    return call


def score(site, text):
    return judge(site, Submission(text=text, language="en")).scores["newsroom_refusal"].value


@pytest.mark.slow
def test_it_learns_its_newsrooms_taste(newsroom, admin):
    rehearsed = learn_head(site=newsroom, keep=False)
    assert (rehearsed.version, HeadVersion.objects.count()) == (None, 0)

    learned = learn_head(site=newsroom, by=admin)
    assert learned.report == rehearsed.report
    assert (learned.report.status, learned.report.decisions, learned.report.refused) == ("accepted", 520, 260)
    assert learned.report.gain.head_auc > 0.95
    assert learned.report.gain.low > 0
    assert active_head(newsroom) == learned.version
    assert learned.version.base_model == learned.report.base == base_engine().abuse.version
    assert learned.version.report["gain"]["head_auc"] == learned.report.gain.head_auc
    tags = list(Event.objects.filter(subject_id=learned.version.pk, tag__startswith="head:").values_list("tag", "data"))
    assert tags == [("head:learned", {"status": "accepted"}), ("head:activated", {})]
    assert score(newsroom, "I would serve that goose with chestnuts and red cabbage.") > 0.7
    assert score(newsroom, "I would close the bridge for one more week.") < 0.3

    again = learn_head(site=newsroom)
    assert (again.report.status, again.report.gain.rival) == ("no_gain", learned.report.head)
    assert active_head(newsroom) == learned.version
    assert again.version.is_active is False
    assert again.version.report["status"] == "no_gain"


@pytest.mark.slow
def test_a_promise_that_would_be_broken_keeps_the_head_from_acting(newsroom, certify):
    certify(hold=1.0)
    learned = learn_head(site=newsroom)

    assert learned.report.status == "bound_broken"
    assert learned.report.replay.promise == Promise(bad_published=0.05, good_refused=0.0, confidence=0.95)
    assert learned.version.is_active is False
    assert active_head(newsroom) is None


@pytest.mark.slow
def test_a_promise_that_is_proven_again_lets_it_act(newsroom, certify):
    certify(hold=0.5)
    learned = learn_head(site=newsroom)

    assert learned.report.status == "accepted"
    assert learned.report.replay.after.bad_published.bound <= 0.05
    assert active_head(newsroom) == learned.version


def test_too_few_decisions_are_said_and_nothing_is_kept(site, story, reader, admin):
    decide_many(story, reader, admin, 20)
    learned = learn_head(site=site)

    assert (learned.report.status, learned.report.more_decisions) == ("too_few", 480)
    assert learned.version is None
    assert not HeadVersion.objects.exists()


@pytest.mark.parametrize("acting", ["usable", "of another model", "damaged"])
def test_what_acts_now_is_what_must_be_beaten(site, story, reader, admin, acting):
    made = {
        "usable": lambda: keep_head(site, is_active=True),
        "of another model": lambda: keep_head(site, made_head(base="abuse-encoder-0"), is_active=True),
        "damaged": lambda: keep_head(site, weights=b"x", is_active=True),
    }
    made[acting]()
    present = usable_head(site)

    assert (present is not None) == (acting == "usable")


@pytest.mark.parametrize("state", ["void", "not proven", "of an older policy"])
def test_only_a_live_certificate_promises(site, activate, certify, state):
    from django.utils import timezone

    from belowline.moderation.actions.learn_head import _promise

    made = certify(hold=0.5, voided_at=timezone.now() if state == "void" else None)
    if state == "not proven":
        made.document["status"] = "not_kept"
        made.save()
    if state == "of an older policy":
        activate(site, name="Newer")
    assert PolicyVersion.objects.filter(site=site).count() > 1
    assert _promise(site) is None


def test_a_restored_policy_keeps_its_promise(site, activate, certify):
    from belowline.moderation.actions.activate_policy import activate_policy
    from belowline.moderation.actions.learn_head import _promise

    text = certify(hold=0.5).policy_version.text
    activate(site, name="Newer")
    assert _promise(site) is None

    activate_policy(site=site, text=text)
    assert _promise(site) is not None


def test_lessons_come_with_story_and_scores(site, story, reader, admin):
    decide_many(story, reader, admin, 4)
    lessons = list(read_lessons(site, base_engine()))

    assert [lesson.past.is_good for lesson in lessons] == [True, False, True, False]
    assert [lesson.past.rule for lesson in lessons] == ["", "shouting", "", "shouting"]
    assert {lesson.past.section for lesson in lessons} == {"news"}
    assert all(lesson.past.scores["off_topic"] is not None for lesson in lessons)
    assert [lesson.past.at for lesson in lessons] == sorted(lesson.past.at for lesson in lessons)
    assert {lesson.traits.shape for lesson in lessons} == {(base_engine().abuse.traits_width,)}


def test_comments_in_another_language_are_left_out(site, post, decide):
    german = "Habt ihr den wombat auf der Brücke gesehen? Der ist doch viel zu groß für einen Wombat, finde ich."
    decide(post(german).comment)

    assert list(read_lessons(site, base_engine())) == []
