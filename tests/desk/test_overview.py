"""The overview: what to do next, the queues, saved filters, and the stories with what waits under each."""

import re

import pytest

from belowline.moderation.filter_models import SavedFilter

ADDRESS = "/desk/overview/"


def shown(client, query="", status=200):
    answer = client.get(f"{ADDRESS}{query}")
    assert answer.status_code == status
    return answer.content.decode()


def rows(client, query=""):
    """The stories with the figures beside each."""
    answer = client.get(f"{ADDRESS}{query}")
    return {
        row.story.key: (row.new, row.load.held, row.load.reported, row.load.appealed) for row in answer.context["rows"]
    }


@pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}filters/", f"{ADDRESS}filters/1/delete/"])
def test_moderators_only(stranger, as_reader, site, path):
    send = "get" if path == ADDRESS else "post"

    assert getattr(stranger, send)(path)["Location"].startswith("/accounts/login/")
    assert getattr(as_reader, send)(path).status_code == 403


@pytest.mark.parametrize("path", ["filters/", "filters/1/delete/"])
def test_filters_are_posted(as_moderator, site, path):
    assert as_moderator.get(f"{ADDRESS}{path}").status_code == 405


def test_nothing_waits(as_moderator, site):
    page = shown(as_moderator)

    assert "Nothing waits" in page
    assert "Well done." in page
    assert "nothing was written since yesterday" in page


def test_before_there_is_a_site(as_moderator):
    assert "Nothing waits" in shown(as_moderator)


def test_each_story_has_what_waits(  # noqa: PLR0917
    as_moderator, held, published, other_story, report, written, appeal
):
    written(story=other_story)
    report(written(story=other_story))

    assert rows(as_moderator) == {"bridge": (2, 0, 0, 1), "goose": (2, 0, 1, 0)}
    page = shown(as_moderator)
    assert "Harbour bridge closed for repairs" in page
    assert 'href="/desk/reports/"' in page


def test_what_is_held_leads_to_the_queue_of_its_story(as_moderator, held, story):
    page = shown(as_moderator)

    assert f'href="/desk/?story={story.pk}">1' in page
    assert rows(as_moderator) == {"bridge": (1, 1, 0, 0)}


def test_the_next_best_thing_has_its_reasons(as_moderator, held, story):
    page = shown(as_moderator)

    assert re.search(r'<h2 id="next-title">Decide about what is held</h2>', page)
    assert "<strong>Risk of harm</strong>" in page
    assert "<strong>Waiting</strong>" in page
    assert 'class="button" href="/desk/">Open the queue (1)</a>' in page


def test_queues_with_nothing_are_shown_too(as_moderator, held):
    tiles = {tile.title: tile.waiting for tile in as_moderator.get(ADDRESS).context["tiles"]}

    assert tiles["Held"] == 1
    assert tiles["Reported"] == tiles["Appeals"] == tiles["Newsroom"] == tiles["Corrections"] == 0


def test_who_works_there(as_moderator, other_moderator, held, decide):
    decide(held, by=other_moderator)
    (row,) = as_moderator.get(ADDRESS).context["rows"]

    assert row.people == ("Night Desk",)
    assert "Night Desk" in shown(as_moderator)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", {"bridge", "goose"}),
        ("?site=gazette", {"bridge", "goose"}),
        ("?section=news", {"bridge"}),
        ("?section=sport", {"goose"}),
        ("?rule=banned_word", {"bridge", "goose"}),
        ("?rule=links", set()),
        ("?site=nope", set()),
        ("?section=news&rule=banned_word", {"bridge"}),
        ("?story=x", {"bridge", "goose"}),
        ("?language=%00", {"bridge", "goose"}),
    ],
)
def test_filters_choose_stories(as_moderator, site, make_story, post, held, query, keys):  # noqa: PLR0917
    post("A wombat of a goose.", story=make_story(site, "goose", section="sport", title="Goose stops tram"))

    assert set(rows(as_moderator, query)) == keys


def test_a_filter_goes_on_to_the_queue_and_the_pages(as_moderator, held):
    page = shown(as_moderator, "?section=news")

    assert 'Overview <span class="quiet">news</span>' in page
    assert 'href="/desk/?section=news"' in page
    assert '<option value="news" selected>news</option>' in page


def test_what_is_chosen_stays_on_offer(as_moderator, site):
    assert '<option value="gone" selected>gone</option>' in shown(as_moderator, "?section=gone")


@pytest.mark.parametrize("order", ["urgent", "longest", "most", "newest", "nonsense", ""])
def test_orders(as_moderator, held, other_story, written, order):
    written(story=other_story)
    page = shown(as_moderator, f"?order={order}")

    assert page.count('class="title"') == 2
    chosen = order if order not in {"nonsense", ""} else "urgent"
    assert f'<option value="{chosen}" selected>' in page


