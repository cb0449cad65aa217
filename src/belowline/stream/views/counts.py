"""How many comments the stories of a front page have: one request, one query."""

import re

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from belowline.replicas import from_replica
from belowline.stories.actions.find_story import key_of_url
from belowline.stories.counts import comment_counts
from belowline.stream.not_modified import answer_cached, share
from belowline.stream.shared_cache import Names

MAX_STORIES = 200
SECONDS = 60
KEY = re.compile(r"[-\w]{1,50}", re.ASCII)
"""A site's key: anything else names nothing."""


@csrf_exempt  # it changes nothing
@require_http_methods(["GET", "HEAD", "POST", "OPTIONS"])
@from_replica
def counts(request: HttpRequest) -> HttpResponse:
    """Answer {"counts": {story or url as it was asked: number}}, by ?site=KEY&story=KEY&url=ADDRESS, or by POST."""
    asked = request.POST if request.method == "POST" else request.GET
    names = asked_names(asked)
    if not 0 < len(names) <= MAX_STORIES or "\x00" in "".join((*names, *names.values(), asked.get("site", ""))):
        problem = f"Ask for 1 to {MAX_STORIES} stories of a site: ?site=KEY&story=KEY&story=KEY"
        answer: HttpResponse = JsonResponse({"code": "invalid_input", "detail": problem}, status=400)
        share(answer)
        return answer
    site = asked.get("site", "")
    found = comment_counts(site, names.values())
    body = JsonResponse({"counts": {name: found[key] for name, key in names.items()}}).content
    return answer_cached(
        request, body, "application/json", seconds=SECONDS, names=Names(site) if KEY.fullmatch(site) else None
    )


def asked_names(asked: QueryDict) -> dict[str, str]:
    """Return {name as it was asked: key of the story}."""
    by_url = {url: key_of_url(url) for url in asked.getlist("url") if url}
    return by_url | {key: key for key in asked.getlist("story") if key}
