"""The matrix: every action, for every role, at one's own place and at others'."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.functional import SimpleLazyObject

from belowline.accounts.actions.grant_role import grant_role
from belowline.accounts.models import Grant, User
from belowline.accounts.permissions import (
    MATRIX,
    RANKS,
    ROLES,
    TITLES,
    Action,
    may,
    may_somewhere,
    people_who_may,
    rank_of,
    require,
    require_somewhere,
    roles_of,
    sites_for,
    within,
)
from belowline.comments.models import Comment
from belowline.moderation.models import Decision
from belowline.stories.models import Section, Story

LOWEST = {
    "see_desk": "auditor",
    "see_insights": "auditor",
    "search": "auditor",
    "see_private": "moderator",
    "decide": "moderator",
    "decide_batch": "moderator",
    "remove": "moderator",
    "undo_others": "senior",
    "escalate": "moderator",
    "answer_escalation": "senior",
    "decide_appeal": "moderator",
    "decide_notice": "moderator",
    "answer_reports": "moderator",
    "mute_reporter": "senior",
    "audit": "moderator",
    "warn": "moderator",
    "premoderate": "moderator",
    "suspend": "moderator",
    "ban": "senior",
    "lift_sanction": "senior",
    "write_note": "moderator",
    "write_handover": "moderator",
    "pick": "moderator",
    "control_story": "moderator",
    "set_section": "senior",
    "edit_templates": "senior",
    "edit_faq": "editor",
    "change_policy": "admin",
    "manage_people": "admin",
}
"""The matrix once more, by hand: whoever changes a permission changes it twice, and on purpose."""
LADDER = ["reader", "auditor", "moderator", "senior", "editor", "admin"]
PLACES = {
    "everything": (None, ""),
    "own site": ("site", ""),
    "own section": ("site", "sport"),
    "another section": ("site", "news"),
    "other site": ("other_site", ""),
    "its section of the same name": ("other_site", "sport"),
}
HOLDS = {
    "everything": set(PLACES),
    "site": {"own site", "own section", "another section"},
    "section": {"own section"},
}


@pytest.fixture
def holder(account, site):
    """Make somebody who holds a role for everything, on the site, or in its section sport."""

    def make(role, place="everything", name="Holder"):
        user = account(name)
        if role != "reader":
            where = {"everything": {}, "site": {"site": site}, "section": {"site": site, "section": "sport"}}[place]
            grant_role(user=user, role=role, by=None, **where)
        return user

    return make


@pytest.fixture
def spot(request, site, other_site):
    def call(name):
        key, section = PLACES[name]
        return {"site": {"site": site, "other_site": other_site}.get(key), "section": section}

    return call


@pytest.mark.parametrize("holding", HOLDS)
@pytest.mark.parametrize("role", LADDER)
def test_every_action_at_every_place(holder, spot, role, holding):
    user = holder(role, holding)

    found = {(action, place): may(user, action, **spot(place)) for action in Action for place in PLACES}
    assert found == {
        (action, place): place in HOLDS[holding] and LADDER.index(role) >= LADDER.index(LOWEST[action])
        for action in Action
        for place in PLACES
    }


def test_the_matrix_names_every_action_once_and_no_reader():
    assert set(MATRIX) == set(Action) == set(LOWEST)
    assert not any(User.Role.READER in row.roles for row in MATRIX.values())
    assert list(TITLES) == list(RANKS) == LADDER == [*User.Role]


def test_each_role_may_all_that_the_one_before_may():
    allowed = [{action for action, row in MATRIX.items() if role in row.roles} for role in ROLES]

    assert all(lower < higher for lower, higher in itertools.pairwise(allowed))


@pytest.mark.parametrize("action", Action)
def test_what_is_required_is_what_may_be_done(holder, site, other_site, action):
    user = holder(LOWEST[action], "site")

    require(user, action, site=site)
    require(user, action, site=site.pk, section="anything")
    require_somewhere(user, action)
    for place in ({}, {"site": other_site}):
        with pytest.raises(PermissionDenied, match="may not"):
            require(user, action, **place)


@pytest.mark.parametrize("action", Action)
def test_readers_and_strangers_may_nothing(reader, site, action):
    for nobody in (reader, AnonymousUser()):
        assert not may(nobody, action, site=site)
        assert not may_somewhere(nobody, action)
        with pytest.raises(PermissionDenied):
            require_somewhere(nobody, action)


@pytest.mark.parametrize("holding", HOLDS)
@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"lacks_second_factor": True}], ids=["closed", "no second factor"]
)
def test_an_account_that_may_not_use_its_role(holder, site, holding, change):
    user = holder("admin", holding)
    for name, value in change.items():
        setattr(user, name, value)

    assert roles_of(user) == ()
    assert not may(user, Action.DECIDE, site=site, section="sport")
    assert rank_of(user) == RANKS["admin"]


def test_roles_add_up(holder, site, other_site):
    user = holder("moderator")
    grant_role(user=user, role="editor", by=None, site=site, section="sport")

    assert may(user, Action.DECIDE, site=other_site)
    assert may(user, Action.EDIT_FAQ, site=site, section="sport")
    assert not may(user, Action.EDIT_FAQ, site=site)
    assert rank_of(user) == RANKS["editor"]


def test_a_reader_asks_no_database(reader, site, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not may(reader, Action.DECIDE, site=site)


def test_a_request_asks_once_for_local_roles(holder, site, django_assert_num_queries):
    user = SimpleLazyObject(lambda: User.objects.get(pk=holder("moderator", "site").pk))
    assert user.is_staff
    with django_assert_num_queries(1):
        assert all(may(user, Action.DECIDE, site=site) for _ in range(5))


def test_a_withdrawn_role_is_gone_for_objects_that_are_read_again(holder, site):
    user = holder("moderator", "site")
    assert may(user, Action.DECIDE, site=site)
    Grant.objects.all().delete()

    user.refresh_from_db()
    assert not may(user, Action.DECIDE, site=site)


# --- rows


@pytest.fixture
def everywhere(site, other_site, make_story, written):
    """A comment in two sections of one site, in one of another, and under a story without a section."""
    places = {
        "sport": (site, "sport"),
        "news": (site, "news"),
        "none": (site, ""),
        "courier": (other_site, "sport"),
    }
    return {
        name: written(name, story=make_story(at, f"in-{name}", section=section))
        for name, (at, section) in places.items()
    }


@pytest.mark.parametrize(
    ("role", "holding", "expected"),
    [
        ("moderator", "everything", {"sport", "news", "none", "courier"}),
        ("moderator", "site", {"sport", "news", "none"}),
        ("moderator", "section", {"sport"}),
        ("auditor", "everything", set()),
        ("reader", "everything", set()),
    ],
)
def test_lists_are_narrowed(holder, everywhere, role, holding, expected):
    user = holder(role, holding)

    assert set(within(user, Action.DECIDE, Comment.objects.all()).values_list("text_source", flat=True)) == expected
    stories = within(user, Action.DECIDE, Story.objects.all(), site="site", section="section")
    assert {story.key.removeprefix("in-") for story in stories.exclude(key="bridge")} == expected


def test_two_places_are_one_list(holder, everywhere, site, other_site):
    user = holder("moderator", "section")
    grant_role(user=user, role="senior", by=None, site=other_site)

    rows = within(user, Action.DECIDE, Comment.objects.order_by("text_source"))
    assert list(rows.values_list("text_source", flat=True)) == ["courier", "sport"]
    assert within(user, Action.BAN, Comment.objects.all()).get().text_source == "courier"


def test_rows_without_a_section_belong_to_the_whole_site(holder, site, other_site):
    for one in (site, other_site):
        Section.objects.create(site=one, name="sport")
    rows = Section.objects.all()

    assert not within(holder("senior", "section"), Action.BAN, rows, site="site", section=None).exists()
    assert within(holder("senior", "site", "Second"), Action.BAN, rows, site="site", section=None).get().site == site


@pytest.mark.parametrize(
    ("holding", "some", "whole"),
    [("everything", 2, 2), ("site", 1, 1), ("section", 1, 0)],
)
def test_sites(holder, other_site, holding, some, whole):
    user = holder("moderator", holding)

    assert sites_for(user, Action.DECIDE).count() == some
    assert sites_for(user, Action.DECIDE, whole=True).count() == whole
    assert not sites_for(user, Action.BAN).exists()


# --- people


def test_who_may(holder, account, site, other_site):
    whole, here, sport = (holder("moderator", place, place) for place in HOLDS)
    account("Auditor", "auditor")
    account("Gone", "admin", is_active=False)
    gone = holder("moderator", "site", "Gone from the site")
    User.objects.filter(pk=gone.pk).update(is_active=False)

    def names(**place):
        return set(people_who_may(Action.DECIDE, **place))

    assert names() == {whole}
    assert names(site=site) == names(site=site.pk, section="news") == {whole, here}
    assert names(site=site, section="sport") == names(site=site, section=None) == {whole, here, sport}
    assert names(site=other_site, section="sport") == {whole}
    assert not people_who_may(Action.BAN, site=site).exists()


def test_nobody_is_their_own_judge_where_a_colleague_of_that_place_is(holder, site, other_site, make_story, written):
    from belowline.moderation.impartial import why_own

    author = holder("moderator", name="Author")
    own = written("Mine.", author=author, story=make_story(site, "x", section="sport"))
    elsewhere = written("Mine.", author=author, story=make_story(other_site, "y", section="sport"))
    assert why_own(own, author) == ""
    holder("moderator", "section", "Colleague")

    assert why_own(own, author) != ""
    assert why_own(elsewhere, author) == ""


def test_a_decision_names_who_was_there(holder, site, make_story, written):
    """A local moderator decides like any other, and is named."""
    from belowline.moderation.actions.decide_comment import decide_comment

    user = holder("moderator", "section")
    held = written("Wait.", story=make_story(site, "x", section="sport"), status="held")
    decision = decide_comment(comment=held, moderator=user, outcome=Decision.Outcome.PUBLISH)

    assert (decision.moderator, Comment.objects.get().status) == (user, "published")
