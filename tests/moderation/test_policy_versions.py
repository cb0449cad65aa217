"""The versions of a site with what each changed; what the rules in the background met."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.engine.rehearsal import Split
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Certificate, Decision, PolicyVersion
from belowline.moderation.policy_versions import background_rules, certificate_of, policy_steps

LOUD = "THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW"


@pytest.fixture
def in_background(site, policy_text):
    """Let rules of the site run in the background."""

    def call(*codes):
        text = policy_text()
        for code in codes:
            text = text.replace(f"[rules.{code}]", f"[rules.{code}]\nbackground = true")
        return activate_policy(site=site, text=text)

    return call


def test_the_newest_first_each_with_what_it_changed(site, activate, admin, policy_text):
    activate_policy(site=site, text=policy_text(banned=("wombat", "rat")), by=admin)
    activate(site, banned=("rat",), sentence="Be brief.")

    newest, middle, first = policy_steps(site)

    assert [one.is_active for one in (newest, middle, first)] == [True, False, False]
    assert [one.words for one in newest.changes] == [
        "Settings: banned words wombat → (nothing)",
        "The policy: sentence under every article Be brief and kind. → Be brief.",
    ]
    assert (middle.row.activated_by, [one.after for one in middle.changes]) == (admin, ["rat"])
    assert "threat" in {one.code for one in first.changes}, "the shipped policy acted before"


def test_no_version_at_all(other_site):
    assert policy_steps(other_site) == []


def test_versions_of_other_sites_are_not_shown(site, other_site, activate):
    activate(other_site, name="Theirs")

    assert [one.row.site_id for one in policy_steps(site)] == [site.pk]


def test_only_so_many_and_the_last_is_compared_with_the_one_before(site, activate):
    for number in range(5):
        activate(site, banned=(f"word{number}",))

    steps = policy_steps(site, limit=2)

    assert [one.changes[0].words for one in steps] == [
        "Settings: banned words word3 → word4",
        "Settings: banned words word2 → word3",
    ]


def test_a_text_of_another_release_stops_nothing(site, activate):
    PolicyVersion.objects.create(site=site, version="old@1", text="[policy]\nhuh = 1")
    activate(site)

    newest, unreadable, first = policy_steps(site)

    assert (newest.changes, unreadable.changes) == ([], [])
    assert [one.is_readable for one in (newest, unreadable, first)] == [True, False, True]


def test_a_certificate_belongs_to_its_version(site, activate):
    row = site.policies.get()
    made = Certificate.objects.create(policy_version=row, document={})

    assert certificate_of(row) == made
    assert certificate_of(activate(site)) is None
    assert certificate_of(None) is None


def test_rules_in_the_background_are_counted(site, post, decide, in_background):
    in_background("shouting")
    post(LOUD)
    post(f"{LOUD} AGAIN")
    held = post(f"{LOUD} WOMBAT").comment
    decide(held, "reject", rule="banned_word")
    post("A quiet remark.")

    (found,) = background_rules(site, site_policy(site))

    assert (found.code, found.title) == ("shouting", "Shouting")
    assert found.week == found.month == Split(bad=1, unseen=2)


def test_older_ones_count_in_the_month_and_the_oldest_not_at_all(site, post, in_background):
    in_background("shouting")
    for days, text in ((1, LOUD), (8, f"{LOUD} TWICE"), (31, f"{LOUD} THRICE")):
        comment = post(text).comment
        Decision.objects.filter(comment=comment).update(created_at=timezone.now() - timedelta(days=days))

    (found,) = background_rules(site, site_policy(site))

    assert (found.week.total, found.month.total) == (1, 2)


def test_one_that_was_never_met(site, post, in_background):
    in_background("shouting", "links")
    post(LOUD)

    assert [(one.code, one.month.total) for one in background_rules(site, site_policy(site))] == [
        ("links", 0),
        ("shouting", 1),
    ]


def test_one_that_acts_again_is_no_longer_listed(site, post, in_background, activate):
    in_background("shouting")
    post(LOUD)
    activate(site)

    assert background_rules(site, site_policy(site)) == []


def test_without_any_nothing_is_read(site, django_assert_num_queries):
    policy = site_policy(site)

    with django_assert_num_queries(0):
        assert background_rules(site, policy) == []


def test_other_sites_do_not_count(site, other_site, make_story, post, in_background):
    in_background("shouting")
    post(LOUD, story=make_story(other_site))

    assert background_rules(site, site_policy(site))[0].month.total == 0


def test_an_edited_comment_counts_once(site, post, in_background):
    in_background("shouting")
    comment = post(LOUD).comment
    row = comment.decisions.get()
    row.pk = None
    row.save()

    assert background_rules(site, site_policy(site))[0].month.total == 1
