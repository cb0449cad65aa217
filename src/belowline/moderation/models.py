"""Policies in their versions, decisions, and what contests or checks them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from belowline.comments.models import Comment, Revision
from belowline.engine.policy import Policy, parse_policy
from belowline.moderation import (
    escalation_models,  # noqa: F401 - Django looks for models here
    report_models,  # noqa: F401 - Django looks for models here
)
from belowline.moderation.batches import Batch, BatchItem  # noqa: F401 - Django finds its models here
from belowline.moderation.day_models import SiteDay, StoryDay  # noqa: F401 - Django finds its models here
from belowline.moderation.filter_models import SavedFilter  # noqa: F401 - Django looks for models here
from belowline.moderation.handover import Handover  # noqa: F401 - Django looks for models here
from belowline.moderation.queue_entries import QueueEntry  # noqa: F401 - Django looks for models here
from belowline.moderation.sanction_models import Sanction, SanctionAppeal  # noqa: F401 - as above
from belowline.moderation.second_opinions import SecondOpinion  # noqa: F401 - Django looks for models here
from belowline.moderation.tagging import Tag  # noqa: F401 - as above
from belowline.moderation.team_models import MessageTemplate, TeamNote  # noqa: F401 - as above
from belowline.stories.models import Site, Story


class PolicyVersion(models.Model):
    """A policy's text as it was activated for a site; the newest one acts."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="policies")
    version = models.CharField(max_length=150)
    text = models.TextField()
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["site", "-id"])]

    def __str__(self) -> str:
        return self.version

    def parse(self) -> Policy:
        """Return the policy; the text was checked when it was activated."""
        return parse_policy(self.text)


class Decision(models.Model):
    """What was decided about a comment, by the engine or a person, with its reasons."""

    class Maker(models.TextChoices):
        """Who decided."""

        ENGINE = "engine", _("by machine")
        PERSON = "person", _("by a person")

    class Outcome(models.TextChoices):
        """What was decided."""

        PUBLISH = "publish", _("publish")
        HOLD = "hold", _("hold")
        REJECT = "reject", _("reject")
        REMOVE = "remove", _("remove")
        """A person takes a published comment away again; the engine never does."""

    class Source(models.TextChoices):
        """What led to the decision, as the statement of reasons names it."""

        OWN = "own", _("our own initiative")
        REPORT = "report", _("a report by a reader")
        NOTICE = "notice", _("a notice of illegal content")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="decisions")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    maker = models.CharField(max_length=10, choices=Maker)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reasons = models.JSONField(default=list)
    """[{rule, title, signal, score, threshold, start, end, explanation}], the gravest first."""
    noted = models.JSONField(default=list)
    """Background rules that were met."""
    scores = models.JSONField(default=dict)
    """Every score: {name: {value, cause, spans, evidence}}; empty for a person's decision."""
    language = models.CharField(max_length=10, blank=True)
    policy = models.CharField(max_length=150)
    model = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.OWN)
    note_to_author = models.TextField(blank=True)
    """What the moderator adds for the author, in plain words."""
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    """The decision that this one takes back."""
    is_bare = models.BooleanField(default=False)
    """Whether what it quoted is erased, because its time is over."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["publish", "hold", "reject", "remove"])
                & (models.Q(maker="engine", moderator=None) | models.Q(maker="person")),
                name="decision_is_sound",
            )
        ]
        indexes = [
            models.Index(fields=["comment", "-id"]),
            models.Index(fields=["maker", "-created_at"]),
            models.Index(fields=["outcome", "created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} comment {self.comment_id}"

    @property
    def first_reason(self) -> dict[str, Any] | None:
        """The gravest reason, or None."""
        return self.reasons[0] if self.reasons else None


class Certificate(models.Model):
    """What a calibration proved of a policy version; void once audits contradict it."""

    policy_version = models.OneToOneField(PolicyVersion, on_delete=models.PROTECT, related_name="certificate")
    document = models.JSONField()
    """engine.guarantees.Certificate as JSON."""
    created_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True)
    void_cause = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"certificate of {self.policy_version}"


class Audit(models.Model):
    """A machine's decision, drawn at random, that a person reviews without seeing it."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="audit")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, related_name="audits")
    """None: the shipped policy acted."""
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Decision.Outcome, blank=True)
    """What the reviewer would have decided: publish or reject; empty until then."""
    rule = models.CharField(max_length=100, blank=True)
    """The rule that the reviewer named; empty for publish."""
    created_at = models.DateTimeField(auto_now_add=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["policy_version", "reviewed_at"]), models.Index(fields=["reviewed_at", "id"])]

    def __str__(self) -> str:
        return f"audit of decision {self.decision_id}"


