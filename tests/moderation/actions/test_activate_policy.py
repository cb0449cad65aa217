"""A policy begins to act: checked first, for one site, from the next comment on; a wrong one changes nothing."""

import pytest

from belowline.engine.errors import PolicyError
from belowline.events.models import Event
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.engine import site_policy
from belowline.moderation.models import PolicyVersion
from belowline.stories.models import Story


def test_it_acts(site, policy_text, moderator):
    row = activate_policy(site=site, text=policy_text(name="House rules"), by=moderator)

    assert row.version.startswith("house-rules@")
    assert site_policy(site).name == "House rules"
    assert (row.text, row.activated_by) == (policy_text(name="House rules"), moderator)
    event = Event.objects.order_by("-pk")[0]
    assert (event.tag, event.subject_id, event.site_id, event.actor_id) == (
        "policy:activated",
        row.pk,
        site.pk,
        moderator.pk,
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
