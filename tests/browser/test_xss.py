"""Nothing that somebody writes comes alive: 330 payloads in every place that pages show.

On every page without our policy: Chromium then obeys no Content-Security-Policy, so that the escaping alone is proven.
And on one page of each kind with it.
"""

import json
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode
from playwright.sync_api import Browser, Route, expect
from xss_watch import Watch

from belowline.accounts.models import User
from belowline.accounts.names import clean_display_name
from belowline.stories.actions.save_story import save_story
from belowline.stories.errors import StoryInputError

CLASSES = json.loads(Path(__file__).with_name("xss.json").read_text("utf-8"))
PAYLOADS = [payload for payloads in CLASSES.values() for payload in payloads]
A_PAGE = 20
BAD_ADDRESSES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
    "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:alert(1)", "//canary.example/",
    '"><script>alert(1)</script>',
    "javascript://gazette.example/%0aalert(1)", "https:", "https:///alert(1)",
)  # fmt: skip
ADDRESSES = (
    'https://gazette.example/"onmouseover="alert(1)',
    "https://gazette.example/'onmouseover='alert(1)",
    "https://gazette.example/?<script>alert(1)</script>",
    "https://gazette.example/</title><script>alert(1)</script>",
    "https://gazette.example/]]><script>alert(1)</script>",
    'https://gazette.example/"}</script><script>alert(1)</script>',
)


def test_the_corpus_is_as_large_as_promised():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 200
    assert len(CLASSES) >= 12


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_a_story_has_no_address_that_runs(site, url):
    with pytest.raises(StoryInputError):
        save_story(site=site, key="k", title="Bridge", url=url)


def packed(limit: int) -> list[str]:
    """Join payloads to texts of at most `limit` characters."""
    texts = [""]
    for payload in (one for one in PAYLOADS if len(one) < limit):
        if len(texts[-1]) + len(payload) + 1 > limit:
            texts.append("")
        texts[-1] += f" {payload}"
    return texts


@pytest.fixture
def infested(transactional_db, site, make_story, reader, moderator):
    """A paper in which every text that somebody can write is a payload; returns its stories, the first the longest."""
    from belowline.stories.models import Site, Story

    titles, sections, messages = cycle(packed(500)), cycle(packed(100)), cycle(packed(500))
    stories = [
        make_story(site, f"k{number}", title=next(titles), section=next(sections), url=url)
        for number, url in enumerate(ADDRESSES)
    ]
    for story in stories:
        Story.objects.filter(pk=story.pk).update(message=next(messages))
        story.refresh_from_db()
    Site.objects.filter(pk=site.pk).update(name='"><img src=x onerror=alert(1)>', contact_email='"onclick=alert(1)@x.y')
    write_comments(stories[0])
    write_own(stories, reader, moderator)
    return stories


def rename(user, name: str) -> None:
    """Give somebody a name that no form would let through: what is tested is how pages show it."""
    type(user).objects.filter(pk=user.pk).update(display_name=name)


def write_comments(story) -> None:
    """Publish a comment for each payload, by an author whose name is one too; every seventh is picked."""
    from belowline.comments.actions.create_comment import create_comment
    from belowline.comments.models import Comment, Pick

    authors = User.objects.bulk_create(
        User(email=f"x{number}@reader.example", display_name=payload, display_name_key=f"x{number}")
        for number, payload in enumerate(PAYLOADS)
    )
    parent = None
    for number, (author, payload) in enumerate(zip(authors, PAYLOADS, strict=True)):
        comment = create_comment(
            story=story, author=author, text_source=payload, parent=parent, idempotency_key=f"x{number}"
        )
        comment.change_status(Comment.Status.PUBLISHED)
        if number % 7 == 0:
            Pick.objects.create(comment=comment, sentence=payload[:300], picked_by=author)
        parent = comment if number % 3 == 0 else None


