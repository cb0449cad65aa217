"""The invented paper's own pages, and the mail that it sent."""

import pytest
from django.core.mail import EmailMessage, get_connection

from belowline.demo.views import read_mails
from belowline.stories.models import Story

FILES = "django.core.mail.backends.filebased.EmailBackend"


def test_the_front_page(in_demo, story, other_story, published):
    page = in_demo.get("/").content.decode()

    assert "Harbour bridge closed for repairs" in page
    assert 'href="/news/bridge/"' in page
    assert '<span data-belowline-count data-story="bridge">1 comment</span>' in page
    assert page.count('src="/counts.js" data-site="gazette"') == 1
    assert "0 comments" in page


def test_the_newest_first(in_demo, story, other_story):
    page = in_demo.get("/").content.decode()
    assert page.index("Goose") < page.index("Harbour bridge")

    Story.objects.filter(pk=other_story.pk).update(published_at="2020-01-01T00:00:00Z")
    page = in_demo.get("/").content.decode()
    assert page.index("Harbour bridge") < page.index("Goose")


def test_few_queries_however_many_stories(in_demo, site, make_story, django_assert_max_num_queries):
    for number in range(10):
        make_story(site, f"story-{number}")
    in_demo.get("/")
    with django_assert_max_num_queries(3):
        in_demo.get("/")


def test_an_article_with_its_comments(in_demo, story):
    page = in_demo.get("/news/bridge/").content.decode()

    assert "<h1>Harbour bridge closed for repairs</h1>" in page
    assert page.count("<p>The harbour bridge is closed until May.</p>") == 1
    assert 'data-belowline data-site="gazette" data-story="bridge"' in page
    assert '<script src="/embed.js" async></script>' in page
    assert f'href="/discussion/{story.pk}/"' in page
    assert '<link rel="canonical" href="https://gazette.example/news/bridge">' in page


def test_an_article_is_text(in_demo, story):
    Story.objects.update(title="<b>Bridge</b>", body="<script>alert(1)</script>")
    page = in_demo.get("/news/bridge/").content.decode()

    assert "<b>" not in page
    assert "<script>alert" not in page


def test_no_such_article(in_demo, site):
    assert in_demo.get("/news/none/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/news/bridge/", "/demo/mail/"])
def test_pages_are_for_reading(in_demo, story, path):
    assert in_demo.post(path).status_code == 405
    assert in_demo.head(path).status_code == 200


def send(settings, *subjects, text="Your code:\n\nABC-DEF\n"):
    with get_connection(FILES, file_path=settings.EMAIL_FILE_PATH) as connection:
        for subject in subjects:
            EmailMessage(subject, text, "comments@localhost", ["zoë@reader.example"], connection=connection).send()


def test_no_mail_yet(in_demo):
    assert "None yet." in in_demo.get("/demo/mail/").content.decode()


def test_mail_that_was_sent(in_demo, settings):
    send(settings, "Your code & more", text="<b>ABC-DEF</b>\nÜber\n")
    page = in_demo.get("/demo/mail/").content.decode()

    assert "Your code &amp; more" in page
    assert "&lt;b&gt;ABC-DEF&lt;/b&gt;" in page
    assert "Über" in page


def test_the_newest_mail_first(in_demo, settings):
    send(settings, "First")
    send(settings, "Second", "Third")
    page = in_demo.get("/demo/mail/").content.decode()

    assert page.index("Third") < page.index("Second") < page.index("First")


def test_a_file_of_mails(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    send(settings, "One", "Two")
    [file] = tmp_path.glob("*.log")
    mails = read_mails(file)

    assert [mail["subject"] for mail in mails] == ["One", "Two"]
    assert mails[0]["text"].strip().splitlines() == ["Your code:", "", "ABC-DEF"]
