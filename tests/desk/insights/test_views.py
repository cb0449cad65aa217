"""The page Insights, and its files."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from belowline.desk.insights.questions import BY_NAME

ADDRESS = "/desk/insights/"


def shown(client, query=""):
    answer = client.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def lively(published, held, rejected, removed, post, report, appeal):  # noqa: PLR0917
    """A site on which things have happened."""


@pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}hours.csv"])
def test_moderators_only(stranger, as_reader, site, path):
    assert stranger.get(path)["Location"].startswith("/accounts/login/")
    assert as_reader.get(path).status_code == 403


def test_nothing_is_posted_here(as_moderator, site):
    assert as_moderator.post(ADDRESS).status_code == 405


def test_before_there_is_a_site(as_moderator):
    assert "There is no site yet." in shown(as_moderator)
    assert as_moderator.get(f"{ADDRESS}hours.csv").status_code == 404


@pytest.mark.parametrize("name", BY_NAME)
def test_each_picture_has_its_figures_and_its_file(as_moderator, lively, name):
    page = shown(as_moderator)
    link = f'{ADDRESS}{name}.csv?site=gazette&amp;days=30"'

    assert f'id="{name}"' in page
    assert link in page
    file = as_moderator.get(f"{ADDRESS}{name}.csv?site=gazette&days=30")
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        rf'attachment; filename="{name}-gazette-30-days-\d{{4}}-\d\d-\d\d\.csv"', file["Content-Disposition"]
    )
    heads = [column.key for column in _table(as_moderator, name).columns]
    assert file.content.decode("utf-8-sig").splitlines()[0] == ",".join(heads)


def _table(client, name):
    pictures = client.get(ADDRESS).context["pictures"]
    return next(picture.table for insight, picture in pictures if insight.name == name)


def test_drawings_have_words_and_no_styles(as_moderator, lively):
    page = shown(as_moderator)
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)

    assert drawings
    assert all('aria-label="' in one or "aria-labelledby" in one for one in drawings)
    assert "style=" not in page
    assert "nan" not in "".join(drawings)


def test_what_a_title_says_is_text(as_moderator, site, make_story, written):
    written(story=make_story(site, "odd", title='<b>"Odd"</b> & more'))
    page = shown(as_moderator)

    assert "&lt;b&gt;&quot;Odd&quot;&lt;/b&gt; &amp; more" in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("query", "days"),
    [("", 30), ("?days=7", 7), ("?days=90", 90), ("?days=8", 30), ("?days=x", 30), (f"?days={'9' * 400}", 30)],
)
def test_periods(as_moderator, site, query, days):
    assert f'days={days}" aria-current="true">{days} days</a>' in shown(as_moderator, query)


def test_each_site_by_itself(as_moderator, lively, other_site):
    assert 'Insights <span class="quiet">The Gazette</span>' in shown(as_moderator)
    page = shown(as_moderator, "?site=courier&days=7")

    assert 'Insights <span class="quiet">The Courier</span>' in page
    assert "Nobody has written anything in these days." in page
    assert '?site=gazette&amp;days=7"' in page


def test_a_section_alone(as_moderator, site, make_story, written):
    written(story=make_story(site))
    for number in range(2):
        written(story=make_story(site, f"cup-{number}", title="The cup", section="sport & play"))
    every = shown(as_moderator)
    page = shown(as_moderator, "?site=gazette&days=7&section=sport+%26+play")

    assert "<option>sport &amp; play</option>" in every
    assert "of 3 comments" in every
    assert "of 2 comments" in page
    assert "<option selected>sport &amp; play</option>" in page
    assert 'hours.csv?site=gazette&amp;days=7&amp;section=sport+%26+play"' in page
    file = as_moderator.get(f"{ADDRESS}stories.csv?site=gazette&days=7&section=sport+%26+play")
    assert "gazette-sport-play-7-days" in file["Content-Disposition"]
    assert len(file.content.splitlines()) == 3
    assert as_moderator.get(f"{ADDRESS}?section=weather").status_code == 404
    assert "of 3 comments" in shown(as_moderator, "?section=")


def test_the_page_says_when_it_counted(as_moderator, site, written):
    written()
    first = as_moderator.get(ADDRESS).context["counted_at"]
    again = as_moderator.get(ADDRESS)

    assert again.context["counted_at"] == first
    assert f'Counted <time datetime="{timezone.localtime(first).isoformat()}">' in again.content.decode()


@pytest.mark.parametrize("path", ["?site=nope", "nope.csv", "hours.csv?site=nope"])
def test_what_is_not_there(as_moderator, site, path):
    assert as_moderator.get(f"{ADDRESS}{path}").status_code == 404


def test_the_page_is_not_kept_anywhere(as_moderator, site):
    assert "no-store" in as_moderator.get(ADDRESS)["Cache-Control"]
    assert "no-store" in as_moderator.get(reverse("desk-insights-file", args=["hours"]))["Cache-Control"]


def test_few_queries(as_moderator, lively, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        shown(as_moderator)
    with django_assert_max_num_queries(35):  # most figures are kept
        shown(as_moderator)


def test_each_sees_the_sites_that_they_may(sign_in, site, other_site, local):
    there = sign_in(local(other_site))

    assert 'Insights <span class="quiet">The Courier</span>' in shown(there)
    assert there.get(f"{ADDRESS}?site=gazette").status_code == 404
    assert there.get(f"{ADDRESS}hours.csv?site=gazette").status_code == 404


def test_auditors_read_them(as_auditor, site):
    assert 'Insights <span class="quiet">The Gazette</span>' in shown(as_auditor)
