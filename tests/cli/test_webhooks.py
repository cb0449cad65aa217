"""`belowline webhooks`: added, listed, changed, tried out, sent again."""

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from belowline.cli import main
from belowline.notifications.webhooks.models import Message, Webhook
from belowline.notifications.webhooks.signing import secret_of

pytestmark = pytest.mark.django_db
URL = "https://cms.gazette.example/hooks/comments"


def run(*arguments):
    return CliRunner().invoke(main, ["webhooks", *map(str, arguments)])


def test_added_with_a_secret_on_stdout_alone(site):
    done = run("add", URL, "--site", "gazette", "--label", "CMS", "--type", "comment.held", "--text", "--author")
    row = Webhook.objects.get()

    assert done.exit_code == 0, done.output
    assert done.stdout == secret_of(row.nonce) + "\n"
    assert f"Webhook {row.pk} of The Gazette" in done.stderr
    assert (row.url, row.label, row.types, row.sends_text, row.sends_author) == (
        URL,
        "CMS",
        ["comment.held"],
        True,
        True,
    )


def test_listed(webhook, other_site):
    first = webhook(label="CMS", types=["comment.held"], sends_text=True)
    webhook(site=other_site, disabled_at=timezone.now(), disabled_because="the endpoint answered 410")
    Message.objects.create(webhook=first, state="dead")

    lines = run("list").stdout.splitlines()
    assert len(lines) == 2
    assert re.search(r"gazette .* CMS .*\(comment.held, text; 0 wait, 1 dead\)$", lines[0])
    assert re.search(r"courier .*\(all types; off: the endpoint answered 410\)$", lines[1])
    assert len(run("list", "--site", "courier").stdout.splitlines()) == 1


def test_changed(webhook):
    row = webhook(types=["comment.held"], sends_text=True)
    done = run("set", row.pk, "--all-types", "--no-text", "--url", URL + "/2")

    assert done.exit_code == 0, done.output
    row.refresh_from_db()
    assert (row.types, row.sends_text, row.sends_author, row.url) == ([], False, False, URL + "/2")
    run("set", row.pk, "--type", "comment.held")
    row.refresh_from_db()
    assert row.types == ["comment.held"]


def test_secrets(webhook):
    row = webhook()
    assert run("secret", row.pk).stdout.strip() == secret_of(row.nonce)
    new = run("secret", row.pk, "--new", "--at-once").stdout.strip()

    row.refresh_from_db()
    assert (new, row.earlier_until) == (secret_of(row.nonce), None)


def test_tried_out(webhook, hook):
    row = webhook(url=hook.address)
    assert "(status 200)" in run("try", row.pk).stdout

    hook.status = 404
    done = run("try", row.pk)
    assert (done.exit_code, done.output) == (1, "Error: The message did not arrive: it answered with status 404.\n")


def test_on_again_and_what_it_missed(webhook, post):
    row = webhook(disabled_at=timezone.now(), disabled_because="it was down")
    post()
    assert "switched off" in run("resend", row.pk).output
    assert run("enable", row.pk).stdout == f"Webhook {row.pk} is on.\n"
    assert run("enable", row.pk).stdout == f"Webhook {row.pk} was on.\n"
    assert run("resend", row.pk).stdout == "0 messages are sent again.\n"

    since = timezone.localtime() - timedelta(days=1)
    assert "messages are sent again" in run("resend", row.pk, "--since", f"{since:%Y-%m-%d}").stdout
    assert "comment:published" in set(row.messages.values_list("event__tag", flat=True))


def test_the_dead(webhook, post):
    row = webhook()
    comment = post().comment
    row.messages.update(state="dead", problem="it answered with status 500")
    Message.objects.create(webhook=row, state="dead", problem="it took too long")

    newest, oldest = run("dead", row.pk).stdout.splitlines()
    assert "webhook.test" in newest
    assert f"comment:published {comment.pk}" in oldest
    assert oldest.endswith("it answered with status 500")


def test_removed(webhook):
    row = webhook()

    assert run("remove", row.pk).exit_code == 0
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("add", URL, "--site", "nobody"), 1, "no site with the key nobody"),
        (("add", "http://x.example", "--site", "gazette"), 1, "https://"),
        (("add", URL, "--site", "gazette", "--type", "comment.read"), 1, "no type comment.read"),
        (("set", 99), 1, "no webhook 99"),
        (("dead", 2**70), 1, "no webhook"),
        (("set", 1, "--type", "comment.held", "--all-types"), 2, "--all-types"),
        (("secret", 1, "--at-once"), 2, "--new"),
        (("resend", 1, "--since", "soon"), 2, "--since"),
    ],
)
def test_what_is_wrong(webhook, arguments, status, said):
    if arguments[0] in {"set", "secret", "resend"} and arguments[1] == 1:
        arguments = (arguments[0], webhook().pk, *arguments[2:])
    else:
        webhook()
    done = run(*arguments)

    assert done.exit_code == status
    assert said in done.output
    assert "Traceback" not in done.output
