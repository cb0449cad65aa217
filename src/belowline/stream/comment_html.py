"""Comments as HTML, put together by hand: a page shows dozens, and a template takes twenty times as long for each.

All that people wrote goes through `escape`, but for `body_html`, which was made safe when it was written.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from belowline.comments.models import Comment
from belowline.comments.threads import Thread, ThreadComment

Status = Comment.Status
ANY_ID = 10**17
"""Stands for a comment's id where an address is looked up once for all of a page."""


class Links(NamedTuple):
    """What the links of every comment on a page are made of, not yet escaped."""

    carry: str
    """The query that goes on from page to page, with its question mark; or empty."""
    thread_url: str
    composer_url: str
    takes_replies: bool


class CommentWriter:
    """Writes the comments of one page, in the language that is active when it is made."""

    def __init__(self, links: Links) -> None:
        self.takes_replies = links.takes_replies
        self.carry = escape(links.carry)
        self.thread_url, self.composer_url = escape(links.thread_url), escape(links.composer_url)
        self.reply_carry = f"{self.carry}&amp;" if self.carry else "?"
        self._page, self._recommend, self._more, self._replies = map(
            _around_id, ("comment", "recommend-comment", "comment-more", "comment-replies")
        )
        self._recommend_word, self._reply_word, self._more_word = _("Recommend"), _("Reply"), _("More")
        self._to, self._on = _("to %(name)s"), _("on the comment by %(name)s")
        self._answering, self._in_reply = _("in reply to"), _("in reply")

    def threads(self, threads: Iterable[Thread], *, order: str) -> SafeString:
        """Return the list of a page's threads, or what an empty one says."""
        items = [self._thread(thread) for thread in threads]
        if items:
            return _made(f'<ol class="comments" id="comments">{"".join(items)}</ol>')
        nothing = _("No comments yet. Yours could open the discussion.")
        if order == "picks":
            nothing = _("The editors have not picked a comment here yet.")
        return _made(f'<p class="empty">{nothing}</p>')

    def replies(  # noqa: PLR0913 - by keyword only
        self,
        replies: Iterable[ThreadComment],
        *,
        head: int,
        more: int,
        more_carry: str = "",
        in_place: bool = False,
        mine: str = "",
    ) -> SafeString:
        """Return the list of replies below a comment.

        `more` of them are left to its page, whose link carries `more_carry`, or what all links do; `in_place`: they
        can be opened here. `mine` is what the reader has to do with them, as JSON.
        """
        own = f' data-mine="{escape(mine)}"' if mine else ""
        items = [f"<li>{self._folded(row, self.article(row))}{self._continued(row)}</li>" for row in replies]
        if more:
            shown = {"shown": intcomma(more)}
            text = ngettext("%(shown)s more reply", "%(shown)s more replies", more) % shown
            opens = f' hx-get="{self._to_page(self._replies, head)}" hx-target="#replies-{head}" hx-swap="outerHTML"'
            page, rest = self._page
            link = f'href="{page}{head}{rest}{escape(more_carry) or self.carry}"{opens if in_place else ""}'
            items.append(f'<li class="more-replies"><a {link}>{text}</a></li>')
        return _made(f'<ol class="replies" id="replies-{head}"{own}>{"".join(items)}</ol>')

    def article(self, row: ThreadComment, *, in_focus: bool = False) -> SafeString:
        """Return one comment, or the line that stands in its place."""
        classes = f"comment depth-{row.depth}{' picked' if row.pick_id else ''}{' focus' if in_focus else ''}"
        if row.status != Status.PUBLISHED:
            return _made(f'<article class="{classes}" id="c-{row.id}">{_tombstone(row)}</article>')
        return _made(
            f'<article class="{classes}" id="c-{row.id}" data-author="{row.author_id}">{self._header(row)}{_pick(row)}'
            f'<div class="text" dir="auto">{row.body_html}</div>{self._footer(row)}</article>'
        )

    def _thread(self, thread: Thread) -> str:
        head = thread.head
        html: str = self.article(head)
        if thread.replies or thread.more:
            html += self.replies(thread.replies, head=head.id, more=thread.more, in_place=True)
        return f'<li class="thread">{self._folded(head, html)}</li>'

    def _folded(self, row: ThreadComment, html: str) -> str:
        if not row.is_digression:
            return html
        summary = _("%(name)s leaves the article here. Show") % {"name": escape(row.author_name)}
        return f'<details class="digression"><summary>{summary}</summary>{html}</details>'

    def _continued(self, row: ThreadComment) -> str:
        if not row.continues:
            return ""
        text = ngettext(
            "Continue this conversation (%(shown)s reply)",
            "Continue this conversation (%(shown)s replies)",
            row.continues,
        ) % {"shown": intcomma(row.continues)}
        return f'<p class="continues"><a href="{self._to_page(self._page, row.id)}">{text}</a></p>'

    def _header(self, row: ThreadComment) -> str:
        badge = ""
        if row.is_by_writer or row.author_role != "reader":
            title = _("Author of the article") if row.is_by_writer else _("Staff")
            badge = f' <span class="badge staff">{title}</span>'
        edited = ""
        if row.edited_at:
            told = {"moment": row.edited_at.isoformat(), "shown": _shown(row.edited_at)}
            edited = _('edited <time datetime="%(moment)s">%(shown)s</time>') % told
            edited = f' <span class="edited">{edited}</span>'
        moment = f'<time datetime="{row.created_at.isoformat()}">{_shown(row.created_at)}</time>'
        return (
            f'<header><span class="who">{escape(row.author_name)}</span>{badge}{self._answered(row)} '
            f'<span class="when"><a href="{self._to_page(self._page, row.id)}">{moment}</a></span>{edited}</header>'
        )

    def _answered(self, row: ThreadComment) -> str:
        """Return the link to the comment that this one answers."""
        if row.parent_id is None:
            return ""
        if row.parent_name:
            link = (
                f'<a href="#c-{row.parent_id}"><span class="visually-hidden">{self._answering} </span>'
                f'<span class="back" aria-hidden="true">↩</span> {escape(row.parent_name)}</a>'
            )
        else:
            link = f'<a href="{self._to_page(self._page, row.parent_id)}">{self._in_reply}</a>'
        return f' <span class="to">{link}</span>'

    def _footer(self, row: ThreadComment) -> str:
        one, name, count = row.id, {"name": escape(row.author_name)}, row.recommend_count or ""
        recommend, more = self._to_page(self._recommend, one), self._to_page(self._more, one)
        reply = place = ""
        if self.takes_replies:
            reply = (
                f'<a class="reply" rel="nofollow" href="{self.thread_url}{self.reply_carry}reply={one}#composer" '
                f'hx-get="{self.composer_url}?reply={one}" hx-target="#reply-{one}">{self._reply_word}'
                f'<span class="visually-hidden"> {self._to % name}</span></a>'
            )
            place = f'<div id="reply-{one}" data-reply-place hx-preserve></div>'
        return (
            f'<footer><a class="recommend" rel="nofollow" data-recommend="{one}" '
            f'href="{recommend}">{self._recommend_word} <b>{count}</b></a>'
            f'{reply}<a class="more" rel="nofollow" href="{more}" hx-get="{more}" hx-target="#more-{one}">'
            f'{self._more_word}<span class="visually-hidden"> {self._on % name}</span></a></footer>'
            f'<div id="more-{one}" data-more-place hx-preserve></div>{place}'
        )

    def _to_page(self, around: tuple[str, str], comment_id: int) -> str:
        before, after = around
        return f"{before}{comment_id}{after}{self.carry}"


def _around_id(name: str) -> tuple[str, str]:
    """Return what stands before and after a comment's id in the address of a page."""
    before, _id, after = reverse(name, args=[ANY_ID]).partition(str(ANY_ID))
    return escape(before), escape(after)


def _shown(moment: datetime) -> str:
    return escape(date_format(localtime(moment), "DATETIME_FORMAT"))


def _pick(row: ThreadComment) -> str:
    if not row.pick_id:
        return ""
    quoted = f' <q dir="auto">{escape(row.pick_sentence)}</q>' if row.pick_sentence else ""
    title = _("Editors’ pick")
    return f'<p class="pick"><strong>{title}</strong>{quoted}</p>'


def _tombstone(row: ThreadComment) -> str:
    if row.status == Status.REMOVED:
        text = _("A moderator removed this comment.")
        if row.rule:
            text += " " + _("Rule: %(rule)s.") % {"rule": escape(row.rule)}
    elif row.status == Status.DELETED:
        text = _("Its author deleted this comment.")
    else:
        text = _("This comment is not shown at present.")
    return f'<p class="tombstone">{text}</p>'


def _made(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - made here, of what was escaped here
