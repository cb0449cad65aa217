"""Comments as HTML: a little Markdown, nothing that could do harm, and no word that was not there to be judged."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belowline.comments.render import TAGS, render_comment

VOID = {"br"}


class Reader(HTMLParser):
    """What a browser would find: tags with their attributes, whether they close, and the text."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.text, self.strange = [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.strange.append(f"</{tag}>")

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.strange.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def visible(html):
    return "".join(Reader(html).text)


def words(text):
    return re.findall(r"[^\W_]+", text)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("One.", "<p>One.</p>"),
        ("One.\nTwo.", "<p>One.<br>\nTwo.</p>"),
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("*soft* and **loud**", "<p><em>soft</em> and <strong>loud</strong></p>"),
        ("_soft_ words", "<p><em>soft</em> words</p>"),
        ("> quoted\n\nanswer", "<blockquote>\n<p>quoted</p>\n</blockquote>\n<p>answer</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("1. one\n2. two", "<ol>\n<li>one</li>\n<li>two</li>\n</ol>"),
        ("`code`", "<p><code>code</code></p>"),
        ("5 < 6 & 7 > 3", "<p>5 &lt; 6 &amp; 7 &gt; 3</p>"),
        ("# no heading", "<p># no heading</p>"),
        ("no heading\n===", "<p>no heading<br>\n===</p>"),
        ("---", "<p>---</p>"),
        ("***", "<p>***</p>"),
        ("    four blanks", "<p>four blanks</p>"),
        ("```\nfence\n```", "<p><code>fence</code></p>"),
        ("| a | b |\n|---|---|", "<p>| a | b |<br>\n|---|---|</p>"),
        ("3 * 4 * 5", "<p>3 * 4 * 5</p>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("👍", "<p>👍</p>"),
        ("مرحبا", "<p>مرحبا</p>"),
    ],
)
def test_what_readers_may_use(source, html):
    assert render_comment(source).strip() == html


@pytest.mark.parametrize(
    ("source", "href"),
    [
        ("[a](https://example.org/x)", "https://example.org/x"),
        ("[a](http://example.org/?q=1&b=2)", "http://example.org/?q=1&b=2"),
        ("<https://example.org/x>", "https://example.org/x"),
        ('[a](https://example.org "title")', "https://example.org"),
    ],
)
def test_links_lead_out_without_a_blessing(source, href):
    [(_, found)] = [entry for entry in Reader(render_comment(source)).tags if entry[0] == "a"]

    assert found == {"href": href, "rel": "nofollow ugc noopener"}


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<iframe src=https://evil.example></iframe>",
        "<b onclick=alert(1)>x</b>",
        "<svg/onload=alert(1)>",
        "<!-- a comment -->",
        "<![CDATA[x]]>",
        "<?php x ?>",
        "<style>*{display:none}</style>",
        "</p></div></body>",
        "<p>raw</p>",
        "<a href=javascript:alert(1)>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x]( javascript:alert(1))",
        "[x](\x01javascript:alert(1))",
        "[x](vbscript:x)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](file:///etc/passwd)",
        "[x](mailto:a@example.org)",
        "[x](tel:+44)",
        "<javascript:alert(1)>",
        "<a@example.org>",
        "![x](https://example.org/pixel.png)",
        "![x](javascript:alert(1))",
        "![x][y]\n\n[y]: https://example.org/pixel.png",
        "[x][y]\n\n[y]: javascript:alert(1)",
        '[x](https://example.org"onmouseover="alert(1))',
        '[x](https://example.org "a\\" onmouseover=\\"alert(1)")',
        "[<img src=x onerror=alert(1)>](https://example.org)",
        "`<script>alert(1)</script>`",
        "> <script>alert(1)</script>",
        "- <script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;alert(1)&#60;/script&#62;",
        "<<script>script>alert(1)</script>",
        "<scr\x00ipt>alert(1)</scr\x00ipt>",
        "\u2028<script>alert(1)</script>",
        "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    ],
)
def test_nothing_that_does_harm(source):
    found = Reader(render_comment(source))

    assert {tag for tag, _ in found.tags} <= TAGS
    assert found.strange == found.open == []
    for tag, attributes in found.tags:
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else set())
        assert re.match(r"https?://", attributes.get("href", "https://")), attributes


