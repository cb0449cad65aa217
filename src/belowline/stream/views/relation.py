"""An author says how a comment, held as off topic, belongs here: by one tap, or in a sentence."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.actions.explain_relation import explain_relation
from belowline.moderation.errors import RelationError
from belowline.moderation.topic import nearest_passage
from belowline.stream.links import frame_query


@require_POST
@login_required
def explain(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Keep what the author says, and lead back to where they said it."""
    if not isinstance(request.user, User):
        raise TypeError("login_required lets nobody else through")
    comment = get_object_or_404(Comment, pk=comment_id, author=request.user)
    try:
        explain_relation(comment=comment, by=request.user, text_source=relation_text(request, comment))
    except RelationError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        messages.success(
            request, gettext("Thank you. The moderator reads this beside your comment."), extra_tags="good"
        )
    return redirect(way_back(request, comment))


def relation_text(request: HttpRequest, comment: Comment) -> str:
    """Return the author's words: those of the button that was pressed, or those that were written."""
    chosen = request.POST.get("relation", "")
    if chosen == "passage" and (newest := comment.decisions.order_by("-id").first()):
        return gettext("It is about this part: “%(passage)s”") % {"passage": nearest_passage(newest)}
    fixed = {
        "parent": gettext("It answers the comment above."),
        "experience": gettext("It is my own experience with this."),
    }
    return fixed.get(chosen) or request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n")


def way_back(request: HttpRequest, comment: Comment) -> str:
    """Return the address of the page that the form stood on."""
    if request.POST.get("back") == "thread":
        return f"{reverse('thread', args=[comment.story_id])}{frame_query(request, posted=comment.pk)}#outcome"
    return f"{reverse('my-comments')}{frame_query(request)}#relation-of-{comment.pk}"
