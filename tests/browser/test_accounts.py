"""Signing in as people do: by passkey, by app, by another provider, and from the paper's own page."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from browser_actions import sign_in
from oidc_provider import CLIENT, Provider
from playwright.sync_api import Browser, BrowserContext, Page, expect
from serving import Newsroom, serve_newsroom

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider() as made:
        yield made


@pytest.fixture(scope="module")
def guarded(demo_folder: Callable[[], Path], provider: Provider) -> Iterator[Newsroom]:
    """A newsroom whose staff need a second factor, and whose readers may come from another provider."""
    yield from serve_newsroom(
        demo_folder(),
        BELOWLINE_STAFF_TOTP="required",
        BELOWLINE_OIDC_ISSUER=provider.address,
        BELOWLINE_OIDC_CLIENT_ID=CLIENT[0],
        BELOWLINE_OIDC_CLIENT_SECRET=CLIENT[1],
        BELOWLINE_OIDC_NAME="Press Pass",
    )


@pytest.fixture
def device(context: BrowserContext, page: Page) -> None:
    """A device that makes passkeys and says yes to everything."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def check(page: Page) -> None:
    """Fail on anything that axe finds, and on a page wider than its window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def code_now(secret: str, step: int = 0) -> str:
    """The code that an authenticator app shows, now or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)


@pytest.mark.usefixtures("device")
def test_a_reader_signs_up_and_in_by_passkey(guarded: Newsroom, page: Page):
    page.goto(f"{guarded.address}/accounts/signup/")
    page.get_by_role("link", name="Create an account with a passkey").click()
    expect(page.get_by_role("heading", name="Create an account with a passkey")).to_be_visible()
    page.get_by_label("Email").fill("passkey@reader.example")
    page.get_by_label("Display name").fill("Petra Key")
    check(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Code").fill(guarded.code_for("passkey@reader.example"))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("button", name="Make the passkey")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="My comments")).to_be_visible()
    sign_out(page)

    page.goto(f"{guarded.address}/accounts/login/?next=/accounts/2fa/")
    check(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("You have 1 passkey")).to_be_visible()
    check(page)
    page.get_by_role("link", name="See the passkeys").click()
    expect(page.get_by_role("link", name="Rename Passkey")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Rename Passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_label("Name").fill("Telephone")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Telephone")).to_be_visible()
    sign_out(page)


def test_a_passkey_that_is_not_there_is_said_so(guarded: Newsroom, page: Page, context: BrowserContext):
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = AUTHENTICATOR | {"isUserVerified": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{guarded.address}/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_text("That did not work, or it was broken off")).to_be_visible()
    expect(page.get_by_role("link", name="Send me a code by e-mail")).to_be_visible()


def test_without_scripts_there_is_no_button_that_does_nothing(guarded: Newsroom, chromium: Browser):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{guarded.address}/accounts/login/")

    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    page.get_by_label("Email").fill("reader@example.org")
    page.get_by_label("Password").fill("demo-password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="My comments")).to_be_visible()
    context.close()


def test_staff_set_a_second_factor_up_before_the_desk_opens(guarded: Newsroom, page: Page):
    sign_in(page, guarded, "moderator@example.org")
    page.goto(f"{guarded.address}/desk/")
    expect(page.get_by_text("The newsroom asks its staff for a second factor")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Set up").click()
    expect(page.get_by_label("Password")).to_be_visible()
    check(page)
    page.get_by_label("Password").fill("demo-password")
    page.get_by_role("button", name="Confirm").click()
    secret = page.locator("code.secret").inner_text()
    check(page)
    page.get_by_label("Authenticator code").fill(code_now(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator("ol.codes li")).to_have_count(10)
    recovery = page.locator("ol.codes li").first.inner_text()
    check(page)
    page.get_by_role("link", name="Done").click()
    page.get_by_role("link", name="Go to the desk").click()
    expect(page.get_by_role("heading", name="Held")).to_be_visible()
    sign_out(page)

    for code in (code_now(secret, 1), recovery):
        page.goto(f"{guarded.address}/accounts/login/")
        page.get_by_label("Email").fill("moderator@example.org")
        page.get_by_label("Password").fill("demo-password")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="One more step")).to_be_visible()
        check(page)
        page.get_by_label("Code").fill("000000")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("Incorrect code")).to_be_visible()
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_label("Code")).to_have_count(0)
        page.goto(f"{guarded.address}/desk/")
        expect(page.get_by_role("heading", name="Held")).to_be_visible()
        sign_out(page)


def test_a_reader_comes_from_another_provider(guarded: Newsroom, page: Page):
    page.goto(f"{guarded.address}/accounts/login/")
    page.get_by_role("button", name="Continue with Press Pass").click()
    page.get_by_role("link", name="No").click()
    expect(page.get_by_role("heading", name="Not signed in")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Back to signing in").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.get_by_role("button", name="Continue with Press Pass").click()
    page.get_by_role("link", name="Yes, it is me").click()
    expect(page.get_by_label("Display name")).to_have_value("Robin Quay")
    check(page)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="My comments")).to_be_visible()
    page.goto(f"{guarded.address}/accounts/3rdparty/")
    expect(page.get_by_text("robin@provider.example")).to_be_visible()
    check(page)
    sign_out(page)


