"""On whose pages ours may stand."""

import pytest

from belowline.stories.models import Site
from belowline.stream import frames
from belowline.stream.frames import frame_ancestors


@pytest.mark.parametrize(
    ("domains", "sources"),
    [
        ([], []),
        (["gazette.example"], ["https://gazette.example", "https://*.gazette.example"]),
        (["localhost"], ["http://localhost:*"]),
        (["127.0.0.1"], ["http://127.0.0.1:*"]),
        (
            ["tram.example", "gazette.example"],
            [
                "https://gazette.example",
                "https://*.gazette.example",
                "https://tram.example",
                "https://*.tram.example",
            ],
        ),
    ],
)
def test_sources(db, domains, sources):
    Site.objects.create(key="gazette", name="The Gazette", domains=domains)

    assert frame_ancestors() == sources


def test_all_sites_count_and_none_twice(site, other_site):
    other_site.domains = ["courier.example", "gazette.example"]
    other_site.save()

    assert frame_ancestors() == [
        "https://courier.example",
        "https://*.courier.example",
        "https://gazette.example",
        "https://*.gazette.example",
    ]


def test_the_list_is_kept_for_a_minute(site, monkeypatch, django_assert_num_queries):
    clock = [1000.0]
    monkeypatch.setattr(frames.time, "monotonic", lambda: clock[0])
    before = frame_ancestors()
    Site.objects.create(key="new", name="New", domains=["new.example"])

    clock[0] += 59
    with django_assert_num_queries(0):
        assert frame_ancestors() == before
    clock[0] += 2
    assert "https://new.example" in frame_ancestors()


@pytest.mark.parametrize(
    "domain", ["x.example; script-src *", "x.example 'unsafe-inline'", "x.example,y.example", "*", ""]
)
def test_what_is_no_domain_opens_nothing(site, stranger, domain):
    """A slip in a site's settings must not turn into another rule of the policy."""
    Site.objects.filter(pk=site.pk).update(domains=["gazette.example", domain])

    policy = stranger.get("/faq/")["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://gazette.example https://*.gazette.example" in policy
    assert policy.count("script-src") == 1
    assert "unsafe" not in policy
    assert "https://*" not in policy.replace("https://*.gazette.example", "")
