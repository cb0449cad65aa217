"""`belowline calibrate --site`: cut-offs out of the newsroom's own audits and decisions, activated with their proof."""

import json

import msgspec
import pytest
from tiny_lessons import keep_head, made_head

from belowline.cli import loading
from belowline.cli.calibrate import read_site, score_lines, site_head
from belowline.engine.guarantees import Certificate
from belowline.engine.policy import load_policy
from belowline.moderation.engine import active_version, base_engine
from belowline.moderation.models import Decision, HeadVersion
from belowline.moderation.watch import promise_of

LOUD = "This bridge is a SCANDAL AND EVERYBODY knows it, number {}"
HELD = "What a wombat of a harbour bridge this is, number {}."


@pytest.fixture
def answered(site, activate, review, decide, post):
    """A site whose moderators refuse what is half shouted, and 160 audited and 5 held comments."""
    activate(site, audit_share=1.0)
    for number in range(160):
        if number % 10:
            review()
        else:
            review("reject", "shouting", text=LOUD.format(number))
    for number in range(5):
        decide(post(HELD.format(number)).comment, "reject", rule="banned_word")
    return site


@pytest.fixture
def calibrate(run, tmp_path):
    def call(*options):
        files = ("--out", tmp_path / "new.toml", "--certificate", tmp_path / "proof.json")
        return run("calibrate", "--site", "gazette", "--bad-published", "0.08", "--confidence", "0.9", *files, *options)

    return call


@pytest.mark.slow
def test_the_sites_own_decisions_prove_a_stricter_policy(answered, calibrate, run, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "load_engine", base_engine)
    result = calibrate()

    assert result.exit_code == 0, result.output
    proof = msgspec.json.decode((tmp_path / "proof.json").read_bytes(), type=Certificate)
    assert (proof.status, proof.history) == ("calibrated", 165)
    assert proof.policy_before == active_version(answered).version
    assert proof.models == {base_engine().model: 165}
    assert proof.rules["shouting"].named == 16
    assert load_policy(tmp_path / "new.toml").rules["shouting"].hold < 0.37

    run("policy", tmp_path / "new.toml", "--activate", "gazette", "--certificate", tmp_path / "proof.json")
    promised = promise_of(active_version(answered))
    assert (promised.kind, promised.promise.bad_published) == ("certified", 0.08)


@pytest.mark.slow
def test_scores_of_other_models_are_measured_anew(answered, calibrate, post, tmp_path):
    """The small engine of these tests is not what judged: every comment is scored by it. What waits is said."""
    post()
    result = calibrate()
    proof = json.loads((tmp_path / "proof.json").read_text("utf-8"))

    assert list(proof["models"].values()) == [165]
    assert not Decision.objects.filter(model__in=proof["models"]).exists()
    assert "Note: 1 audits wait" in result.stderr
    assert "wombat" not in result.output


def test_without_audits_nothing_is_calibrated(site, held, decide, calibrate):
    decide(held)
    result = calibrate()

    assert result.exit_code == 2
    assert "no audit was answered on The Gazette" in result.stderr


def test_there_is_no_such_site(site, run):
    result = run("calibrate", "--site", "nowhere")

    assert result.exit_code == 1
    assert "there is no site with the key nowhere" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["--site", "gazette", "-"]], ids=["neither", "both"])
def test_one_past_is_asked_for(run, arguments):
    result = run("calibrate", *arguments)

    assert result.exit_code == 2
    assert "HISTORY or --site SITE, one of the two" in result.stderr


def test_the_head_that_acts_gives_its_score(site, activate, review, monkeypatch):
    """What it has scored stays; where another one acts since, that one scores the texts anew."""
    monkeypatch.setattr(loading, "load_engine", base_engine)
    activate(site, audit_share=1.0)
    keep_head(site, made_head(bias=1.0), is_active=True)
    review()

    def scored():
        head = site_head("gazette")
        lines = read_site("gazette", head)
        decided, models = score_lines(load_policy(), lines, head)
        return decided[0].scores["newsroom_refusal"], [line.submission for line in lines], models, head.version

    value, [submission], models, version = scored()
    assert (value, submission) == (pytest.approx(0.7311, abs=1e-4), None)
    assert [version in model for model in models] == [True]

    HeadVersion.objects.update(is_active=False)
    keep_head(site, made_head(bias=-1.0), is_active=True)
    value, [submission], models, version = scored()
    assert value == pytest.approx(0.2689, abs=1e-4)
    assert submission is not None
    assert [version in model for model in models] == [True]
