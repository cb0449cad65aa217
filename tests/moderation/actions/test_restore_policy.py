"""An earlier policy acts again, as a new version."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.engine.errors import PolicyError
from belowline.engine.policy import load_policy
from belowline.events.models import Event
from belowline.moderation.actions.restore_policy import restore_policy
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import ActivatingError
from belowline.moderation.models import PolicyVersion


@pytest.fixture
def first(site):
    return site.policies.get()


def test_the_old_text_is_a_new_version(site, first, activate, admin):
    newer = activate(site, banned=("rat",))

    row = restore_policy(site=site, earlier=first, by=admin, last_seen=newer.pk)

    assert row.pk > newer.pk
    assert (row.version, row.text, row.activated_by) == (first.version, first.text, admin)
    assert site_policy(site).settings.banned_words == ("wombat",)
    assert site.policies.count() == 3


def test_what_happened_is_in_the_log(site, first, activate, admin):
    activate(site, banned=("rat",))

    row = restore_policy(site=site, earlier=first, by=admin)

    activated, restored = Event.objects.order_by("-id")[:2][::-1]
    assert (activated.tag, restored.tag) == ("policy:activated", "policy:restored")
    assert {event.subject_id for event in (activated, restored)} == {row.pk}
    assert restored.data == {"version": first.version, "earlier": first.pk}
    assert (restored.site_id, restored.actor_id) == (site.pk, admin.pk)


def test_the_shipped_policy_acts_again(site, first, admin):
    row = restore_policy(site=site, earlier=None, by=admin, last_seen=first.pk)

    assert site_policy(site) == load_policy()
    assert row.version == load_policy().version
    assert Event.objects.filter(tag="policy:restored").get().data["earlier"] is None


def test_the_operator_needs_no_account(site, first):
    assert restore_policy(site=site, earlier=first).activated_by is None


@pytest.mark.parametrize("who", ["reader", "moderator"])
def test_only_administrators(request, site, first, who):
    with pytest.raises(PermissionDenied):
        restore_policy(site=site, earlier=first, by=request.getfixturevalue(who))

    assert site.policies.count() == 1


def test_somebody_was_faster(site, first, activate, admin):
    activate(site, banned=("rat",))

    with pytest.raises(ActivatingError, match="Another policy has begun to act"):
        restore_policy(site=site, earlier=first, by=admin, last_seen=first.pk)

    assert site.policies.count() == 2
    assert not Event.objects.filter(tag="policy:restored").exists()


def test_a_version_of_another_site(site, other_site, activate, admin):
    theirs = activate(other_site)

    with pytest.raises(ValueError, match="where it acted before"):
        restore_policy(site=site, earlier=theirs, by=admin)


def test_a_text_that_this_release_no_longer_understands(site, first, admin):
    old = PolicyVersion.objects.create(site=site, version="old@1", text="[policy]\nname = 1")

    with pytest.raises(PolicyError):
        restore_policy(site=site, earlier=old, by=admin)

    assert site.policies.count() == 2
