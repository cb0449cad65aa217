"""The cast of every test: a paper, its story, readers, moderators, strangers; and settings for tests."""

import os
import tempfile
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

# Settings are read before this file: what tests need is put into them here, and into the environment of processes.
DATA = tempfile.TemporaryDirectory(prefix="belowline-tests-")
settings.DATA_DIR = Path(DATA.name)
settings.SECRET_KEY = "only-for-tests-" * 4
settings.DEMO = settings.DEBUG = False
settings.BASE_URL = "http://localhost:8000"
settings.EMAIL_FILE_PATH = str(Path(DATA.name) / "mail")
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in a newsroom: threads see each other's work, one writer at a time.
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(Path(DATA.name) / "test.sqlite3")

hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("house")

QUIET = "A quiet remark about the harbour bridge and its tolls."
HELD = "What a wombat of a harbour bridge this is."
LOUD = "THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW"


@pytest.fixture
def environment(tmp_path):
    """The environment for a process of its own: a data folder, SQLite, nothing of ours inherited."""
    ours = ("BELOWLINE_", "DATABASE_URL", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"BELOWLINE_DATA_DIR": str(tmp_path / "data"), "PYTHONUTF8": "1"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Forget what processes remember for good: ids begin anew in every test."""
    from django.core.cache import cache

    from belowline.moderation import engine
    from belowline.stream import frames

    cache.clear()
    engine._engine.cache_clear()
    engine._policy.cache_clear()
    monkeypatch.setattr(frames, "_cached", (float("-inf"), []))


@pytest.fixture
def policy_text():
    """Build a small policy about banned words, links and shouting; `reject` lets the machine refuse banned words."""

    def build(*, name="Small", sentence="Be brief and kind.", banned=("wombat",), reject=None, unchecked="ignore"):
        tables = [
            ("banned_word", "Words that we do not publish", "banned_word", 0.5, "“{excerpt}” is not published here."),
            ("links", "Links", "links", 0.5, "There are {evidence}."),
            ("shouting", "Shouting", "shouting", 0.6, "“{excerpt}” is shouted."),
        ]
        words = ", ".join(f'"{word}"' for word in banned)
        head = f'[policy]\nname = "{name}"\nsentence = "{sentence}"\n\n[settings]\nbanned_words = [{words}]\n'
        return head + "".join(
            f'\n[rules.{code}]\ntitle = "{title}"\nscore = "{score}"\nhold = {hold}\n'
            + (f"reject = {reject}\n" if reject is not None and code == "banned_word" else "")
            + f'unchecked = "{unchecked}"\nfor_readers = "For readers: {title}."\n'
            f'for_moderators = "For moderators: {title}."\nexplanation = "{explanation}"\n'
            for code, title, score, hold, explanation in tables
        )

    return build


@pytest.fixture
def activate(policy_text):
    """Let a small policy act on a site."""
    from belowline.moderation.actions.activate_policy import activate_policy

    def call(site, **changes):
        return activate_policy(site=site, text=policy_text(**changes))

    return call


@pytest.fixture
def site(db, activate):
    """A paper whose small policy decides predictably."""
    from belowline.stories.models import Site

    made = Site.objects.create(
        key="gazette", name="The Gazette", domains=["gazette.example"], contact_email="editor@gazette.example"
    )
    activate(made)
    return made


@pytest.fixture
def other_site(db):
    """Another paper on the same server, under the policy that is shipped."""
    from belowline.stories.models import Site

    return Site.objects.create(key="courier", name="The Courier", domains=["courier.example"])


@pytest.fixture
def make_story():
    """Make a story of a site."""
    from belowline.stories.actions.save_story import save_story
    from belowline.stories.models import Story

    def make(site, key="bridge", **fields):
        fields = {
            "title": "Harbour bridge closed for repairs",
            "body": "The harbour bridge is closed until May.\nIts tolls pay for new cables, the council says.",
            "section": "news",
            "url": f"https://{site.domains[0]}/news/{key}",
        } | fields
        save_story(site=site, key=key, **fields)
        return Story.objects.select_related("site").get(site=site, key=key)

    return make


@pytest.fixture
def story(site, make_story):
    """The story that most tests are about."""
    return make_story(site)


@pytest.fixture
def other_story(site, make_story):
    """Another story of the same paper."""
    return make_story(site, "goose", title="Goose stops tram", body="A goose stopped the tram for an hour.")


@pytest.fixture
def account(db):
    """Make an account, with an address that counts as verified."""
    from allauth.account.models import EmailAddress

    from belowline.accounts.models import User

    def make(name, role="reader", *, verified=True, **fields):
        email = fields.pop("email", f"{len(User.objects.all())}@reader.example")
        user = User.objects.create_user(email=email, display_name=name, role=role, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
        return user

    return make


@pytest.fixture
def reader(account):
    return account("Marjorie Tench", email="marjorie@reader.example")


@pytest.fixture
def other_reader(account):
    return account("Ken Stubbs", email="ken@reader.example")


@pytest.fixture
def moderator(account):
    return account("Gazette Desk", "moderator", email="desk@gazette.example")


@pytest.fixture
def sign_in():
    """A browser in which somebody has signed in."""
    from django.test import Client

    def call(user, **options):
        client = Client(**options)
        client.force_login(user)
        return client

    return call


@pytest.fixture
def stranger():
    """A browser in which nobody has signed in."""
    from django.test import Client

    return Client()


@pytest.fixture
def as_reader(sign_in, reader):
    return sign_in(reader)


@pytest.fixture
def as_other_reader(sign_in, other_reader):
    return sign_in(other_reader)


@pytest.fixture
def as_moderator(sign_in, moderator):
    return sign_in(moderator)


@pytest.fixture
def post(story, reader):
    """Post a comment through the real action; returns what it returns."""
    from itertools import count

    from belowline.moderation.actions.post_comment import post_comment

    numbers = count(1)

    def call(text=QUIET, *, author=reader, story=story, parent=None, key=None):
        return post_comment(
            story=story,
            author=author,
            text_source=text,
            parent=parent,
            idempotency_key=key or f"key-{next(numbers)}",
        )

    return call


@pytest.fixture
def published(post):
    return post(QUIET).comment


@pytest.fixture
def held(post):
    return post(HELD).comment


@pytest.fixture
def decide(moderator):
    """Decide about a comment as the moderator."""
    from belowline.moderation.actions.decide_comment import decide_comment

    def call(comment, outcome="publish", *, rule="", by=moderator, **more):
        return decide_comment(comment=comment, moderator=by, outcome=outcome, rule=rule, **more)

    return call


@pytest.fixture
def is_sqlite():
    """Whether the tests run on SQLite."""
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.fixture(scope="session")
def encoder_files():
    """The two files of a tiny encoder, as bytes: graph and tokenizer."""
    from tiny_encoder import tiny_files

    return tiny_files()
