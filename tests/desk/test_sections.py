"""The desk's page about sections."""

import pytest

from belowline.events.models import Event
from belowline.stories.models import Section

ADDRESS = "/desk/sections/"


@pytest.fixture
def send(as_senior, story):
    """Send the form of one section: what is not given is as the form began."""

    def call(name, row="s1", client=as_senior, **fields):
        began = Section.objects.filter(site=story.site, name=name.replace("\x00", "")).first() or Section()
        data = {"name": name, "row": row}
        for field in ("mode", "closed_reason", "closes_after_hours", "slow_seconds"):
            value = getattr(began, field)
            data[f"{row}-{field}"] = data[f"initial-{row}-{field}"] = "" if value is None else value
        data |= {f"{row}-{field}": value for field, value in fields.items()}
        return client.post(f"{ADDRESS}?site={story.site.key}", data)

    return call


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 302), ("as_reader", 403), ("as_senior", 200), ("as_admin", 200)]
)
def test_only_moderators(request, story, send, who, status):
    client = request.getfixturevalue(who)

    assert client.get(ADDRESS).status_code == status
    assert send("news", client=client, mode="closed").status_code == (302 if status == 200 else status)
    assert Section.objects.exists() is (status == 200)


def test_it_lists_the_site_its_sections_and_one_to_come(as_senior, story, make_story):
    make_story(story.site, "match", section="Sport <1>", title="Six nil")
    Section.objects.create(site=story.site, name="arts", slow_seconds=77)
    page = as_senior.get(ADDRESS).content.decode()

    assert "The whole site" in page
    assert "news" in page
    assert "Sport &lt;1&gt;" in page
    assert 'value="77"' in page
    assert "Another section" in page
    assert 'href="/desk/sections/" aria-current="page"' in page


def test_a_section_is_set(send, as_senior, story, senior):
    answer = send("news", mode="premoderated", closes_after_hours="72", slow_seconds="30")

    assert (answer.status_code, answer["Location"]) == (302, "/desk/sections/?site=gazette")
    row = Section.objects.get()
    assert (row.site, row.name, row.mode, row.closes_after_hours, row.slow_seconds) == (
        story.site,
        "news",
        "premoderated",
        72,
        30,
    )
    assert Event.objects.get(tag="section:set").actor_id == senior.pk
    assert "Saved: news. Readers see it at once." in as_senior.get(answer["Location"]).content.decode()


def test_the_whole_site_is_set(send):
    assert send("", row="s0", mode="closed", closed_reason="capacity").status_code == 302
    row = Section.objects.get()
    assert (row.name, row.mode, row.closed_reason) == ("", "closed", "capacity")


def test_a_section_that_no_story_names_yet(send):
    assert send(" opinion ", row="new", slow_seconds="10").status_code == 302
    assert (Section.objects.get().name, Section.objects.get().slow_seconds) == ("opinion", 10)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b"])
def test_a_new_section_needs_a_name(send, name):
    answer = send(name, row="new", mode="closed")

    assert answer.status_code == 422
    assert "give the section’s name" in answer.content.decode()
    assert not Section.objects.exists()


def test_what_nobody_touched_is_not_written(send, story):
    send("news", mode="closed", closed_reason="abuse")
    Section.objects.update(slow_seconds=99)
    send("news", closed_reason="legal")
    row = Section.objects.get()
    assert (row.mode, row.closed_reason, row.slow_seconds) == ("closed", "legal", 99)


def test_a_section_is_found_by_its_name_wherever_it_stands_now(send, story, make_story):
    make_story(story.site, "first", section="aaa", title="Before all others")

    send("news", row="s1", mode="closed")
    assert Section.objects.get().name == "news"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"closes_after_hours": "-1"}, "greater than or equal to 0"),
        ({"closes_after_hours": "9" * 30}, "less than or equal to 87600"),
        ({"slow_seconds": "fast"}, "Enter a whole number"),
        ({"mode": "ajar"}, "Select a valid choice"),
    ],
    ids=str,
)
def test_what_is_wrong_comes_back_as_typed(send, wrong, said):
    answer = send("news", **({"closed_reason": "legal"} | wrong))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert said in page
    assert '<option value="legal" selected>' in page
    assert not Section.objects.exists()


def test_two_papers(as_senior, story, other_site, make_story):
    make_story(other_site, "elsewhere", section="shipping")
    page = as_senior.get(f"{ADDRESS}?site={other_site.key}").content.decode()

    assert "shipping" in page
    assert "The Courier" in page


def test_before_there_is_a_paper(as_senior, db):
    assert as_senior.get(ADDRESS).status_code == 404


def test_a_forged_form_is_refused(send, sign_in, senior):
    assert send("news", client=sign_in(senior, enforce_csrf_checks=True), mode="closed").status_code == 403
