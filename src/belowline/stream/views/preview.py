"""How a text will look, by the very function that renders comments: a part for htmx, the whole page without it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from belowline.comments.actions.create_comment import is_visible
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.comments.render import render_comment
from belowline.stories.models import Story
from belowline.stream.limited import spend_for
from belowline.stream.views.thread import own_comment, thread_response


@require_POST
def preview(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show the text as it will look; nothing is written down, and without JavaScript the form comes back with it."""
    story = get_object_or_404(Story.objects.select_related("site"), pk=story_id)
    text = request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n")
    is_part = request.headers.get("HX-Request") == "true"
    if not request.user.is_authenticated:
        context = {"story": story, "text": text, "inline": True}
        return render(request, "stream/_invite.html" if is_part else "stream/signed_out.html", context, status=401)
    spend_for(request, "preview")
    shown = mark_safe(_rendered(text))  # noqa: S308 - sanitised by the function that renders comments
    if is_part:
        return render(request, "stream/_preview.html", {"preview": shown})
    return thread_response(request, story, preview=shown, text=text, **_kept(request, story))


def _rendered(text: str) -> str:
    """Return safe HTML of a text, which is cut where no comment could be so long."""
    return render_comment(text[: settings.COMMENT_MAX_CHARACTERS]) if is_visible(text) else ""


def _kept(request: HttpRequest, story: Story) -> dict[str, Any]:
    """Return what the form knew besides the text."""
    wanted = parse_id(request.POST.get("parent", ""))
    published = Comment.objects.select_related("author").filter(story=story, status=Comment.Status.PUBLISHED)
    old = parse_id(request.POST.get("resubmits", ""))
    key = request.POST.get("idempotency_key", "").replace("\x00", "")
    return {
        "parent": published.filter(pk=wanted).first() if wanted is not None else None,
        "resubmits": own_comment(request, story, old) if old is not None else None,
        **({"idempotency_key": key} if key else {}),
    }
