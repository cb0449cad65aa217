"""Messages to webhooks: to which addresses, what is sent, and what is said when it fails."""

import pytest

from belowline.notifications import hooks
from belowline.notifications.errors import ChannelError
from belowline.notifications.hooks import check_hook, send_to_hook

GOOD = "https://hooks.slack.example/services/T0/B0/secret"


@pytest.mark.parametrize(
    "address", [GOOD, "https://mattermost.example:443/hooks/x", "https://mattermost.example/a?b=c"]
)
def test_addresses_out_in_the_net(address):
    assert check_hook(address).scheme == "https"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hooks",
        "http://hooks.slack.example/x",
        "ftp://hooks.slack.example/x",
        "https://",
        "https://hooks.slack.example:8065/x",
        "https://somebody:secret@hooks.slack.example/x",
        "https://hooks.slack.example:port/x",
        "https://[hooks/x",
        "https://hooks.slack.example/\r\nHost: elsewhere",
        "file:///etc/passwd",
    ],
)
def test_no_other_addresses(address):
    with pytest.raises(ChannelError) as caught:
        check_hook(address)

    assert caught.value.code == "hook_not_allowed"


def test_an_operator_may_allow_ones_own_network(settings):
    settings.STORY_FETCH_PRIVATE = True

    assert check_hook("http://mattermost.internal:8065/hooks/x").port == 8065
    with pytest.raises(ChannelError):
        check_hook("gopher://mattermost.internal/x")


def test_it_is_sent_as_json(hook):
    send_to_hook(hook.address, {"text": "Zwölf Kommentare “warten”."})

    assert hook.got == [("/hooks/secret", "application/json", {"text": "Zwölf Kommentare “warten”."})]


@pytest.mark.parametrize("status", [301, 400, 403, 404, 410, 500])
def test_what_it_answers_without_success(hook, status):
    hook.status = status

    with pytest.raises(ChannelError, match=f"status {status}") as caught:
        send_to_hook(hook.address, {"text": "x"})
    assert caught.value.code == "hook_failed"
    assert len(hook.got) == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "10.1.2.3", "169.254.169.254", "192.168.0.1"])
def test_never_into_a_private_network(host):
    with pytest.raises(ChannelError, match="private network") as caught:
        send_to_hook(f"https://{host}/x", {"text": "x"})

    assert caught.value.code == "hook_failed"


def test_nobody_is_there(hook):
    hook.server_close()

    with pytest.raises(ChannelError, match="could not be reached") as caught:
        send_to_hook(hook.address, {"text": "x"})
    assert caught.value.code == "hook_failed"


def test_not_for_ever(hook, monkeypatch):
    monkeypatch.setattr(hooks, "TIMEOUT_SECONDS", -1)
    hook.server_close()

    with pytest.raises(ChannelError, match="took too long"):
        send_to_hook(hook.address, {"text": "x"})


def test_the_address_stands_in_no_message(hook):
    hook.status = 404
    with pytest.raises(ChannelError) as caught:
        send_to_hook(hook.address, {"text": "x"})

    assert "secret" not in caught.value.message