@pytest.mark.parametrize("source", ["<script>alert(1)</script>", "<b>x</b>", "</p>", "<!-- x -->", "a <img src=x> b"])
def test_html_is_shown_as_it_was_written(source):
    assert visible(render_comment(source)).strip() == source


def test_nested_quotations():
    html = render_comment("> > > three\n> > two\n> one\n\nnone")

    assert html.count("<blockquote>") == 3
    assert visible(html).split() == ["three", "two", "one", "none"]


@pytest.mark.parametrize("mark", [">", "> ", "- ", "1. ", "* ", ">- "])
@pytest.mark.parametrize("depth", [3, 19, 20, 21, 40, 500])
def test_no_word_is_lost_however_deep_it_stands(mark, depth):
    """A comment is published as it was written."""
    assert "bridge" in visible(render_comment(f"{mark * depth}the bridge"))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("wom**b**at", "wom**b**at"),
        ("w*omba*t", "w*omba*t"),
        ("wo`mb`at", "wo`mb`at"),
        ("wom&#98;at", "wom&#98;at"),
        ("&#119;&#111;&#109;&#98;&#97;&#116;", "&#119;&#111;&#109;&#98;&#97;&#116;"),
        (
            "[wom](https://example.org)[bat](https://example.org)",
            "[wom](https://example.org)[bat](https://example.org)",
        ),
        ("[wom](https://example.org)bat", "[wom](https://example.org)bat"),
        ("wom&shy;bat", "wom&shy;bat"),
        ("w&omicron;mbat", "w&omicron;mbat"),
    ],
    ids=["bold", "soft", "code", "an entity", "all entities", "links", "half a link", "hyphen", "greek"],
)
def test_words_are_shown_as_they_were_judged(source, shown):
    """Marks inside a word would hide it from the engine and show it to readers."""
    assert visible(render_comment(source)).strip() == shown


@pytest.mark.parametrize(
    "source",
    ["AT&T", "fish &amp; chips", "a &copy; b", "R&amp;D &lt;x&gt;", "*one* **two** `three`", "(*soft*), **loud**!"],
)
def test_ordinary_marks_stay(source):
    shown = visible(render_comment(source))

    assert set(words(shown)) <= set(words(source))
    assert "*" not in shown


INGREDIENTS = [
    "wombat", "wom", "bat", "a", " ", "  ", "\n", "\n\n", "*", "**", "_", "__", "`", "``", ">", "> ", "- ", "1. ",
    "[", "]", "(", ")", "](", "https://example.org/", "javascript:alert(1)", "<", "</", "<script>", "&", "&lt;",
    "&#98;", "<img src=x onerror=y>", "&#x3c;", ";", "\\", "!", "![", "<!--", "-->", '"', "'", "#", "|", "\t", "    ",
    "\u200b", "é", "字",
]  # fmt: skip


@given(st.lists(st.sampled_from(INGREDIENTS), max_size=30).map("".join))
@example("[a](https://example.org/?<script>)")
@example("*a**b*c**")
@example("> - > - 1. x")
@example("\\*a\\_b\\`")
def test_whatever_is_written_is_safe_and_honest(source):
    html = render_comment(source)
    found = Reader(html)

    assert {tag for tag, _ in found.tags} <= TAGS
    assert found.strange == found.open == []
    for tag, attributes in found.tags:
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else set())
        assert re.match(r"https?://", attributes.get("href", "https://"))
    assert set(words("".join(found.text))) <= set(words(source))


@given(st.text(max_size=200))
def test_whatever_it_is_it_is_text(source):
    found = Reader(render_comment(source))

    assert {tag for tag, _ in found.tags} <= TAGS
    assert found.strange == found.open == []


@pytest.mark.parametrize(
    "source",
    [
        ">" * 3000,
        "*" * 3000,
        "[" * 3000,
        "`" * 3000,
        "<" * 3000,
        "- " * 1500,
        "1. " * 1000,
        "_a" * 1500,
        "[a](" * 750,
        "\\" * 3000,
    ],
    ids=["quotes", "stars", "brackets", "ticks", "angles", "lists", "numbers", "underscores", "links", "backslashes"],
)
def test_nothing_takes_long(source):
    import time

    started = time.perf_counter()
    render_comment(source)
    assert time.perf_counter() - started < 2
