"""What stands in the head of readers' pages."""

import html
import json
import re

import pytest

from belowline.stream.templatetags.look import discussion_block, look_sheet


@pytest.mark.parametrize("nothing", ["", None])
def test_a_page_that_knows_no_site_has_no_sheet(nothing):
    assert look_sheet(nothing) == ""


def test_the_sheet_of_a_site(site, stranger):
    assert look_sheet(site) == ""
    site.theme = {"accent": "#8a1c2b"}
    site.save()
    address = look_sheet(site)

    assert address.startswith("/sites/gazette/theme.css?v=")
    assert b"--accent: #8a1c2b" in stranger.get(address).content


def test_it_stands_on_the_pages_of_the_site(site, story, stranger):
    site.theme = {"accent": "#8a1c2b"}
    site.save()

    for path in (f"/discussion/{story.pk}/", "/faq/gazette/"):
        page = stranger.get(path).content.decode()
        assert page.count(look_sheet(site)) == 1
        assert page.index("belowline.css") < page.index(look_sheet(site))
        assert 'data-site="gazette"' in stranger.get(path, {"embed": "1"}).content.decode()


def test_who_is_signed_in_is_told_to_the_frame_only_as_yes_or_no(story, stranger, as_reader, reader):
    path = f"/discussion/{story.pk}/?embed=1"
    head = as_reader.get(path).content.decode().partition("<body")[0]

    assert "data-signed-in" in head
    assert reader.email not in head
    assert "data-signed-in" not in stranger.get(path).content.decode()


def test_frames_have_their_script_and_other_pages_have_not(story, stranger):
    assert "frame.js" in stranger.get(f"/discussion/{story.pk}/?embed=1").content.decode()
    assert "frame.js" not in stranger.get(f"/discussion/{story.pk}/").content.decode()


def test_the_newest_comments_for_search_engines(story, post):
    newest = [post(f"Remark {number} about the harbour bridge.").comment.pk for number in range(3)][::-1]
    data = json.loads(discussion_block(story, 2).partition(">")[2].removesuffix("</script>"))

    assert [int(entry["url"].split("/")[-2]) for entry in data["comment"]] == newest[:2]


def test_a_comments_own_page_leads_to_its_oembed(published, stranger, reader):
    page = stranger.get(f"/comments/{published.pk}/").content.decode()
    [address] = re.findall(r'type="application/json\+oembed" href="([^"]*)"', page)

    assert (
        stranger.get(html.unescape(address).removeprefix("http://localhost:8000")).json()["author_name"]
        == reader.display_name
    )
    assert f'<link rel="canonical" href="http://localhost:8000/comments/{published.pk}/">' in page
    [data] = re.findall(r'ld\+json">(.*?)</script>', page)
    assert json.loads(data)["comment"][0]["text"] == published.text_source


def test_a_comment_that_is_gone_and_a_page_in_a_frame_lead_nowhere(published, stranger):
    path = f"/comments/{published.pk}/"
    assert "oembed" not in stranger.get(path, {"embed": "1"}).content.decode()

    published.change_status("removed")
    assert "oembed" not in stranger.get(path).content.decode()


def test_only_a_discussion_without_an_article_is_described_itself(story, published, stranger):
    path = f"/discussion/{story.pk}/"
    assert "ld+json" not in stranger.get(path).content.decode()

    type(story).objects.update(url="")
    assert "ld+json" in stranger.get(path).content.decode()
    assert "ld+json" not in stranger.get(path, {"embed": "1"}).content.decode()