def add_key(newsroom: Newsroom) -> tuple[str, str]:
    """Give the newsroom a publisher's key: what signs, and its name."""
    command = ["sso", "add-key", "--site", "quillhaven", "--issuer", "https://paper.example", "--trust-email"]
    database = f"sqlite:///{newsroom.folder / 'belowline.sqlite3'}"
    clean = os.environ | {"BELOWLINE_DATA_DIR": str(newsroom.folder), "DATABASE_URL": database}
    done = subprocess.run(
        [sys.executable, "-m", "belowline", *command], env=clean, capture_output=True, text=True, check=True
    )
    return done.stdout, re.search(r"kid (\w+)", done.stderr)[1]


PAPER = """<!doctype html><html lang=en><title>Paper</title><link rel=icon href="data:,"><h1>Ferry</h1>
<iframe name=comments title=Comments width=800 height=700 src="{address}/discussion/1/?embed=1"></iframe>
<form method=post target=comments action="{address}/sso/"><input type=hidden name=token value="{token}">
<input type=hidden name=next value="/discussion/1/?embed=1"><button>Sign in at the paper</button></form>
<form method=post target=comments action="{address}/sso/logout/">
<input type=hidden name=next value="/discussion/1/?embed=1"><button>Sign out at the paper</button></form>"""


@pytest.fixture
def serve_paper() -> Iterator[Callable[[str], str]]:
    """Serve a page of the paper; returns its address, at another origin than the comments."""
    servers: list[ThreadingHTTPServer] = []

    def call(page: str) -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *_: object) -> None:
                """Be quiet."""

        servers.append(ThreadingHTTPServer(("localhost", 0), Answer))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://localhost:{servers[-1].server_port}/"

    yield call
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_paper_signs_its_reader_in_within_the_frame(guarded: Newsroom, page: Page, serve_paper):
    private, kid = add_key(guarded)
    now = int(time.time())
    claims = {"iss": "https://paper.example", "aud": guarded.address, "sub": "42", "jti": "1", "name": "Robin Marsh"}
    claims |= {"iat": now, "exp": now + 300, "email": "sub@paper.example", "email_verified": True}
    token = jwt.encode(claims, private, algorithm="EdDSA", headers={"kid": kid})
    page.goto(serve_paper(PAPER.format(address=guarded.address, token=token)))
    frame = page.frame_locator("iframe[name=comments]")
    expect(frame.get_by_role("link", name="Sign in").first).to_be_visible()

    page.get_by_role("button", name="Sign in at the paper").click()
    expect(frame.get_by_label("Your comment")).to_be_visible()
    expect(frame.get_by_text("Robin Marsh 2").first).to_be_visible()
    page.get_by_role("button", name="Sign out at the paper").click()
    expect(frame.get_by_role("link", name="Sign in").first).to_be_visible()