def test_many_stories_have_pages_and_few_queries(
    as_moderator, site, make_story, written, django_assert_max_num_queries
):
    for number in range(28):
        written(story=make_story(site, f"story-{number}"))
    with django_assert_max_num_queries(60):
        page = shown(as_moderator)

    assert page.count('class="title"') == 25
    assert shown(as_moderator, "?page=2").count('class="title"') == 3


def test_titles_are_text(as_moderator, site, make_story, written):
    written(story=make_story(site, "odd", title='<b>"Odd"</b>'))

    assert "&lt;b&gt;&quot;Odd&quot;&lt;/b&gt;" in shown(as_moderator)


# --- saved filters


@pytest.fixture
def keep(as_moderator):
    def call(client=as_moderator, **fields):
        return client.post(f"{ADDRESS}filters/", {"name": "My sport", "section": "sport"} | fields)

    return call


def test_a_filter_is_kept_and_chosen(as_moderator, site, keep, moderator):
    answer = keep()

    assert answer["Location"] == f"{ADDRESS}?section=sport"
    saved = SavedFilter.objects.get()
    assert (saved.owner, saved.name, saved.section, saved.is_shared) == (moderator, "My sport", "sport", False)
    page = shown(as_moderator, "?section=sport")
    assert re.search(r'href="\?section=sport" aria-current="true" title="sport">My sport', page)
    assert "Kept: My sport." in page


def test_each_filter_says_how_much_waits(as_moderator, held, keep):
    keep(name="News", section="news")
    keep(name="Sport", section="sport")
    page = shown(as_moderator)

    assert 'title="news">News <span class="quiet">1</span>' in page
    assert 'title="sport">Sport <span class="quiet">0</span>' in page


def test_what_is_wrong_comes_back_as_typed(as_moderator, site, keep):
    answer = keep(name="  ", is_shared="on")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Give the filter a name" in page
    assert '<option value="sport" selected>' in page
    assert re.search(r'name="is_shared" checked', page)
    assert not SavedFilter.objects.exists()


def test_a_long_name_is_not_lost(keep, site):
    answer = keep(name="n" * 61)

    assert f'value="{"n" * 61}"' in answer.content.decode()


def test_a_filter_of_everything_is_refused(keep, site):
    answer = keep(section="")

    assert answer.status_code == 422
    assert "Choose what the filter lets through" in answer.content.decode()


def test_shared_ones_are_seen_by_all_and_others_are_not(as_moderator, as_other_moderator, site, keep):
    keep(name="Mine")
    keep(name="Ours", section="news", is_shared="on")
    page = shown(as_other_moderator)

    assert "Ours" in page
    assert "shared by Gazette Desk" in page
    assert "Mine" not in page
    assert "Delete<span" not in page


def test_deleting_a_filter(as_moderator, site, keep):
    keep()
    saved = SavedFilter.objects.get()
    answer = as_moderator.post(f"{ADDRESS}filters/{saved.pk}/delete/", follow=True)

    assert "Deleted: My sport." in answer.content.decode()
    assert not SavedFilter.objects.exists()


def test_nobody_deletes_anothers(as_other_moderator, site, keep):
    keep(is_shared="on")
    saved = SavedFilter.objects.get()

    assert as_other_moderator.post(f"{ADDRESS}filters/{saved.pk}/delete/").status_code == 403
    assert as_other_moderator.post(f"{ADDRESS}filters/999/delete/").status_code == 404
    assert SavedFilter.objects.exists()


def test_the_page_has_no_styles_and_is_kept_nowhere(as_moderator, held):
    assert "style=" not in shown(as_moderator)
    assert "no-store" in as_moderator.get(ADDRESS)["Cache-Control"]


# --- roles on one site, or in one section


def test_local_moderators_see_their_own(sign_in, site, other_site, make_story, post, held, local):  # noqa: PLR0917
    post("A wombat of a goose.", story=make_story(site, "goose", section="sport", title="Goose stops tram"))
    there, elsewhere = local(site, section="sport", name="Sport Desk"), local(other_site)

    assert set(rows(sign_in(there))) == {"goose"}
    assert set(rows(sign_in(elsewhere))) == set()
    assert "Harbour bridge" not in shown(sign_in(there))
    assert "Nothing waits" in shown(sign_in(elsewhere))


def test_auditors_read_it(as_auditor, held):
    assert rows(as_auditor) == {"bridge": (1, 1, 0, 0)}


def test_administrators_delete_what_others_share(as_admin, site, keep):
    keep(is_shared="on")
    saved = SavedFilter.objects.get()

    assert "Delete<span" in shown(as_admin)
    assert as_admin.post(f"{ADDRESS}filters/{saved.pk}/delete/").status_code == 302
    assert not SavedFilter.objects.exists()
