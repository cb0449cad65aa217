"""Muting from a comment, the list of whom one has muted, and back."""

import pytest

from belowline.accounts.models import Mute


def test_muting_leads_back_and_says_so(as_reader, other_reader, story):
    back = f"http://testserver/discussion/{story.pk}/?order=best"
    answer = as_reader.post(f"/authors/{other_reader.pk}/mute/", headers={"Referer": back}, follow=True)

    assert answer.redirect_chain == [(back, 302)]
    assert f"You no longer see what {other_reader.display_name} writes." in answer.content.decode()
    assert Mute.objects.get().muted_id == other_reader.pk


@pytest.mark.parametrize("came_from", ["", "https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_leads_nowhere_else(as_reader, other_reader, came_from):
    answer = as_reader.post(f"/authors/{other_reader.pk}/mute/", headers={"Referer": came_from})

    assert answer.headers["Location"] == "/me/muted/"


def test_the_list_and_unmuting(as_reader, other_reader, moderator):
    assert "You have muted nobody." in as_reader.get("/me/muted/").content.decode()
    for muted in (other_reader, moderator):
        as_reader.post(f"/authors/{muted.pk}/mute/")
    as_reader.get("/me/muted/")  # tells what was done, once
    page = as_reader.get("/me/muted/").content.decode()
    assert page.index(moderator.display_name) < page.index(other_reader.display_name)

    page = as_reader.post(f"/authors/{moderator.pk}/unmute/", follow=True).content.decode()
    assert f"You see again what {moderator.display_name} writes." in page
    assert f'action="/authors/{moderator.pk}/unmute/"' not in page
    assert f'action="/authors/{other_reader.pk}/unmute/"' in page


def test_one_sees_only_ones_own(as_reader, as_other_reader, moderator):
    as_reader.post(f"/authors/{moderator.pk}/mute/")

    assert "You have muted nobody." in as_other_reader.get("/me/muted/").content.decode()


@pytest.mark.parametrize(
    ("method", "path"), [("post", "/authors/1/mute/"), ("post", "/authors/1/unmute/"), ("get", "/me/muted/")]
)
def test_strangers_sign_in_first(stranger, site, method, path):
    assert getattr(stranger, method)(path).headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("verb", ["mute", "unmute"])
def test_it_takes_a_post_and_somebody_who_is_there(as_reader, other_reader, verb):
    assert as_reader.get(f"/authors/{other_reader.pk}/{verb}/").status_code == 405
    assert as_reader.post(f"/authors/{'9' * 18}/{verb}/").status_code == 404
    assert not Mute.objects.exists()