def write_own(stories, reader, moderator) -> None:
    """Let the reader's own comments stand in every state, reported, contested, and decided with payloads as reasons."""
    from belowline.comments.actions.create_comment import create_comment
    from belowline.comments.models import Comment
    from belowline.moderation.models import Appeal, Decision, Notice, Report
    from belowline.notifications.models import Kind, Notification

    states, names = cycle(["held", "rejected", "removed", "published"]), cycle(packed(40))
    stories, words = cycle(stories), cycle(packed(1000))
    for number, text in enumerate(packed(2_900)[:8] * 2):
        comment = create_comment(
            story=next(stories), author=reader, text_source=text, parent=None, idempotency_key=f"o{number}"
        )
        comment.change_status(Comment.Status(state := next(states)))
        Comment.objects.filter(pk=comment.pk).update(relation_source=next(words)[:500])
        reason = {"rule": next(names), "title": next(words), "signal": "abuse", "score": 0.9, "threshold": 0.5,
                  "start": 3, "end": 40, "explanation": next(words)}  # fmt: skip
        decision = Decision.objects.create(
            comment=comment,
            revision=comment.revisions.get(),
            outcome={"held": "hold", "rejected": "reject", "removed": "remove", "published": "publish"}[state],
            maker="person" if state != "held" else "engine",
            moderator=moderator if state != "held" else None,
            reasons=[reason] if state != "published" else [],
            policy="Small@000000000000",
            note_to_author=next(words),
        )
        told = {"held": Kind.REPLY, "rejected": Kind.REJECTED, "removed": Kind.REJECTED, "published": Kind.PICK}[state]
        Notification.objects.create(user=reader, kind=told, comment=comment, subject_id=decision.pk)
        if state in {"rejected", "removed"}:
            appeal = Appeal.objects.create(decision=decision, text_source=next(words), reason=next(words))
            Notification.objects.create(user=reader, kind=Kind.APPEAL, comment=comment, subject_id=appeal.pk)
        Notice.objects.create(
            receipt=f"r{number}", comment=comment, explanation_source=next(words), legal_ground=next(words)[:500],
            category="VIOLENCE", name=next(names), email="a@b.example", in_good_faith=True, reason=next(words),
        )  # fmt: skip
        report = Report.objects.create(comment=comment, reporter=moderator, category="other", text_source=next(words))
        Notification.objects.create(user=reader, kind=Kind.REPORT, comment=comment, subject_id=report.pk)


def address(name: str, *arguments: object, **query: str) -> str:
    """Return the path of a named page."""
    path = reverse(name, args=arguments)
    return f"{path}?{urlencode(query)}" if query else path


