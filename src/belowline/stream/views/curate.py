"""Editors pick, fold and remove comments from within the discussion; each form works without JavaScript."""

from collections.abc import Callable, Mapping
from functools import wraps

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
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.errors import DecidingError
from belowline.stream.links import frame_query
from belowline.stream.staff import editor_of, staff_only
from belowline.stream.views.more import more_response

TYPED = ("sentence", "rule", "note_to_author")
Act = Callable[[Comment, User, Mapping[str, str]], str]
"""Does it with what was typed, and returns what to say."""
View = Callable[[HttpRequest, int], HttpResponse]


def in_the_discussion(act: Act) -> View:
    """Make of an act a view that leads back to the comment; what is wrong comes back with all that was typed."""

    @require_POST
    @staff_only
    @wraps(act)
    def view(request: HttpRequest, comment_id: int) -> HttpResponse:
        comment = get_object_or_404(Comment.objects.select_related("story__site", "author"), pk=comment_id)
        typed = {name: request.POST.get(name, "").replace("\x00", "") for name in TYPED}
        try:
            said = act(comment, editor_of(request), typed)
        except (CuratingError, DecidingError) as error:
            if error.code != "not_published":
                return more_response(request, comment, status=422, problem=error, typed=typed)
            messages.error(request, error.message, extra_tags="bad")
        else:
            messages.success(request, said, extra_tags="good")
        return redirect(f"{reverse('thread', args=[comment.story_id])}{frame_query(request)}#c-{comment.pk}")

    return view


@in_the_discussion
def pick(comment: Comment, by: User, typed: Mapping[str, str]) -> str:
    """Put the comment forward with the editor's sentence, or change that sentence."""
    pick_comment(comment=comment, by=by, sentence=typed["sentence"])
    return gettext("Picked. The comment is marked as an editors’ pick.")


@in_the_discussion
def unpick(comment: Comment, by: User, typed: Mapping[str, str]) -> str:
    """Take the pick back."""
    unpick_comment(comment=comment, by=by)
    return gettext("The comment is no longer an editors’ pick.")


@in_the_discussion
def fold(comment: Comment, by: User, typed: Mapping[str, str]) -> str:
    """Fold a comment that leads away from the article."""
    fold_comment(comment=comment, by=by)
    return gettext("Folded. Readers can still open the comment.")


@in_the_discussion
def unfold(comment: Comment, by: User, typed: Mapping[str, str]) -> str:
    """Show a folded comment like any other."""
    unfold_comment(comment=comment, by=by)
    return gettext("The comment is shown like any other again.")


@in_the_discussion
def remove(comment: Comment, by: User, typed: Mapping[str, str]) -> str:
    """Remove the comment by a rule; the author is told which, and readers see a line in its place."""
    remove_comment(comment=comment, moderator=by, rule=typed["rule"], note_to_author=typed["note_to_author"])
    return gettext("Removed. The author is told the rule, and can appeal. The desk can take it back.")
