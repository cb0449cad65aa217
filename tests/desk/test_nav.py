"""The desk's navigation: every page is reachable from every other, in groups, with how much waits there."""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from belowline.desk import nav
from belowline.desk.nav import ENTRIES, Entry, Group, Menu, Shown, menus
from belowline.moderation.appeals import open_appeals


def anything():
    return ()


@pytest.fixture
def shown(as_admin):
    """The navigation of a page."""

    def call(url_name):
        page = as_admin.get(reverse(url_name)).content.decode()
        return re.search(r'<nav class="desk-nav".*?</nav>', page, re.DOTALL)[0]

    return call


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.url_name for entry in ENTRIES])
def test_each_page_shows_itself_as_the_present_one(shown, held, entry):
    found = shown(entry.url_name)

    assert f'<a href="{reverse(entry.url_name)}" aria-current="page">{entry.title}' in found
    assert found.count("aria-current") == 1
    for other in ENTRIES:
        assert f'href="{reverse(other.url_name)}"' in found


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.url_name for entry in ENTRIES])
def test_its_menu_says_which_page_it_is(shown, site, entry):
    here = re.findall(r'<summary class="here">(.*?)</summary>', shown(entry.url_name))

    assert here == [f'{entry.home}<span class="page-here">: {entry.title}</span>']


def test_what_waits_is_counted(shown, held):
    found = shown("desk")

    assert 'Held <span class="count">1</span>' in found
    assert re.search(r'Work<span class="page-here">: Held</span> <span class="count">1</span>', found)


def test_nothing_waits(shown, published):
    assert "count" not in shown("desk")


def test_the_menus_need_no_script(shown, admin):
    found = shown("desk")

    assert found.count('<details name="desk-nav"') == len(menus("desk", admin))
    assert found.count("<summary") == len(menus("desk", admin))
    assert "hidden" not in found
    assert "style=" not in found


def test_readers_and_strangers_see_no_desk(as_reader, stranger, site):
    assert as_reader.get(reverse("desk")).status_code == 403
    assert stranger.get(reverse("desk")).status_code == 302


@pytest.mark.parametrize(
    ("entry", "home"),
    [
        pytest.param(Entry("desk", "Held", anything), Group.WORK, id="where something waits there is work"),
        pytest.param(Entry("desk", "Search"), Group.FIND, id="where nothing ever waits one looks something up"),
        pytest.param(Entry("desk", "Policy", group=Group.RULES), Group.RULES, id="where it says so"),
        pytest.param(Entry("desk", "Letters", anything, Group.TEAM), Group.TEAM, id="also where something waits"),
    ],
)
def test_each_page_has_a_group(entry, home):
    assert entry.home == home


def test_address_names_are_there_once():
    names = [entry.url_name for entry in ENTRIES]

    assert sorted(names) == sorted(set(names))


def test_groups_without_pages_are_left_out(admin, monkeypatch):
    monkeypatch.setattr(nav, "ENTRIES", tuple(entry for entry in ENTRIES if entry.home == Group.WORK))

    assert [menu.group for menu in menus("desk", admin)] == [Group.WORK]


def test_a_menu_adds_up_what_waits():
    menu = Menu(Group.WORK, [Shown("desk", "Held", 3, is_here=False), Shown("appeals", "Appeals", 4, is_here=True)])

    assert (menu.waiting, menu.here, menu.is_work) == (7, "Appeals", True)


def test_a_menu_without_the_present_page():
    menu = Menu(Group.RULES, [Shown("desk-policy", "Policy", 0, is_here=False)])

    assert (menu.waiting, menu.here, menu.is_work) == (0, "", False)


def test_the_counts_take_one_query(held, appeal, moderator, django_assert_num_queries):
    with django_assert_num_queries(1):
        counts = nav.waiting_counts(moderator)

    assert counts["appeals"] == 1
    assert set(counts) == {entry.url_name for entry in ENTRIES if entry.waiting}


def test_two_kinds_on_one_page_are_added(moderator, monkeypatch, held, appeal):
    story = "decision__comment__story"
    waiting = lambda: (open_appeals(), open_appeals())  # noqa: E731 - called twice by name
    both = SimpleNamespace(url_name="desk", title="Both", waiting=waiting, story=story, site="")
    monkeypatch.setattr(nav, "ENTRIES", (both,))

    assert nav.waiting_counts(moderator) == {"desk": 2}
