"""The way through the review queue: where it goes on, and what was skipped, in the address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from checklist.enums import AssessmentKind
from checklist.selectors.queue import Queue, review_queue

SKIPPED = "skipped"
MOST_SKIPPED = 500


@dataclass(frozen=True)
class Way:
    """A Queue with its addresses."""

    queue: Queue
    round: object

    @property
    def skipped(self):
        """What was skipped, as the value of a field."""
        return ",".join(str(pk) for pk in sorted(self.queue.skipped))

    @property
    def query(self):
        """The same as the end of an address: "?skipped=3,7" or nothing."""
        return _query(self.queue.skipped)

    @property
    def previous_url(self):
        return self._address(self.queue.previous, self.queue.skipped)

    @property
    def next_url(self):
        return self._address(self.queue.next, self.queue.skipped)

    @property
    def following_url(self):
        """Where work goes on, or her list where nothing is left."""
        return self._address(self.queue.following, self.queue.skipped) or self._own_list

    @property
    def skip_url(self):
        """To the same place; this one is not offered again on the way."""
        return self._address(self.queue.following, self.queue.skipped | {self.queue.current}) or self._own_list

    @property
    def _own_list(self):
        return reverse("checklist:my-reviews", args=[self.round.reference])

    def _address(self, stop, skipped):
        if stop is None:
            return ""
        if stop.assessment_pk is None:
            return reverse("checklist:declare", args=[stop.assignment_pk]) + _query(skipped)
        return reverse("checklist:assessment-edit", args=[stop.assessment_pk]) + _query(skipped)


def way_from(request, seen):
    """The Way of this reviewer from an assignment or assessment of hers, as the address or form has it."""
    round_ = seen.proposal.round
    current = getattr(seen, "assignment_id", seen.pk)
    given = request.POST.get(SKIPPED) or request.GET.get(SKIPPED, "")
    skipped = [int(pk) for pk in given.split(",")[:MOST_SKIPPED] if pk.isdecimal() and len(pk) <= 18]
    return Way(review_queue(request.user, round_, current=current, skipped=skipped), round_)


def go_on(request, assessment):
    """A redirect to what comes after this assessment, or to her list, which says why."""
    if assessment.kind == AssessmentKind.REFERENCE:
        return redirect("checklist:round-practice", assessment.proposal.round.reference)
    way = way_from(request, assessment)
    if way.queue.following is None and way.queue.skipped - {assessment.assignment_id}:
        messages.info(request, _("Nothing else waits for you but what you skipped."))
    return redirect(way.following_url)


def _query(skipped):
    pks = ",".join(str(pk) for pk in sorted(skipped))
    return f"?{urlencode({SKIPPED: pks}, safe=',')}" if pks else ""
