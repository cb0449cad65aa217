"""What the moderators' pages show in the pictures: a newsroom on a busy afternoon, made by the actions themselves.

    python scripts/screenshot_desk.py

`scripts/screenshots.py` calls it in the environment of its demo newsroom, before the desk is looked at.
"""

from itertools import product

from django import setup

setup()

from belowline.accounts.actions.grant_role import grant_role  # noqa: E402 - as all below: Django is set up first
from belowline.accounts.actions.log_look import log_look  # noqa: E402
from belowline.accounts.models import User  # noqa: E402
from belowline.comments.models import Comment  # noqa: E402
from belowline.moderation.actions.contest_sanction import contest_sanction  # noqa: E402
from belowline.moderation.actions.decide_comment import decide_comment  # noqa: E402
from belowline.moderation.actions.post_comment import post_comment  # noqa: E402
from belowline.moderation.actions.review_audit import review_audit  # noqa: E402
from belowline.moderation.actions.sanction_commenter import sanction_commenter  # noqa: E402
from belowline.moderation.actions.save_template import save_template  # noqa: E402
from belowline.moderation.actions.write_handover import write_handover  # noqa: E402
from belowline.moderation.actions.write_team_note import write_team_note  # noqa: E402
from belowline.moderation.models import Audit, Decision  # noqa: E402
from belowline.stories.models import Site, Story  # noqa: E402

RULE = "personal_abuse"
PREMODERATED = "compass-inn-wounding"
"""What is written there waits, so that Bands has something to draw."""
OPENINGS = (
    "The court heard the landlord, and I believe him:",
    "I was at the taxi rank that night, and",
    "My brother works behind the bar, and he says that",
    "Nobody asks the neighbours in Mercer Street, but",
    "As for the bridge,",
    "Like the goose on the tram line,",
)
ENDINGS = (
    "plastic glasses after nine were agreed in April.",
    "it was over before anybody could have stopped it.",
    "two children grow up without their father at home.",
    "the sentence is what the law allows, no more and no less.",
    "the council should look at its licences again.",
    "I would rather read about the ferry timetable.",
    "you are all idiots if you believe that story.",
    "buses would help more people than any of this.",
    "the police came on foot because their car was in the queue.",
    "only a moron would stand outside at one in the morning.",
)


def person(name: str) -> User:
    """Return an account of the demo."""
    return User.objects.get(email=f"{name}@example.org")


def fill() -> None:
    """Let people write, decide, measure and hand over."""
    site = Site.objects.get()
    moderator, night, editor = person("moderator"), person("night"), person("editor")
    cast = list(User.objects.filter(role=User.Role.READER).exclude(email="reader@example.org").order_by("pk"))
    story = Story.objects.get(key=PREMODERATED)
    for number, words in enumerate(product(OPENINGS, ENDINGS)):
        author = cast[number % len(cast)]
        post_comment(story=story, author=author, text_source=" ".join(words), idempotency_key=f"picture-{number}")
    decide((moderator, night))
    for place, audit in enumerate(Audit.objects.order_by("pk")):
        review_audit(audit=audit, reviewer=(night, moderator)[place % 2], outcome=Decision.Outcome.PUBLISH)
    measure(site, moderator, editor, cast)
    grant_role(user=cast[12], role="moderator", by=editor, site=site, section="Sport")
    grant_role(user=cast[13], role="senior", by=editor, site=site)
    grant_role(user=cast[21], role="auditor", by=editor)
    log_look(by=editor, about=cast[2], what="e-mail address")
    log_look(by=moderator, about=cast[3], what="notes")
    heated = (
        "The court story is heated: the same three people answer each other. I promised Nan Whitlock an answer by noon."
    )
    write_handover(by=night, text_source=heated, site=site)


def decide(moderators: tuple[User, User]) -> None:
    """Let two moderators decide about the older ones that wait; one of them they publish."""
    waiting = Comment.objects.filter(status=Comment.Status.HELD).exclude(idempotency_key__startswith="picture-")
    for place, comment in enumerate(waiting.order_by("pk")[:8]):
        if comment.author.display_name == "Nan Whitlock":
            outcome, rule = Decision.Outcome.PUBLISH, ""
        else:
            outcome, rule = Decision.Outcome.REJECT, comment.decisions.latest("pk").reasons[0]["rule"]
        decide_comment(comment=comment, moderator=moderators[place % 2], outcome=outcome, rule=rule)


def measure(site: Site, moderator: User, editor: User, cast: list[User]) -> None:
    """Take measures, one of which is contested, and write what goes with them."""
    template = "Dear {name}, please argue with what people say, not with what they are."
    save_template(by=editor, title="Argue, do not insult", text_source=template, language="en", rule=RULE)
    words = {"rule": RULE, "words": "Please argue with what people say, not with what they are.", "site": site}
    sanction_commenter(user=cast[2], by=moderator, kind="warn", **words)
    sanction_commenter(user=cast[6], by=moderator, kind="premoderate", hours=336, **words)
    contested = sanction_commenter(user=cast[3], by=editor, kind="suspend", hours=72, **words)
    contest_sanction(sanction=contested, user=cast[3], text_source="That was a joke about a goose, and I said so.")
    note = "Writes from the night shift. Knows the ferries well; gets angry at two in the morning."
    write_team_note(about=person("reader"), by=moderator, text_source=note)


if __name__ == "__main__":
    fill()
