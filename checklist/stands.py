"""Where one review stands, in a word, a colour and a shape: the same wherever reviews are listed."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from checklist.enums import AssessmentState, AssignmentState


class Stand(NamedTuple):
    """The three arguments of `{% state_tag %}`."""

    words: str
    kind: str
    icon: str


def stand_of(assignment, today):
    """The Stand of an assignment that was loaded by `with_progress`; no query.

    Not begun, a draft, submitted, abstained, declined and a conflict never look alike.
    """
    if assignment.state in (AssignmentState.ASSIGNED, AssignmentState.DECLARED):
        return _open(assignment, getattr(assignment, "assessment", None), today)
    kind, icon = {
        AssignmentState.CONFLICTED: ("bad", "lock"),
        AssignmentState.DECLINED: ("warn", "cross"),
        AssignmentState.ABSTAINED: ("warn", "minus"),
    }.get(assignment.state, ("off", "arrow-left"))
    return Stand(assignment.get_state_display(), kind, icon)


def _open(assignment, assessment, today):
    if assessment is not None and assessment.state == AssessmentState.SUBMITTED:
        return Stand(_("Submitted"), "good", "check")
    is_late = bool(assignment.due_on and assignment.due_on < today)
    if assignment.state == AssignmentState.ASSIGNED:
        return Stand(_("Overdue, to declare") if is_late else _("To declare"), "bad" if is_late else "open", "question")
    if assessment is not None and assessment.submission_number:
        return Stand(_("Overdue, reopened") if is_late else _("Reopened"), "bad" if is_late else "warn", "history")
    if assignment.has_answers or (assessment is not None and assessment.conclusion_revision):
        return Stand(_("Overdue, draft") if is_late else _("Draft"), "bad" if is_late else "open", "edit")
    return Stand(_("Overdue, not started") if is_late else _("Not started"), "bad" if is_late else "", "circle")
