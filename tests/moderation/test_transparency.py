"""The report: what the page and the JSON say is what is in force and what happened."""

from datetime import UTC, datetime

import msgspec
import pytest
from django.utils import timezone

from belowline.engine import guarantees
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.engine import active_version
from belowline.moderation.models import Appeal, Certificate
from belowline.moderation.transparency import Report, write_report, write_terms


@pytest.fixture
def certificate():
    """What a calibration would have written."""
    promise = guarantees.Promise(bad_published=0.01, good_refused=0.005, confidence=0.95)

    def rate(errors, of):
        bound = guarantees.upper_bound(errors, of, promise.delta)
        return guarantees.Rate(errors=errors, of=of, rate=errors / of, bound=bound)

    figures = guarantees.Figures(
        published=2_100, rejected=40, coverage=0.81, bad_published=rate(9, 2_100), good_refused=rate(2, 1_950)
    )
    part = guarantees.Part(decisions=2_600, first_at=None, last_at=None)
    return guarantees.Certificate(
        status="calibrated",
        promise=promise,
        bounds_at=1 - promise.delta,
        made_at=datetime(2026, 3, 1, tzinfo=UTC),
        history=5_200,
        path=part,
        test=part,
        before=figures,
        after=figures,
        rules={},
        sections={},
        languages={},
        unknown_rules={},
        policy_before="a",
        policy_after="b",
        models={"abuse-1": 5_200},
    )


def test_the_terms_are_the_policy(site, policy_text):
    text = policy_text(reject=0.9, audit_share=0.02).replace('score = "links"', 'score = "links"\nbackground = true')
    version = activate_policy(site=site, text=text.replace("hold = 0.6", 'hold = 0.6\nsections = ["sport"]'))
    terms = write_terms(site)

    assert (terms.site, terms.policy, terms.active_since) == ("gazette", version.version, version.created_at)
    assert (terms.sentence, terms.languages, terms.contact) == (
        "Be brief and kind.",
        ("en",),
        "editor@gazette.example",
    )
    assert terms.rules_on_trial == 1
    banned, shouting = terms.rules
    assert (banned.code, banned.held_from, banned.rejected_from) == ("banned_word", 0.5, 0.9)
    assert (shouting.code, shouting.rejected_from, shouting.sections) == ("shouting", None, ("sport",))
    assert banned.for_readers == "For readers: Words that we do not publish."
    assert (terms.max_links, terms.appeal_days, terms.audit_share) == (2, 183, 0.02)


def test_thresholds_of_sections_desks_and_causes(site, policy_text):
    keys = 'hold = 0.6\nreject = 0.7\nhold_in = { sport = 0.8, "" = 0.5 }\ndesk = "newsroom"\n'
    text = policy_text(unchecked="hold").replace("hold = 0.6", keys + 'ignore_unchecked = ["no_story"]')
    activate_policy(site=site, text=text)
    banned, _, shouting = write_terms(site).rules

    assert (shouting.held_in, shouting.rejected_in) == ({"sport": 0.8, "": 0.5}, {"sport": 0.8})
    assert (shouting.held_if_unchecked, shouting.left_aside_if_unchecked_for) == (True, ("no_story",))
    assert (banned.desk, shouting.desk) == ("moderators", "newsroom")


def test_what_only_a_desk_reads(other_site):
    terms = write_terms(other_site)
    (listed,) = terms.lists

    assert (listed.code, listed.desk, listed.listed_from, listed.listed_in) == ("correction", "corrections", 0.7, {})
    assert "correction" not in [rule.code for rule in terms.rules]
    assert terms.rules_on_trial == 1  # insubstantial


def test_the_shipped_policy(other_site):
    assert write_terms(other_site).active_since is None
    assert write_report(other_site).history == []


def test_the_report_counts_what_happened(site, post, decide):
    rejected = post("What a wombat.").comment
    decision = decide(rejected, "reject", rule="banned_word")
    Appeal.objects.create(decision=decision, state="upheld")
    post("A quiet remark.")

    report = write_report(site)
    assert report.settled_share == 0.5
    (refusal,) = report.refusals
    assert (refusal.rule, refusal.title, refusal.by_machine, refusal.by_person, refusal.total) == (
        "banned_word",
        "Words that we do not publish",
        0,
        1,
        1,
    )
    (appeal,) = report.appeals
    assert (appeal.title, appeal.appeals, appeal.upheld) == ("Words that we do not publish", 1, 1)
    assert (report.audits.published.of, report.audits.promised) == (0, None)
    assert [model.name for model in report.models] == ["abuse", "topic"]


def test_the_most_contested_rule_comes_first(site, post, decide):
    for number, rule in enumerate(("banned_word", "links", "links")):
        decision = decide(post(f"What a wombat, number {number}.").comment, "reject", rule=rule)
        Appeal.objects.create(decision=decision)

    assert [(row.title, row.open) for row in write_report(site).appeals] == [
        ("Links", 2),
        ("Words that we do not publish", 1),
    ]


def test_the_certificate_of_the_acting_policy(site, activate, certificate):
    assert write_report(site).proof is None
    row = Certificate.objects.create(policy_version=active_version(site), document=msgspec.to_builtins(certificate))

    proof = write_report(site).proof
    assert proof.certificate == certificate
    assert (proof.voided_at, proof.void_cause) == (None, "")

    row.voided_at, row.void_cause = timezone.now(), "too many errors"
    row.save()
    assert write_report(site).proof.void_cause == "too many errors"

    activate(site, name="Uncalibrated")
    assert write_report(site).proof is None

    activate(site)  # the same text again: what was proved of it holds
    assert write_report(site).proof.certificate == certificate


def test_a_certificate_that_cannot_be_read_is_said_in_the_log(site, caplog):
    Certificate.objects.create(policy_version=active_version(site), document={"status": "odd"})

    assert write_report(site).proof is None
    assert "cannot be read" in caplog.text


def test_json_and_back(site, certificate, waits):
    Certificate.objects.create(policy_version=active_version(site), document=msgspec.to_builtins(certificate))
    waits(site, 12, [10] * 5)
    report = write_report(site)

    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report


def test_no_word_list_and_no_guidance_goes_out(site, policy_text):
    activate_policy(site=site, text=policy_text(banned=["numbat", "bilby"]))
    sent = msgspec.json.encode(write_report(site)).decode()

    assert "numbat" not in sent
    assert "For moderators" not in sent
