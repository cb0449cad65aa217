"""Links of a digest: signed for one decision, good for a day and for one time."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from belowline.notifications import action_links
from belowline.notifications.action_links import ActionLink, action_address, read_link, use_up
from belowline.notifications.channel_models import UsedLink
from belowline.notifications.errors import LinkError

LINK = ActionLink(7, "reject", "banned_word", 9, 3)


def token_of(address):
    return address.rstrip("/").rsplit("/", 1)[1]


def refused(token):
    with pytest.raises(LinkError) as caught:
        read_link(token)
    return caught.value.code


def test_there_and_back(db):
    address = action_address(LINK)

    assert address.startswith("http://localhost:8000/desk/links/")
    assert read_link(token_of(address)) == LINK


def test_too_old(db, monkeypatch):
    token = token_of(action_address(LINK))
    monkeypatch.setattr(action_links, "LIFETIME", timedelta(seconds=-1))

    assert refused(token) == "link_expired"


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "",
        pytest.param(signing.dumps(list(LINK), salt=action_links.SALT, key="another key" * 5), id="another key"),
        pytest.param(lambda: signing.dumps(list(LINK), salt="belowline.unsubscribe"), id="for something else"),
        pytest.param(lambda: signing.dumps([1, 2], salt=action_links.SALT), id="of another shape"),
        pytest.param(lambda: token_of(action_address(LINK))[:-1], id="cut off"),
        pytest.param(lambda: "A" + token_of(action_address(LINK))[1:], id="changed"),
    ],
)
def test_none_of_ours(db, token):
    assert refused(token() if callable(token) else token) == "link_unknown"


def test_one_time(db):
    token = token_of(action_address(LINK))
    use_up(token)

    assert refused(token) == "link_used"
    with pytest.raises(LinkError) as caught:
        use_up(token)
    assert caught.value.code == "link_used"
    assert UsedLink.objects.count() == 1


def test_the_token_itself_is_not_kept(db):
    token = token_of(action_address(LINK))
    use_up(token)

    assert token not in UsedLink.objects.get().digest


def test_used_ones_are_forgotten_once_they_have_expired(db):
    use_up(token_of(action_address(LINK)), timezone.now() - timedelta(days=3))
    use_up(token_of(action_address(LINK._replace(comment=8))))

    assert UsedLink.objects.get().expires_at > timezone.now()
