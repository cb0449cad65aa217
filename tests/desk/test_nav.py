"""The desk's navigation: every page is reachable from every other, with how much waits there."""

import pytest
from django.urls import reverse

from belowline.desk.nav import ENTRIES


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.url_name for entry in ENTRIES])
def test_each_page_shows_itself_as_the_present_one(client, moderator, held, entry):
    client.force_login(moderator)
    page = client.get(reverse(entry.url_name))

    assert f'<a href="{reverse(entry.url_name)}" aria-current="page">{entry.title}' in page.content.decode()
    for other in ENTRIES:
        assert f'href="{reverse(other.url_name)}"' in page.content.decode()


def test_what_waits_is_counted(client, moderator, held):
    client.force_login(moderator)

    assert 'Held <span class="count">1</span>' in client.get(reverse("desk")).content.decode()
