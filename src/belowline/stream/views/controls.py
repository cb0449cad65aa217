"""A story's controls for editors: a page of its own, or within the discussion."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belowline.accounts.permissions import Action, require
from belowline.stories.actions.control_story import control_story
from belowline.stories.discussion import discussion_state
from belowline.stories.models import Story
from belowline.stream.controls_form import StoryControlsForm
from belowline.stream.links import frame_query
from belowline.stream.staff import editor_of, staff_only


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_only
def story_controls(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show the form, and receive it; what is wrong comes back with all that was typed. htmx gets the form alone."""
    story = get_object_or_404(Story.objects.select_related("site"), pk=story_id)
    require(request.user, Action.CONTROL_STORY, site=story.site_id, section=story.section)
    if request.method != "POST":
        return _form(request, story, StoryControlsForm(story=story))
    form = StoryControlsForm(request.POST, story=story)
    if not form.is_valid():
        return _form(request, story, form, status=422)
    if control_story(story=story, controls=form.changes(), by=editor_of(request)):
        messages.success(request, gettext("Saved. Readers see it at once."), extra_tags="good")
    else:
        messages.info(request, gettext("Everything stays as it was."))
    return redirect(f"{reverse('thread', args=[story.pk])}{frame_query(request)}")


def _form(request: HttpRequest, story: Story, form: StoryControlsForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "story": story, "site": story.site, "state": discussion_state(story)}
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "stream/_controls.html" if is_part else "stream/controls.html", context, status=status)
