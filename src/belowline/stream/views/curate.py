"""Editors pick, fold and remove comments from within the discussion; each form works without JavaScript."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from belowline.accounts.models import User
from belowline.comments.actions.fold_comment import fold_comment
from belowline.comments.actions.pick_comment import pick_comment
from belowline.comments.actions.unfold_comment import unfold_comment
from belowline.comments.actions.unpick_comment import unpick_comment
from belowline.comments.errors import CuratingError
from belowline.comments.models import Comment
from belowline.engine.errors import BelowlineError
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.errors import DecidingError
from belowline.stream.links import frame_query
from belowline.stream.staff import editor_of, staff_only
from belowline.stream.views.more import more_response

Act = Callable[[Comment, User], str]
"""Does it, and returns what to say."""


@require_POST
@staff_only
def pick(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Put the comment forward with the editor's sentence, or change that sentence."""

    def act(comment: Comment, by: User) -> str:
        pick_comment(comment=comment, by=by, sentence=request.POST.get("sentence", ""))
        return gettext("Picked. The comment is marked as an editors’ pick.")

    return _done(request, comment_id, act)


@require_POST
@staff_only
def unpick(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Take the pick back."""

    def act(comment: Comment, by: User) -> str:
        unpick_comment(comment=comment, by=by)
        return gettext("The comment is no longer an editors’ pick.")

    return _done(request, comment_id, act)


@require_POST
@staff_only
def fold(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Fold a comment that leads away from the article."""

    def act(comment: Comment, by: User) -> str:
        fold_comment(comment=comment, by=by)
        return gettext("Folded. Readers can still open the comment.")

    return _done(request, comment_id, act)


@require_POST
@staff_only
def unfold(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show a folded comment like any other."""

    def act(comment: Comment, by: User) -> str:
        unfold_comment(comment=comment, by=by)
        return gettext("The comment is shown like any other again.")

    return _done(request, comment_id, act)


@require_POST
@staff_only
def remove(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Remove the comment by a rule; the author is told which, and readers see a line in its place."""

    def act(comment: Comment, by: User) -> str:
        note = request.POST.get("note_to_author", "").replace("\x00", "")
        remove_comment(comment=comment, moderator=by, rule=request.POST.get("rule", ""), note_to_author=note)
        return gettext("Removed. The author is told the rule, and can appeal. The desk can take it back.")

    return _done(request, comment_id, act)


def _done(request: HttpRequest, comment_id: int, act: Act) -> HttpResponse:
    """Do it and lead back to the comment; what is wrong comes back with all that was typed."""
    comment = get_object_or_404(Comment.objects.select_related("story__site", "author"), pk=comment_id)
    try:
        said = act(comment, editor_of(request))
    except (CuratingError, DecidingError) as error:
        if error.code != "not_published":
            return _refused(request, comment, error)
        messages.error(request, error.message, extra_tags="bad")
    else:
        messages.success(request, said, extra_tags="good")
    return redirect(f"{reverse('thread', args=[comment.story_id])}{frame_query(request)}#c-{comment.pk}")


def _refused(request: HttpRequest, comment: Comment, error: BelowlineError) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("sentence", "rule", "note_to_author")}
    return more_response(request, comment, status=422, problem=error, typed=typed)
