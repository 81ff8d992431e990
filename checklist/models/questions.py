"""Questions to applicants: from "not enough information" to an answer that reviewers look at again."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.enums import LetterChannel, QuestionState


class QuestionLetter(models.Model):
    """Questions to one applicant that were sent together."""

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="question_letters")
    channel = models.CharField(_("how"), max_length=10, choices=LetterChannel)
    recipient = models.CharField(_("to"), max_length=300, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    reply_by = models.DateField(_("answer by"), null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self):
        return self.subject


class ApplicantQuestion(models.Model):
    """One question to the applicant, merged over reviewers and worded by the officer."""

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("question"))
    state = models.CharField(max_length=10, choices=QuestionState, default=QuestionState.DRAFT)
    letter = models.ForeignKey(QuestionLetter, null=True, on_delete=models.PROTECT, related_name="questions")
    answer = models.TextField(_("answer of the applicant"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="answered") | ~models.Q(answer=""), name="question_answered_has_answer"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["sent", "answered"]) | models.Q(letter__isnull=False),
                name="question_sent_has_letter",
            ),
        ]

    def __str__(self):
        return self.text[:80]


class QuestionOrigin(models.Model):
    """Whose judgement of which criterion a question came from. Never shown to the applicant."""

    question = models.ForeignKey(ApplicantQuestion, on_delete=models.CASCADE, related_name="origins")
    assessment = models.ForeignKey("checklist.Assessment", on_delete=models.CASCADE, related_name="+")
    criterion = models.ForeignKey("checklist.Criterion", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "assessment", "criterion"], name="question_origin_once")
        ]

    def __str__(self):
        return str(self.criterion)