class Appeal(models.Model):
    """An author contests a decision about their comment."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("waiting")
        UPHELD = "upheld", _("the decision stands")
        OVERTURNED = "overturned", _("the decision was changed")

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    """The decision that is contested."""
    text_source = models.TextField(blank=True)
    """What the author says about it: untrusted."""
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    """Why it was upheld or overturned, in words for the author."""
    result = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="settles")
    """The decision that an overturned appeal led to."""
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return f"appeal against decision {self.decision_id}"


class Notice(models.Model):
    """Somebody says that a published comment is illegal (article 16 of Regulation (EU) 2022/2065)."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("waiting")
        ACCEPTED = "accepted", _("the comment was removed")
        DECLINED = "declined", _("the comment stays")

    receipt = models.CharField(max_length=32, unique=True)
    """The code under which the notifier finds it again; not to be guessed."""
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="notices")
    explanation_source = models.TextField()
    """Why it should be illegal: untrusted."""
    legal_ground = models.CharField(max_length=500, blank=True)
    category = models.CharField(max_length=60)
    """A category of the Transparency Database."""
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    """Name and address may be missing only for offences against children (article 16(2)(c))."""
    in_good_faith = models.BooleanField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    """Words for the notifier."""
    result = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="notice")
    """The decision that an accepted notice led to."""
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Report(models.Model):
    """A reader says that something is wrong with a published comment."""

    class Category(models.TextChoices):
        """What is wrong, after the Guardian's nine."""

        ABUSE = "abuse", _("Personal abuse")
        OFF_TOPIC = "off_topic", _("Off topic")
        LEGAL = "legal", _("Legal issue")
        TROLLING = "trolling", _("Trolling")
        HATE = "hate", _("Hate speech")
        OFFENSIVE = "offensive", _("Offensive or threatening language")
        COPYRIGHT = "copyright", _("Copyright")
        SPAM = "spam", _("Spam")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("waiting")
        ACCEPTED = "accepted", _("the comment was removed")
        DECLINED = "declined", _("the comment stays")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports")
    category = models.CharField(max_length=10, choices=Category)
    text_source = models.CharField(max_length=1000, blank=True)
    """The reporter's own words: untrusted."""
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "reporter"], name="reported_once")]
        indexes = [models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Nudge(models.Model):
    """An author was told before posting that their comment would be held, and what they made of it."""

    class Result(models.TextChoices):
        """What the author did next."""

        OPEN = "open", "nothing yet"
        EDITED = "edited", "changed it and posted"
        POSTED_ANYWAY = "posted_anyway", "posted it as it was"

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.CharField(max_length=64)
    """Of the form: the same form is nudged once."""
    text_key = models.CharField(max_length=64)
    """Tells whether the text was changed; the text itself is not kept."""
    rules = models.JSONField(default=list)
    """The codes of the rules that were shown."""
    policy = models.CharField(max_length=150)
    result = models.CharField(max_length=20, choices=Result, default=Result.OPEN)
    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, null=True, related_name="nudge")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "idempotency_key"], name="nudged_once")]
        indexes = [models.Index(fields=["story", "created_at"])]

    def __str__(self) -> str:
        return f"nudge {self.pk}"


class FaqAnswer(models.Model):
    """A site's own words for one question of the FAQ; they stand beside what the settings say."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="faq_answers")
    question = models.SlugField(max_length=60)
    language = models.CharField(max_length=10, default="en")
    text_source = models.TextField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "question", "language"], name="faq_answer_once_per_question")
        ]

    def __str__(self) -> str:
        return self.question


class HeadVersion(models.Model):
    """A small model on top of the frozen encoder, learned from a site's own decisions; it never leaves the site."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="heads")
    base_model = models.CharField(max_length=200)
    """The version of the abuse model whose values it reads."""
    weights = models.BinaryField()
    """safetensors."""
    report = models.JSONField()
    """On how many decisions it was trained and tested, and what it gained."""
    is_active = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site"], condition=models.Q(is_active=True), name="one_active_head_per_site"
            )
        ]

    def __str__(self) -> str:
        return f"head {self.pk}"
