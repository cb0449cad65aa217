"""docs/how-to/discord-bot.md: the judging against a real server, the handler with stand-ins for messages."""

import asyncio
import importlib.util
import json
import urllib.error
import urllib.request
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

ABUSIVE = "You are a complete idiot, and everybody knows it."
CALM = "The bridge will be closed until May, the council says."
FILE = Path(__file__).parents[2] / "examples/discord-bot/bot.py"
CALM_SCORES = dict.fromkeys(("TOXICITY", "INSULT", "PROFANITY", "THREAT", "IDENTITY_ATTACK"), 0.1)


@pytest.fixture(scope="module")
def bot():
    spec = importlib.util.spec_from_file_location("bot", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.SECONDS = 30  # on a machine with other work, an answer takes its time
    return module


class Reply:
    def __init__(self, status, body):
        self.status = status
        self.body = body

    async def json(self):
        return json.loads(self.body)


def send(address, body, headers, timeout):
    request = urllib.request.Request(address, json.dumps(body).encode(), headers | {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return Reply(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.read())


class Session:
    """A stand-in for aiohttp.ClientSession, over the standard library."""

    def __init__(self, bot):
        self.bot = bot

    @asynccontextmanager
    async def post(self, address, *, json, headers):
        yield await asyncio.to_thread(send, address, json, headers, self.bot.SECONDS + 1)


@pytest.fixture(params=["stand-in", "aiohttp"])
def run(request, bot):
    """Run something with a session."""
    if request.param == "aiohttp":
        aiohttp = pytest.importorskip("aiohttp", reason="aiohttp is not installed; it comes with discord.py")

    async def with_session(work):
        if request.param == "stand-in":
            return await work(Session(bot))
        async with aiohttp.ClientSession() as session:
            return await work(session)

    return lambda work: asyncio.run(with_session(work))


@pytest.fixture
def settings(bot, server):
    return bot.Settings(server.url, server.key)


@pytest.fixture
def impatient(bot, silent, monkeypatch):
    """An address that never answers, and a bot that waits for no second."""
    monkeypatch.setattr(bot, "SECONDS", 0.3)
    return silent


@pytest.fixture
def changed(request, settings, changes):
    """The settings with changes, of which an address is named by its fixture; deletion is on."""
    given = {name: request.getfixturevalue(value) if name == "url" else value for name, value in changes.items()}
    return settings._replace(delete_at=0.0, **given)


@pytest.fixture
def handle(bot, run, changed):
    """Handle a message with this text; returns the message and the one notice to the moderators."""

    def call(text):
        message = Message(text)
        (notice,) = handled(bot, run, changed, message)
        return message, notice

    return call


class Channel:
    def __init__(self):
        self.notices = []

    async def send(self, text):
        self.notices.append(text)


class Message:
    def __init__(self, content, *, is_bot=False, guild="a server"):
        self.content = content
        self.guild = guild
        self.author = SimpleNamespace(bot=is_bot, mention="<@1>")
        self.jump_url = "https://discord.example/channels/1/2/3"
        self.is_deleted = False

    async def delete(self):
        self.is_deleted = True


def handled(bot, run, settings, message):
    review = Channel()
    run(lambda session: bot.handle(message, review, session, settings))
    return review.notices


def test_an_insult_is_shown_to_the_moderators_and_stays(bot, run, settings):
    message = Message(ABUSIVE)
    (notice,) = handled(bot, run, settings, message)

    assert notice.startswith("**Please look:** TOXICITY 0.9")
    assert "INSULT 0.9" in notice
    assert "<@1> https://discord.example/channels/1/2/3" in notice
    assert notice.endswith(ABUSIVE)
    assert not message.is_deleted


def test_an_ordinary_message_is_left(bot, run, settings):
    assert handled(bot, run, settings, Message(CALM)) == []


@pytest.mark.parametrize(
    "message",
    [Message(ABUSIVE, is_bot=True), Message(ABUSIVE, guild=None), Message(" ")],
    ids=["bot", "direct", "empty"],
)
def test_what_is_not_judged(bot, message, nobody):
    assert asyncio.run(bot.handle(message, Channel(), None, bot.Settings(nobody, "k"))) is None


def test_deletion_is_told_and_needs_two_scores(bot, run, settings):
    message = Message(ABUSIVE)
    (notice,) = handled(bot, run, settings._replace(delete_at=0.9), message)

    assert message.is_deleted
    assert notice.startswith("**Deleted:** TOXICITY")


@pytest.mark.parametrize(
    ("scores", "delete_at", "expected"),
    [
        ({}, 0.9, "leave"),
        ({"TOXICITY": 0.8}, None, "review"),
        ({"TOXICITY": 1.0, "INSULT": 1.0, "PROFANITY": 1.0}, None, "review"),
        ({"TOXICITY": 1.0}, 0.9, "review"),
        ({"TOXICITY": 1.0, "THREAT": 1.0, "IDENTITY_ATTACK": 1.0}, 0.9, "review"),
        ({"TOXICITY": 0.9, "INSULT": 0.9}, 0.9, "delete"),
    ],
)
def test_one_score_alone_never_deletes(bot, scores, delete_at, expected):
    settings = bot.Settings("", "", delete_at=delete_at)

    assert bot.judge(CALM_SCORES | scores, settings).outcome == expected


GERMAN = "Die Brücke bleibt nach Angaben der Stadtverwaltung noch bis Mai für sämtliche Fahrzeuge gesperrt."


@pytest.mark.parametrize(
    ("changes", "text", "expected"),
    [
        ({"url": "impatient"}, CALM, "TimeoutError"),
        ({"url": "nobody"}, CALM, ""),
        ({"key": "wrong"}, CALM, "API key not valid"),
        ({}, GERMAN, "does not support request languages: de"),
        ({}, "bridge " * 3_000, "Comment text too long."),
    ],
    ids=["silent", "nobody", "wrong key", "German", "too long"],
)
def test_nothing_is_left_unscored_in_silence(handle, text, expected, caplog):
    message, notice = handle(text)

    assert notice.startswith("**Please look:** not scored: ")
    assert expected in notice
    assert len(notice) < 2_000
    assert not message.is_deleted
    assert len(caplog.records) == 1
    assert "ridge" not in caplog.text


def test_the_settings_come_from_the_environment(bot):
    least = {"BELOWLINE_URL": "http://b", "BELOWLINE_KEY": "k"}

    assert bot.settings_from(least) == ("http://b", "k", 0.8, None)
    more = least | {"BELOWLINE_REVIEW_AT": "0.7", "BELOWLINE_DELETE_AT": "0.95"}
    assert bot.settings_from(more) == ("http://b", "k", 0.7, 0.95)


def test_the_client_of_discord_py(bot, settings):
    pytest.importorskip("discord", reason="discord.py is not installed")

    async def post_and_edit():
        client, review = bot.make_client(settings, 5), Channel()
        await client.setup_hook()
        client.get_channel = {5: review}.get
        await client.on_message(Message(ABUSIVE))
        await client.on_message_edit(Message(CALM), Message(ABUSIVE))
        await client.on_message_edit(Message(ABUSIVE), Message(ABUSIVE))
        await client.close()
        return client, review.notices

    client, notices = asyncio.run(post_and_edit())
    assert len(notices) == 2
    assert client.intents.message_content
    assert client.allowed_mentions.to_dict()["parse"] == []
