"""Sites and their domains, publishers' keys, and what the engine is told of a story."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import given
from hypothesis import strategies as st

from belowline.stories.models import PublisherKey, Site, Story


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("gazette.example", True),
        ("GAZETTE.example", True),
        ("gazette.example.", True),
        ("www.gazette.example", True),
        ("a.b.gazette.example", True),
        ("gazette.example.evil.example", False),
        ("evilgazette.example", False),
        ("evil-gazette.example", False),
        ("example", False),
        ("", False),
        (".gazette.example", True),
        ("gazette.example/", False),
        ("tram.example", True),
    ],
)
def test_which_hosts_are_a_sites_own(host, expected):
    assert Site(domains=["gazette.example", "tram.example"]).allows_host(host) is expected


@pytest.mark.parametrize("host", ["", ".", "gazette.example", "localhost"])
def test_a_site_without_domains_has_no_hosts(host):
    assert not Site(domains=[]).allows_host(host)


@given(st.text(max_size=30), st.sampled_from(["gazette.example", "x.example"]))
def test_another_name_before_a_domain_needs_a_dot(prefix, domain):
    site = Site(domains=[domain])

    assert site.allows_host(prefix + domain) is (prefix == "" or prefix.endswith("."))


def test_a_publishers_key_is_kept_as_a_hash(site):
    key, token = PublisherKey.issue(site, "the content system")

    assert len(token) >= 40
    assert token not in str(vars(key))
    assert key.digest == PublisherKey.hash(token)
    assert str(key) == "the content system"


def test_keys_are_found_while_they_are_live(site, other_site, django_assert_num_queries):
    from django.utils import timezone

    key, token = PublisherKey.issue(site, "one")
    _, other = PublisherKey.issue(other_site, "two")

    with django_assert_num_queries(1):
        assert PublisherKey.find(token).site == site
    assert PublisherKey.find(other).site == other_site
    assert PublisherKey.find(token + "x") is None
    assert PublisherKey.find("") is None
    assert PublisherKey.find(key.digest) is None

    key.revoked_at = timezone.now()
    key.save()
    assert PublisherKey.find(token) is None


def test_one_story_for_each_key_of_a_site(site, other_site, make_story):
    make_story(site, "bridge")
    make_story(other_site, "bridge")

    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.create(site=site, key="bridge")


def test_what_the_engine_is_told(story):
    told = story.for_engine()

    assert told.title == "Harbour bridge closed for repairs"
    assert told.section == "news"
    assert "cables" in told.body


def test_nothing_is_told_while_nothing_is_known(site):
    assert Story(site=site, key="x", body="text without a title").for_engine() is None


@pytest.mark.parametrize("title", ["", "Open thread"])
def test_that_nothing_is_off_topic_is_told_even_without_a_title(site, title):
    told = Story(site=site, key="x", title=title, judges_topic=False).for_engine()

    assert (told.title, told.judges_topic) == (title, False)


def test_a_story_is_called_by_its_title_or_its_key(site):
    assert str(Story(title="Bridge closed", key="bridge")) == "Bridge closed"
    assert str(Story(key="bridge")) == "bridge"
    assert str(site) == "The Gazette"


def test_every_change_raises_the_version_and_counts(story):
    before = story.thread_version
    story.bump()
    story.bump(comment_count=1)
    story.bump(comment_count=-1)
    story.bump(comment_count=1)

    story.refresh_from_db()
    assert (story.thread_version, story.comment_count) == (before + 4, 1)


def test_a_change_counts_also_when_the_story_was_read_long_ago(story):
    """Two processes hold the same story: neither undoes the other's step."""
    one, two = Story.objects.get(pk=story.pk), Story.objects.get(pk=story.pk)
    one.bump(comment_count=1)
    two.bump(comment_count=1)

    story.refresh_from_db()
    assert story.comment_count == 2


def test_a_site_with_stories_stays(site, story):
    with pytest.raises(ProtectedError):
        site.delete()