def public_pages(stories) -> list[str]:
    """Every page that a stranger sees, those that repeat what was asked among them."""
    first = stories[0]
    shown = list(first.comments.filter(status="published", root=None).values_list("pk", flat=True))
    gone = list(type(first.comments.first()).objects.filter(status="removed").values_list("pk", flat=True))
    told = packed(700)[:6]
    site = first.site.key
    return [
        *(address("thread", first.pk, page=str(page)) for page in range(1, len(shown) // A_PAGE + 2)),
        *(address("thread", story.pk) for story in stories),
        *(address("thread", first.pk, order=order) for order in ("best", "discussed", "recommended", "picks")),
        *(address("comment", pk) for pk in [*shown[:3], *gone[:1]]),
        *(address("comment-embed", pk) for pk in shown[:12]),
        address("story-feed", first.pk),
        address("counts", site=site, story="k0"),
        *(address("counts", site=site, story=text) for text in told[:2]),
        *(address("oembed", url=text) for text in told[:2]),
        address("oembed", url=f"http://localhost/discussion/{first.pk}/"),
        *(address("thread", first.pk, order=text, page=text, subject=text, lang=text) for text in told[:3]),
        *(address("embed", site=text, story=text, url=text) for text in told[:2]),
        *(address("embed", site=site, story="", url=text) for text in BAD_ADDRESSES[:2]),
        *(address("account_login", next=text) for text in BAD_ADDRESSES[:9:2]),
        *(f"/{text}/" for text in ("%3Cscript%3Ealert(1)%3C/script%3E", "discussion/%22onclick=alert(1)")),
        address("notice-state", "r0"),
        address("give-notice", shown[0]),
        address("site-faq", site),
        address("transparency", site),
        address("accessibility"),
    ]


def private_pages(stories) -> list[str]:
    """Every page of somebody who has signed in."""
    first = stories[0]
    shown = list(first.comments.filter(status="published", root=None).values_list("pk", flat=True)[:2])
    own = [comment.pk for story in stories for comment in story.comments.filter(author__email__startswith="marjorie")]
    names = ("my-comments", "notifications", "reader-settings", "sessions", "close-account", "export-mine")
    return [
        *(address(name) for name in names),
        *(address("my-comment", pk) for pk in own),
        *(address("thread", first.pk, posted=str(pk)) for pk in own[:4]),
        *(address("thread", first.pk, reply=str(pk)) for pk in shown),
        *(address(name, pk) for pk in shown for name in ("comment-more", "report-comment")),
    ]


def desk_pages(stories) -> list[str]:
    """Every page of a moderator that shows what readers wrote."""
    first = stories[0]
    names = ("desk", "appeals", "desk-notices", "desk-reports", "desk-stories", "desk-newsroom", "audit", "desk-faq")
    held = [comment.pk for story in stories for comment in story.comments.filter(status="held")]
    return [
        *(address(name) for name in names),
        *(address("desk", comment=str(pk)) for pk in held),
        *(address("desk-story", story.pk) for story in stories[:3]),
        *(address("story-controls", story.pk) for story in stories[:3]),
        address("comment-more", first.comments.first().pk),
    ]


def open_as(context, server, user) -> Watch:
    """Return a watch over a browser in which somebody has signed in; None: nobody."""
    if user is not None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies["belowline_session"].value
        context.add_cookies([{"name": "belowline_session", "value": cookie, "url": server.url}])
    return Watch(context, server.url)


def one_of_each(pages: list[str]) -> list[str]:
    """Return the first page of each view."""
    return list({resolve(urlsplit(path).path).view_name: path for path in reversed(pages) if is_ours(path)}.values())


def is_ours(path: str) -> bool:
    try:
        resolve(urlsplit(path).path)
    except Resolver404:
        return False
    return True


def test_nothing_comes_alive(infested, live_server, chromium: Browser, reader, admin):
    rename(reader, '"><script>alert(1)</script>')
    rename(admin, "<img src=x onerror=alert(1)>")
    visits = ((None, public_pages(infested)), (reader, private_pages(infested)), (admin, desk_pages(infested)))
    found = []
    for policy in ("with our policy", "without any policy"):
        for user, pages in visits:
            context = chromium.new_context(bypass_csp=policy != "with our policy", reduced_motion="reduce")
            watch = open_as(context, live_server, user)
            for path in pages if policy == "without any policy" else one_of_each(pages):
                watch.visit(path)
            if user == reader:
                write(watch, infested[0])
            found += [f"{policy}, {what}" for what in watch.found]
            context.close()

    assert not found, "\n".join(dict.fromkeys(found))


def write(watch: Watch, story) -> None:
    """Post what is too long, so that the form comes back with it; and look at previews."""
    page = watch.visit(address("thread", story.pk))
    page.get_by_label("Your comment", exact=True).fill("\n\n".join(PAYLOADS).replace("\x00", "")[:20_000])
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("shorten")
    watch.look()
    for payloads in (CLASSES["markdown"][:30], CLASSES["markdown"][30:], CLASSES["mutation"]):
        watch.visit(address("thread", story.pk))
        page.get_by_label("Your comment", exact=True).fill("\n\n".join(payloads))
        page.get_by_role("button", name="Preview").click()
        expect(page.locator("[data-preview-place] .text")).to_be_visible()
        watch.look()


@pytest.mark.django_db
def test_a_name_in_a_token_becomes_a_plain_one(publisher):
    paper = publisher()
    for number, payload in enumerate(PAYLOADS[::3]):
        token = paper.token(sub=f"s{number}", name=payload, email=f"s{number}@gazette.example")
        answer = Client().post(
            "/sso/", {"token": token, "next": payload}, headers={"Origin": "https://gazette.example"}
        )
        assert answer.status_code == 302
        assert answer["Location"].startswith("/")
        name = User.objects.order_by("pk").last().display_name
        assert clean_display_name(name) == name, payload
    assert User.objects.count() == len(PAYLOADS[::3])


HOLES = {
    "script": "<script>alert(1)</script>",
    "handler": "<img src=x onerror=alert(1)>",
    "late handler": "<svg onload=alert(1)>",
    "address": '<a href="java\tscript:alert(1)">a</a>',
    "foreign form": "<form action=https://canary.example/></form>",
    "foreign picture": "<img src=https://canary.example/i.png>",
    "foreign sheet": "<link rel=stylesheet href=https://canary.example/s.css>",
    "base": "<base href=https://canary.example/>",
    "refresh": '<meta http-equiv=refresh content="0;url=https://canary.example/">',
    "frame": "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "style": "<p style=color:red>a</p>",
    "htmx": "<p hx-on:click=alert(1)>a</p>",
    "tag in a comment": "<article class=comment><div class=text><h1>a</h1></div></article>",
    "attribute in a comment": "<article class=comment><div class=text><p id=main>a</p></div></article>",
}


@pytest.mark.parametrize("bypass", [False, True], ids=["our policy", "no policy"])
def test_the_watch_sees_holes(live_server, chromium: Browser, bypass):
    context = chromium.new_context(bypass_csp=bypass)
    watch = Watch(context, live_server.url)
    holes = {f"/hole/{number}/": html for number, html in enumerate(HOLES.values())}
    policy = {"Content-Security-Policy": "default-src 'none'; script-src 'self'"}

    def answer(route: Route) -> None:
        route.fulfill(body=holes[urlsplit(route.request.url).path], content_type="text/html", headers=policy)

    context.route(f"{live_server.url}/hole/*/", answer)
    blind = []
    for name, path in zip(HOLES, holes, strict=True):
        before = len(watch.found)
        watch.visit(path)
        watch.page.wait_for_timeout(20)
        watch.look()
        if len(watch.found) == before:
            blind.append(name)
    context.close()

    assert not blind


def test_the_policy_forbids_what_is_inline(site, story, live_server, stranger):
    for path in ("/faq/", "/accounts/login/", f"/discussion/{story.pk}/", f"/discussion/{story.pk}/?embed=1"):
        header = stranger.get(path).headers["Content-Security-Policy"]
        directives = dict(part.strip().partition(" ")[::2] for part in header.split(";"))
        assert directives["default-src"] == "'none'"
        assert directives["script-src"] == "'self'"
        assert directives["base-uri"] == "'none'"
        assert "unsafe" not in header
