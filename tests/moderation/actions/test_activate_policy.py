"""A policy begins to act: checked first, for one site, from the next comment on; a wrong one changes nothing."""

import threading

import msgspec
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from belowline.engine import guarantees
from belowline.engine.errors import CertificateError, PolicyError
from belowline.events.models import Event
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import ActivatingError
from belowline.moderation.models import Certificate, PolicyVersion
from belowline.stories.models import Story


def test_it_acts(site, policy_text, admin):
    row = activate_policy(site=site, text=policy_text(name="House rules"), by=admin)

    assert row.version.startswith("house-rules@")
    assert site_policy(site).name == "House rules"
    assert (row.text, row.activated_by) == (policy_text(name="House rules"), admin)
    event = Event.objects.order_by("-pk")[0]
    assert (event.tag, event.subject_id, event.site_id, event.actor_id) == (
        "policy:activated",
        row.pk,
        site.pk,
        admin.pk,
    )
    assert event.data == {"version": row.version}


def test_earlier_ones_stay(site, activate):
    activate(site, name="Second")
    activate(site, name="First again")

    assert [row.parse().name for row in PolicyVersion.objects.filter(site=site).order_by("pk")] == [
        "Small",
        "Second",
        "First again",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "this is not TOML",
        '[policy]\nname = "x"\nsentence = "y"\n',
        '[policy]\nname = "x"\nsentence = "y"\n[rules.a]\ntitle = "A"\n',
        "[policy\n",
        "\x00",
        "x = 1\n" * 50_000,
    ],
    ids=["empty", "no toml", "no rules", "half a rule", "broken", "null", "too long"],
)
def test_a_wrong_one_changes_nothing(site, story, text):
    before = (site_policy(site).version, PolicyVersion.objects.count(), Event.objects.count())
    version = Story.objects.get(pk=story.pk).thread_version

    with pytest.raises(PolicyError):
        activate_policy(site=site, text=text)

    assert (site_policy(site).version, PolicyVersion.objects.count(), Event.objects.count()) == before
    assert Story.objects.get(pk=story.pk).thread_version == version


def test_a_rule_that_would_reject_off_topic_comments_is_refused(site, policy_text):
    text = policy_text(reject=0.9).replace('score = "banned_word"', 'score = "off_topic"')

    with pytest.raises(PolicyError, match="never rejected by machine"):
        activate_policy(site=site, text=text)


def test_a_name_that_no_column_could_hold(site, policy_text):
    before = PolicyVersion.objects.count()

    with pytest.raises(PolicyError, match="name"):
        activate_policy(site=site, text=policy_text(name="long " * 100))
    assert PolicyVersion.objects.count() == before


def test_the_pages_of_the_site_are_made_anew_and_no_others(site, other_site, story, other_story, make_story, activate):  # noqa: PLR0917
    elsewhere = make_story(other_site)
    before = dict(Story.objects.values_list("pk", "thread_version"))
    activate(site, sentence="Another sentence.")
    after = dict(Story.objects.values_list("pk", "thread_version"))

    grown = {pk for pk in before if after[pk] > before[pk]}
    assert grown == {story.pk, other_story.pk}
    assert elsewhere.pk not in grown


def test_a_paper_with_many_stories(site, activate, django_assert_max_num_queries):
    Story.objects.bulk_create(Story(site=site, key=str(number), title="x") for number in range(200))

    with django_assert_max_num_queries(8):
        activate(site)


def test_comments_already_decided_stay_as_they_are(held, published, site, activate):
    activate(site, banned=(), reject=0.9)

    held.refresh_from_db()
    published.refresh_from_db()
    assert (held.status, published.status) == ("held", "published")
    assert held.decisions.count() == published.decisions.count() == 1


@pytest.mark.parametrize("who", ["reader", "moderator"])
def test_only_administrators_change_the_policy(request, site, policy_text, who):
    with pytest.raises(PermissionDenied):
        activate_policy(site=site, text=policy_text(name="Mine"), by=request.getfixturevalue(who))

    assert site_policy(site).name == "Small"


def test_an_administrator_whose_account_is_closed(site, policy_text, admin):
    admin.is_active = False

    with pytest.raises(PermissionDenied):
        activate_policy(site=site, text=policy_text(name="Mine"), by=admin)


def test_what_was_seen_still_acts(site, policy_text, admin):
    seen = site.policies.get().pk

    assert activate_policy(site=site, text=policy_text(name="Next"), by=admin, last_seen=seen).pk > seen


def test_the_shipped_policy_was_seen(other_site, policy_text, admin):
    assert activate_policy(site=other_site, text=policy_text(), by=admin, last_seen=0).pk


@pytest.mark.parametrize("seen", ["older", 0, 999_999])
def test_another_one_acts_meanwhile(site, policy_text, admin, activate, seen):
    older = site.policies.get().pk
    activate_policy(site=site, text=policy_text(name="Faster"), by=admin)

    with pytest.raises(ActivatingError, match="Gazette Editor") as caught:
        activate_policy(site=site, text=policy_text(name="Late"), last_seen=older if seen == "older" else seen)

    assert caught.value.code == "policy_changed"
    assert "faster@" in caught.value.message
    assert site_policy(site).name == "Faster"


def test_a_version_of_another_site_does_not_count(site, other_site, policy_text, activate):
    seen = site.policies.get().pk
    activate(other_site)

    assert activate_policy(site=site, text=policy_text(name="Next"), last_seen=seen)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_told(site, policy_text):
    """Both have seen the same version; one of them acts, and the other one is not written over it."""
    seen = site.policies.get().pk
    start, results = threading.Barrier(2), []

    def activate_at_once(name):
        try:
            start.wait(20)
            activate_policy(site=site, text=policy_text(name=name), last_seen=seen)
            results.append("acts")
        except ActivatingError as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=activate_at_once, args=[name]) for name in ("One", "Other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(results) == ["acts", "policy_changed"]
    assert site.policies.count() == 2


def test_a_certificate_is_kept_with_the_version(site, policy_text, certificate_for):
    text = policy_text(name="Proved")
    proof = certificate_for(text, bad_published=0.02)
    row = activate_policy(site=site, text=text, certificate=proof)

    kept = Certificate.objects.get()
    assert (kept.policy_version, kept.voided_at, kept.void_cause) == (row, None, "")
    assert msgspec.convert(kept.document, guarantees.Certificate) == proof


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"about": "other@123456789abc"}, "the certificate is about the policy other@123456789abc, and this is"),
        ({"status": "too_few"}, "this certificate proves nothing"),
        ({"status": "not_kept"}, "this certificate proves nothing"),
    ],
)
def test_a_certificate_of_something_else_changes_nothing(site, policy_text, certificate_for, changes, said):
    before = PolicyVersion.objects.count()
    text = policy_text(name="Proved")

    with pytest.raises(CertificateError, match=said) as raised:
        activate_policy(site=site, text=text, certificate=certificate_for(text, **changes))
    assert raised.value.code == "invalid_certificate"
    assert PolicyVersion.objects.count() == before
    assert not Certificate.objects.exists()


def test_the_event_says_what_else_there_is_to_say(site, policy_text):
    row = activate_policy(site=site, text=policy_text(name="Wider"), cause={"widens": 7})

    assert Event.objects.get(tag="policy:activated", subject_id=row.pk).data == {"version": row.version, "widens": 7}
