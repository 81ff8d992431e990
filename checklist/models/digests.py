"""What lists filter, search, count and sort by, in one narrow row for each proposal."""

from django.db import models


class ProposalDigest(models.Model):
    """The state of a proposal's review in numbers, and the words it is found by.

    The database itself keeps it (see `checklist.keepers`): nothing else writes here, so it cannot
    differ from the assignments, assessments and proposals. A list of ten thousand is counted over
    these rows instead of over all that was asked and answered.
    """

    proposal = models.OneToOneField(
        "proposals.Proposal", primary_key=True, on_delete=models.CASCADE, related_name="digest"
    )
    round = models.ForeignKey(
        "proposals.FundingRound", on_delete=models.CASCADE, related_name="digests", db_index=False
    )
    # The same as the proposal's own; reading the long rows for it takes ten times as long.
    search_text = models.TextField(blank=True)
    # Assignments: asked and neither conflicted nor closed; of these handed in, and not yet declared on.
    asked = models.PositiveIntegerField(default=0)
    submitted = models.PositiveIntegerField(default=0)
    undeclared = models.PositiveIntegerField(default=0)
    conflicted = models.PositiveIntegerField(default=0)
    # The first day on which an assessment that is not in was or is due.
    first_due_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["round", "asked", "submitted", "undeclared", "conflicted"], name="digest_counts"),
            models.Index(fields=["round", "first_due_on"], name="digest_due"),
        ]

    def __str__(self):
        return f"{self.submitted}/{self.asked}"
