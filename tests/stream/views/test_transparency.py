"""The transparency page and its JSON: for everybody, for reading, without anything personal."""

import html
import json
import re
from itertools import count

import msgspec
import pytest
from django.utils import timezone

from belowline.engine.guarantees import Certificate as Proof
from belowline.events.models import record_event
from belowline.events.tags import POLICY_ACTIVATED
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.engine import active_version
from belowline.moderation.models import Appeal, Audit, Certificate, Decision

PAGE, REPORT, TERMS = "/transparency/gazette/", "/transparency/gazette.json", "/transparency/gazette/terms.json"
RATE = {"errors": 9, "of": 2_100, "rate": 9 / 2_100, "bound": 0.00807}
FIGURES = {
    "published": 2_100,
    "rejected": 0,
    "coverage": 0.814,
    "bad_published": RATE,
    "good_refused": RATE | {"errors": 0},
}
PART = {"decisions": 2_600, "first_at": None, "last_at": None}
DOCUMENT = {
    "status": "calibrated",
    "promise": {"bad_published": 0.01, "good_refused": 0.005, "confidence": 0.95},
    "bounds_at": 0.975,
    "made_at": "2026-03-01T00:00:00Z",
    "history": 5_200,
    "path": PART,
    "test": PART,
    "before": FIGURES,
    "after": FIGURES,
    "rules": {},
    "sections": {},
    "languages": {},
    "unknown_rules": {},
    "policy_before": "a",
    "policy_after": "b",
    "models": {},
}


@pytest.fixture
def page(stranger, site):
    """The page as text, blanks collapsed."""

    def call(path=PAGE):
        answer = stranger.get(path)
        assert answer.status_code == 200
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())

    return call


@pytest.fixture
def audit(site, post, moderator):
    """Draw the machine's decision about a new comment for review; with an outcome it is reviewed."""
    numbers = count(1)

    def call(outcome):
        decision = post(f"A quiet remark, number {next(numbers)}, on bridge and tolls.").decision
        done = {"reviewer": moderator, "outcome": outcome, "reviewed_at": timezone.now()} if outcome else {}
        Audit.objects.create(decision=decision, policy_version=active_version(site), **done)

    return call


@pytest.mark.parametrize("who", ["stranger", "as_reader", "as_moderator"])
@pytest.mark.parametrize("path", [PAGE, REPORT, TERMS, f"{PAGE}models/abuse/", f"{PAGE}models/topic/"])
def test_everybody_reads_it(request, site, who, path):
    client = request.getfixturevalue(who)

    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/transparency/nobody/",
        "/transparency/nobody.json",
        "/transparency/nobody/terms.json",
        "/transparency/nobody/models/abuse/",
        "/transparency/gazette/models/perspective/",
        "/transparency/gazette/models/nothing/",
    ],
)
def test_what_is_not_there(stranger, site, path):
    assert stranger.get(path).status_code == 404


def test_the_example_is_a_certificate():
    assert msgspec.convert(DOCUMENT, Proof).promise.delta == pytest.approx(0.025)


def test_a_site_without_anything(page):
    shown = page()

    assert "No comment was refused in these days." in shown
    assert "Nobody has proven yet, from decisions of its moderators, how often they err." in shown
    assert "No decision under this policy was reviewed blind yet." in shown
    assert "There was no appeal in these days." in shown
    assert "Words that we do not publish from 50 % never" in shown
    assert "in force" in shown
    assert "editor@gazette.example" in shown


def test_what_software_may_decide_follows_the_policy(page, site, policy_text):
    text = policy_text(reject=0.93).replace('score = "links"', 'score = "links"\nbackground = true')
    activate_policy(site=site, text=text)

    shown = page()
    assert "Words that we do not publish from 50 % from 93 %" in shown
    assert "1 more rule is being tried out" in shown
    assert "Software rejects by “Words that we do not publish” from 93 %." in shown


def test_figures_and_appeals(page, site, post, decide):
    decision = decide(post("What a wombat.").comment, "reject", rule="banned_word")
    post("A quiet remark.")
    Appeal.objects.create(decision=decision, state="overturned")
    Appeal.objects.create(decision=decide(post("Wombat two.").comment, "reject", rule="links"), state="open")

    shown = page()
    assert "Comments written 3" in shown
    assert "Published 1" in shown
    assert "Rejected or removed 2" in shown
    assert "Settled by software 33 %" in shown
    assert "Links 1 0" in shown  # the other one was overturned
    assert "Words that we do not publish 1 0 1 0" in shown


def test_the_certificate(page, site):
    row = Certificate.objects.create(policy_version=active_version(site), document=DOCUMENT)

    shown = page()
    assert (
        "chosen on 1 March 2026 from 5,200 earlier decisions of our moderators, so that with a confidence of 95 %"
        in shown
    )
    assert "moderators would have refused 1 % 9 of 2,100 0.81 %" in shown
    assert "software rejects 0.5 % 0 of 2,100 0.81 %" in shown
    assert "At most, with 97.5 % confidence" in shown
    assert "Software settled 81 % of the comments on which this was tested." in shown
    assert "void" not in shown

    row.voided_at, row.void_cause = timezone.now(), "9 of 200 reviewed comments"
    row.save()
    shown = page()
    assert "This promise is void" in shown
    assert "it no longer holds: 9 of 200 reviewed comments" in shown
    assert "certificate void since" in shown


