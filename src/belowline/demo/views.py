"""The invented paper's own pages, with the comments embedded as on any paper, and the mail that was sent."""

import email
import email.policy
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from belowline.stories.models import Story

MAX_MAILS = 30


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """List the stories, the newest first."""
    stories = Story.objects.select_related("site").order_by("-published_at")
    return render(request, "demo/front.html", {"stories": list(stories)})


@require_safe
def article(request: HttpRequest, key: str) -> HttpResponse:
    """Show a story with its comment section."""
    story = get_object_or_404(Story.objects.select_related("site"), key=key)
    paragraphs = [line for line in story.body.splitlines() if line.strip()]
    return render(request, "demo/article.html", {"story": story, "paragraphs": paragraphs})


@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """Show the mail that this demo has sent: nothing leaves the machine."""
    files = Path(settings.EMAIL_FILE_PATH).glob("*.log")
    newest = sorted(files, key=lambda file: file.stat().st_mtime_ns, reverse=True)[:MAX_MAILS]
    mails = [message for file in newest for message in reversed(read_mails(file))]
    return render(request, "demo/mail.html", {"mails": mails})


def read_mails(file: Path) -> list[dict[str, str]]:
    """Return the mails in a file of Django's file backend: recipient, subject, text."""
    found = []
    for part in file.read_bytes().split(b"-" * 79):
        if part.strip():
            message = email.message_from_bytes(part.strip(), policy=email.policy.default)
            body = message.get_body(("plain",))
            text = body.get_content() if body else ""
            found.append({"to": str(message["To"]), "subject": str(message["Subject"]), "text": text})
    return found
