"""The way in from the paper's page: to the discussion of a known story, or of a page new to us."""

import pytest

from belowline.stories.models import Story

URL = "https://gazette.example/news/ferry"
CLIENTS = ["stranger", "as_reader", "as_moderator"]


@pytest.mark.parametrize("who", CLIENTS)
def test_a_known_story(request, who, story):
    answer = request.getfixturevalue(who).get(
        "/embed/", {"site": "gazette", "story": "bridge", "url": "https://x.example"}
    )

    assert (answer.status_code, answer["Location"]) == (302, f"/discussion/{story.pk}/?embed=1")


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({"order": "oldest"}, "&order=oldest"),
        ({"lang": "de"}, "&lang=de"),
        ({"lang": "pt-BR", "order": "best"}, "&order=best&lang=pt-BR"),
        ({"lang": "de&order=x", "order": "oldest#x"}, ""),
        ({"lang": "\x00", "order": ""}, ""),
        ({"lang": "d" * 100, "reply": "7", "posted": "7"}, ""),
    ],
)
def test_what_the_page_wishes_of_the_discussion(stranger, story, more, kept):
    answer = stranger.get("/embed/", {"site": "gazette", "story": "bridge", **more})

    assert answer["Location"] == f"/discussion/{story.pk}/?embed=1{kept}"


@pytest.mark.parametrize("who", CLIENTS)
def test_a_page_that_is_new(request, who, site):
    answer = request.getfixturevalue(who).get("/embed/", {"site": "gazette", "story": "ferry", "url": URL})

    story = Story.objects.get()
    assert answer["Location"] == f"/discussion/{story.pk}/?embed=1"
    assert (story.key, story.url) == ("ferry", URL)


def test_a_page_by_its_address_alone(stranger, site):
    stranger.get("/embed/", {"site": "gazette", "url": f"{URL}?utm=1#top"})
    stranger.get("/embed/", {"site": "gazette", "url": URL})

    assert Story.objects.get().key == URL


def test_the_loader_is_followed_to_the_discussion(stranger, story, published):
    answer = stranger.get("/embed/", {"site": "gazette", "story": "bridge"}, follow=True)

    assert published.text_source in answer.content.decode()
    assert 'class="framed"' in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"site": "nobody", "story": "bridge"},
        {"site": "gazette"},
        {"site": "gazette", "story": "unknown"},
        {"site": "gazette", "story": "unknown", "url": "https://evil.example/x"},
        {"site": "gazette", "story": "unknown", "url": "javascript:alert(1)"},
        {"site": "courier", "story": "bridge"},
        {"site": "gazette", "story": "x" * 300, "url": URL},
        {"site": "gazette\x00", "story": "bridge"},
        {"site": "gazette", "story": "bri\x00dge", "url": URL + "\x00"},
        {"site": "gazette", "story": "", "url": "\x00"},
    ],
)
def test_no_discussion(stranger, site, other_site, query):
    answer = stranger.get("/embed/", query)

    assert answer.status_code == 404
    assert not Story.objects.exists()


def test_the_answer_says_why(stranger, site):
    page = stranger.get(
        "/embed/", {"site": "gazette", "story": "x", "url": "https://evil.example/<b>"}
    ).content.decode()

    assert "No comments here" in page
    assert "evil.example is not a domain of gazette" in page
    assert "<b>" not in page


def test_it_is_for_reading(as_reader, site):
    assert as_reader.post("/embed/", {"site": "gazette"}).status_code == 405
