"""The panel: what is said about a proposal, what was agreed, and the meeting that everybody follows."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.enums import MeetingState


class DiscussionEntry(models.Model):
    """One contribution to the discussion of a proposal. Append-only."""

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="discussion")
    criterion = models.ForeignKey(
        "checklist.Criterion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("what you want to say"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["proposal", "id"], name="discussion_proposal")]

    def __str__(self):
        return self.text[:60]


class ConsensusChange(models.Model):
    """Why the panel's answer to a criterion differs from the individual ones, or was changed. Append-only.

    `before` and `after` are {"answer", "rationale"} of the consensus; `individual` says what each
    reviewer had answered at that moment, {assessment id: answer}.
    """

    assessment = models.ForeignKey("checklist.Assessment", on_delete=models.CASCADE, related_name="consensus_changes")
    criterion = models.ForeignKey("checklist.Criterion", on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    individual = models.JSONField(default=dict)
    reason = models.TextField(_("why"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["assessment", "criterion", "id"], name="consensus_change")]

    def __str__(self):
        return f"{self.criterion_id}: {self.reason[:60]}"


class PanelMeeting(models.Model):
    """A meeting of the panel; everyone's screen follows `item`."""

    round = models.ForeignKey("proposals.FundingRound", on_delete=models.CASCADE, related_name="meetings")
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.RUNNING)
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True)
    item = models.ForeignKey("checklist.MeetingItem", null=True, on_delete=models.SET_NULL, related_name="+")
    # Counts up at every step of the chair, so that a screen knows whether it is behind.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(state="running"), name="one_running_meeting_per_round"
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", ended_at__isnull=True)
                | models.Q(state="ended", ended_at__isnull=False),
                name="meeting_ended_has_date",
            ),
        ]

    def __str__(self):
        return f"{self.round}: {self.started_at:%Y-%m-%d}"


class MeetingItem(models.Model):
    """One proposal on the agenda of a meeting."""

    meeting = models.ForeignKey(PanelMeeting, on_delete=models.CASCADE, related_name="items")
    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="meeting_items")
    position = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # Who had to leave because of a conflict of interest, as names, for the minutes.
    shut_out = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "proposal"], name="meeting_item_once")]

    def __str__(self):
        return f"{self.position}. {self.proposal}"
