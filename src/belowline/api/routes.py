"""The publisher's API: stories and webhooks, with OpenAPI 3.1 at /api/v1/openapi.json and RFC 9457 problems."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema, Status
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as InputError
from ninja.security import HttpBearer
from pydantic import BaseModel, Field

from belowline.api.webhooks import router as webhooks
from belowline.engine.errors import BelowlineError
from belowline.limits.errors import LimitedError
from belowline.limits.spending import spend_limit
from belowline.stories.actions.save_story import save_story
from belowline.stories.controls import MAX_AUTHORS, MAX_SLOW_SECONDS, Controls
from belowline.stories.errors import StoryError
from belowline.stories.models import PublisherKey, Site, Story

PROBLEM = "application/problem+json"
CONTROLS = tuple(Controls.__annotations__)
"""What editors may set as well: absent in a request, it stays as it was."""
Text = Annotated[str, Field(max_length=254)]


class PublisherAuth(HttpBearer):
    """A publisher's key as bearer token."""

    def authenticate(self, request: HttpRequest, token: str) -> Site | None:
        """Return the key's site, or None.

        Raises:
            LimitedError: the key is used too often.
        """
        key = PublisherKey.find(token)
        if key is None:
            return None
        spend_limit("api", key=key.pk)
        return key.site


class StoryIn(BaseModel):
    """A story as the publisher sends it; no ninja Schema, which would read the attributes of whatever came."""

    title: str = Field(min_length=1, max_length=500)
    standfirst: str = Field("", max_length=5_000)
    body: str = Field("", max_length=500_000, description="Paragraphs parted by line breaks, without HTML.")
    section: str = Field("", max_length=100)
    url: str = Field("", max_length=1_000)
    published_at: datetime | None = None
    is_open: bool = True
    judges_topic: bool | None = Field(
        None, description="false: no comment is held as off topic. Absent: as it was; true for a new story."
    )
    mode: Literal["", "standard", "premoderated", "closed"] = Field(
        "", description="How comments come to be seen. Empty: as the section says. Absent: as it was."
    )
    closed_reason: Literal["", "legal", "abuse", "capacity", "age"] = Field(
        "", description="Why the discussion is closed, as readers are told. Absent: as it was."
    )
    closes_at: datetime | None = Field(
        None, description="When the discussion closes by itself. null: as the section says. Absent: as it was."
    )
    slow_seconds: int | None = Field(
        None,
        ge=0,
        le=MAX_SLOW_SECONDS,
        strict=True,
        description="The least time between two comments of one author. null: as the section says. Absent: as it was.",
    )
    takes_replies: bool = Field(default=True, description="Absent: as it was; true for a new story.")
    message: str = Field("", max_length=500, description="A line above the discussion, plain text. Absent: as it was.")
    author_emails: list[Text] = Field(
        [],
        max_length=MAX_AUTHORS,
        description="Accounts with these addresses are badged as the article's authors. Absent: as it was.",
    )


class StoryOut(Schema):
    """A story as we keep it."""

    key: str
    title: str
    section: str
    url: str
    is_open: bool
    judges_topic: bool
    mode: str
    closed_reason: str
    closes_at: datetime | None
    slow_seconds: int | None
    takes_replies: bool
    message: str
    author_emails: list[str]
    comment_count: int
    discussion: str = Field(description="The address of the discussion.")


api = NinjaAPI(title="Belowline", version="1", auth=PublisherAuth(), urls_namespace="api")
api.add_router("/webhooks", webhooks)


@api.put("/stories/{path:key}", response={200: StoryOut, 201: StoryOut}, operation_id="put_story")
def put_story(request: HttpRequest, key: str, story: StoryIn) -> Status[dict[str, Any]]:
    """Create or correct the story with this key."""
    given = story.model_dump()
    controls = {name: given.pop(name) for name in CONTROLS}
    sent: Any = {name: value for name, value in controls.items() if name in story.model_fields_set}
    saved, is_new = save_story(site=_site(request), key=key, controls=sent, **given)
    return Status(201 if is_new else 200, _out(saved))


@api.get("/stories/{path:key}", response=StoryOut, operation_id="get_story")
def get_story(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return a story with its number of published comments."""
    found = Story.objects.filter(site=_site(request), key=key).first()
    if found is None:
        raise StoryError("There is no story with this key.", code="story_not_found")
    return _out(found)


@api.exception_handler(BelowlineError)
def on_error(request: HttpRequest, error: BelowlineError) -> HttpResponse:
    """Answer 404 or 422 with a problem."""
    return _problem(request, 404 if error.code.endswith("_not_found") else 422, error.code, error.message)


@api.exception_handler(LimitedError)
def on_limit(request: HttpRequest, error: LimitedError) -> HttpResponse:
    """Answer 429 with the seconds to wait."""
    answer = _problem(request, 429, error.code, error.message)
    answer["Retry-After"] = str(error.seconds)
    return answer


@api.exception_handler(InputError)
def on_input(request: HttpRequest, error: InputError) -> HttpResponse:
    """Answer 422 with what is wrong, without repeating what was sent."""
    wrong = "; ".join(f"{'.'.join(str(part) for part in row['loc'][2:])}: {row['msg']}" for row in error.errors)
    return _problem(request, 422, "invalid_input", wrong)


@api.exception_handler(HttpError)
def on_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what is no JSON, above all."""
    return _problem(request, error.status_code, "invalid_json", "The body cannot be read; send one JSON object.")


@api.exception_handler(AuthenticationError)
def on_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer 401."""
    return _problem(request, 401, "unknown_key", "Send a publisher's key: Authorization: Bearer KEY")


def _problem(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    body = {"type": "about:blank", "title": code, "status": status, "detail": detail, "code": code}
    answer = api.create_response(request, body, status=status)
    answer["Content-Type"] = PROBLEM
    return answer


def _site(request: HttpRequest) -> Site:
    site: Site = request.auth  # type: ignore[attr-defined] # ninja sets it
    return site


def _out(story: Story) -> dict[str, Any]:
    return {
        "key": story.key,
        "title": story.title,
        "section": story.section,
        "url": story.url,
        "is_open": story.is_open,
        "judges_topic": story.judges_topic,
        **{name: getattr(story, name) for name in CONTROLS},
        "comment_count": story.comment_count,
        "discussion": f"/discussion/{story.pk}/",
    }
