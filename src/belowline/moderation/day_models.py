"""What was counted of days that are over, so that figures of months need not read every comment again."""

from django.db import models

from belowline.stories.models import Site, Story


class SiteDay(models.Model):
    """A day of a site that is counted: where this row is, the day's rows of its stories are whole."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    zone = models.CharField(max_length=100)
    """The name of the time zone at whose midnights the day begins and ends."""
    judged = models.TextField()
    """day_counts.Judged as JSON."""
    last_comment = models.BigIntegerField()
    """No comment with a higher id was there when the day was counted; 0: there was none at all."""
    last_decision = models.BigIntegerField()
    """Likewise for decisions."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "day"], name="site_day_counted_once")]

    def __str__(self) -> str:
        return f"{self.day} on site {self.site_id}"


class StoryDay(models.Model):
    """What happened under a story in a day on which anything did."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    counts = models.TextField()
    """day_counts.Counts as JSON."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "story"], name="story_day_counted_once")]

    def __str__(self) -> str:
        return f"{self.day} under story {self.story_id}"