def test_parts_of_the_paper_where_there_are_enough(page, site):
    part = {"decisions": 900, "published": 700, "errors": 2, "bound": 0.0102}
    few = {"decisions": 9, "published": 7, "errors": None, "bound": None}
    document = DOCUMENT | {"sections": {"sport": part, "opinion": few}, "languages": {"cy": part}}
    Certificate.objects.create(policy_version=active_version(site), document=document)

    shown = page()
    assert "Of what it publishes in the section “sport” – 2 of 700 1.1 %" in shown
    assert "Of what it publishes in Welsh – 2 of 700 1.1 %" in shown
    assert "opinion" not in shown


def test_a_calibration_that_proved_nothing(page, site):
    Certificate.objects.create(policy_version=active_version(site), document=DOCUMENT | {"status": "not_kept"})

    assert "and could not. They are the newsroom’s choice" in page()


def test_blind_reviews(page, site, post, moderator):
    post("A quiet remark.")
    post("Another quiet remark.")
    for decision, outcome in zip(Decision.objects.all(), ("publish", "reject"), strict=True):
        Audit.objects.create(
            decision=decision,
            policy_version=active_version(site),
            reviewer=moderator,
            outcome=outcome,
            reviewed_at=timezone.now(),
        )

    shown = page()
    assert "Of 2 reviewed comments that software had published, the reviewers would have refused 1." in shown
    assert "So of all that it publishes it is at most 98 %, with a confidence of 95 % for one look." in shown
    assert "software had rejected" not in shown
    assert "promised" not in shown.partition("Looked at again")[2].partition("Appeals")[0]


def test_a_promise_is_watched(page, site, audit):
    Certificate.objects.create(policy_version=active_version(site), document=DOCUMENT)
    audit("publish")
    assert "tested whether more than the promised 1 % of what software publishes is wrong. So far nothing" in page()

    for _ in range(30):
        audit("reject")
    assert "So many errors are no accident: the promise of at most 1 %" in page()


def test_holds_that_the_machine_has_lowered(page, site, policy_text):
    row = Certificate.objects.create(policy_version=active_version(site), document=DOCUMENT)
    version = activate_policy(site=site, text=policy_text(name="Widened"))
    record_event(
        POLICY_ACTIVATED,
        subject_id=version.pk,
        site_id=site.pk,
        actor_id=None,
        widens=row.policy_version_id,
        certificate=row.pk,
    )

    shown = page()
    assert "So it holds more comments now, by itself. That is a brake and no new proof" in shown
    assert "the newsroom’s choice" not in shown


def test_reviews_that_wait(page, site, audit):
    audit("")

    assert "1 decision was drawn and waits for its review." in page()
    assert "No decision under this policy was reviewed blind yet." in page()


def test_sections_and_desks_of_rules(page, site, policy_text):
    keys = 'hold = 0.6\nreject = 0.7\nhold_in = { sport = 0.8, "" = 0.5 }\ndesk = "newsroom"'
    listed = 'score = "links"\nbackground = true\ndesk = "corrections"'
    text = policy_text().replace("hold = 0.6", keys).replace('score = "links"', listed)
    activate_policy(site=site, text=text)

    shown = page()
    assert (
        "Shouting from 60 % in sport: from 80 % in articles without a section: from 50 % our newsroom "
        "from 70 % in sport: from 80 %"
    ) in shown
    assert "Links from 50 % our corrections desk, after it has appeared never" in shown
    assert "being tried out" not in shown


def test_the_json_says_what_the_page_says(stranger, site, post):
    post("A quiet remark.")
    answer = stranger.get(REPORT)
    report = json.loads(answer.content)

    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert report["format"] == 1
    assert report["terms"] == json.loads(stranger.get(TERMS).content)
    assert report["figures"]["statuses"] == {"published": 1}
    assert report["settled_share"] == 1.0
    assert report["history"][0]["is_active"] is True
    assert {model["name"] for model in report["models"]} == {"abuse", "topic"}


def test_nothing_personal_is_told(stranger, site, reader, moderator, post, decide):  # noqa: PLR0917
    decide(post("What a wombat.").comment, "reject", rule="banned_word")

    for path in (PAGE, REPORT, TERMS):
        sent = stranger.get(path).content.decode()
        for secret in (reader.display_name, reader.email, moderator.email, moderator.display_name, "wombat"):
            assert secret not in sent


def test_the_faq_leads_here_and_back(stranger, site):
    assert 'href="/transparency/gazette/"' in stranger.get("/faq/gazette/").content.decode()
    assert 'href="/faq/gazette/"' in stranger.get(PAGE).content.decode()
    assert f'href="{REPORT}"' in stranger.get(PAGE).content.decode()


def test_a_model_card(page):
    shown = page("/transparency/gazette/models/abuse/")

    assert "Model card: abuse-cascade-6" in shown
    assert "English only" in shown


def test_few_queries(stranger, site, django_assert_max_num_queries):
    stranger.get(PAGE)
    with django_assert_max_num_queries(12):
        stranger.get(PAGE)
