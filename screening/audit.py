"""The audit trail: one way in, append-only, and a plain sentence for every kind of event.

`record` is called by actions only, inside their transaction. An event that is not in
`EVENTS` is refused, so that every row can be shown to people in words.
"""

from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_noop as _

from .models import AuditEvent
from .statements import KeptInsert

# code -> sentence. {actor} and {subject} are filled in; translated when shown.
EVENTS: dict[str, str] = {
    "user_created": _("{actor} added {subject}"),
    "user_changed": _("{actor} changed {subject}"),
    "user_settings_changed": _("{actor} changed own settings"),
    "signed_in": _("{actor} signed in"),
    "signed_out": _("{actor} signed out"),
    "sign_in_failed": _("Somebody failed to sign in as {subject}"),
    "second_step_failed": _("Somebody failed the second step of signing in as {subject}"),
    "round_created": _("{actor} opened the round {subject}"),
    "round_changed": _("{actor} changed the round {subject}"),
    "round_instruments_set": _("{actor} chose the instruments of {subject}"),
    "round_critical_set": _("{actor} set the critical items of {subject}"),
    "role_granted": _("{actor} gave {subject} a role"),
    "role_removed": _("{actor} took a role from {subject}"),
    "proposal_registered": _("{actor} registered the proposal"),
    "proposal_changed": _("{actor} changed the proposal"),
    "proposal_imported": _("{actor} imported the proposal"),
    "proposal_updated_by_import": _("{actor} updated the proposal by an import"),
    "proposal_status_changed": _("{actor} changed the state of the proposal"),
    "import_uploaded": _("{actor} uploaded {subject} for import"),
    "import_mapped": _("{actor} matched the columns of {subject}"),
    "import_finished": _("{actor} imported {subject}"),
    "import_discarded": _("{actor} discarded the import of {subject}"),
    "mapping_saved": _("{actor} kept the column matching {subject}"),
    "document_added": _("{actor} added the document {subject}"),
    "document_removed": _("{actor} removed the document {subject}"),
    "document_read": _("The text of {subject} was read"),
    "document_downloaded": _("{actor} downloaded {subject}"),
    "list_exported": _("{actor} exported {subject}"),
    "view_kept": _("{actor} kept the view {subject} of a list"),
    "view_removed": _("{actor} removed the view {subject} of a list"),
    "columns_kept": _("{actor} kept the columns {subject} of an export"),
    "columns_removed": _("{actor} removed the columns {subject} of an export"),
    "scores_exported": _("{actor} exported the scores of {subject}"),
    "instrument_loaded": _("{actor} loaded {subject}"),
    "instrument_published": _("{actor} published {subject}"),
    "instrument_retired": _("{actor} retired {subject}"),
    "draft_started": _("{actor} started the draft {subject}"),
    "draft_changed": _("{actor} changed the draft {subject}"),
    "draft_change_undone": _("{actor} undid a change in the draft {subject}"),
    "draft_removed": _("{actor} removed the draft {subject}"),
    "draft_imported": _("{actor} read the draft {subject} from a file"),
    "criterion_matched": _("{actor} decided what became of a criterion of {subject}"),
    "instrument_exported": _("{actor} exported {subject}"),
    "assessments_moved": _("{actor} moved assessments that had not begun to {subject}"),
    "reviewer_assigned": _("{actor} asked a reviewer: {subject}"),
    "assignment_withdrawn": _("{actor} took back the assignment of {subject}"),
    "conflict_declared": _("{actor} declared a conflict of interest"),
    "no_conflict_declared": _("{actor} declared no conflict of interest"),
    "assignment_declined": _("{actor} declined to review"),
    "assessment_started": _("{actor} began an assessment"),
    "response_saved": _("{actor} saved the answer to {subject}"),
    "evidence_added": _("{actor} added evidence to {subject}"),
    "evidence_removed": _("{actor} removed evidence from {subject}"),
    "conclusion_saved": _("{actor} saved the overall view"),
    "assessment_submitted": _("{actor} submitted an assessment"),
    "assessment_reopened": _("{actor} reopened the assessment by {subject}"),
    "round_rules_set": _("{actor} set the rules of {subject}"),
    "setup_finished": _("{actor} finished the set-up of {subject}"),
    "phases_set": _("{actor} set the dates of {subject}"),
    "phase_opened": _("A phase of {subject} opened"),
    "phase_closed": _("A phase of {subject} closed"),
    "eligibility_checks_set": _("{actor} set the eligibility checks of {subject}"),
    "eligibility_checked": _("{actor} checked the eligibility of {subject}"),
    "skills_set": _("{actor} set what {subject} knows well"),
    "tie_declared": _("{actor} declared a tie to {subject}"),
    "tie_removed": _("{actor} took back a tie to {subject}"),
    "alias_added": _("{actor} added another name of {subject}"),
    "alias_removed": _("{actor} removed another name of {subject}"),
    "organisation_changed": _("{actor} changed the organisation {subject}"),
    "conflict_suspected": _("A possible conflict of interest of {subject} was found"),
    "conflict_gone": _("A possible conflict of interest of {subject} is no longer found"),
    "conflict_confirmed": _("{actor} confirmed a conflict of interest of {subject}"),
    "conflict_dismissed": _("{actor} dismissed a suspected conflict of interest of {subject}"),
    "plan_made": _("{actor} made a plan of assignments for {subject}"),
    "plan_changed": _("{actor} changed a plan of assignments for {subject}"),
    "plan_applied": _("{actor} applied a plan of assignments for {subject}"),
    "plan_discarded": _("{actor} discarded a plan of assignments for {subject}"),
    "assignment_abstained": _("{actor} abstained"),
    "practice_set": _("{actor} changed whether {subject} is for practice"),
    "reference_started": _("{actor} began the reference for practice"),
    "reference_saved": _("{actor} saved the reference answer to {subject}"),
    "reference_published": _("{actor} published the reference for practice"),
    "reference_reopened": _("{actor} reopened the reference for practice"),
    "consensus_started": _("{actor} began the consensus assessment"),
    "consensus_changed": _("{actor} changed the consensus on {subject}"),
    "consensus_submitted": _("{actor} closed the consensus assessment"),
    "consensus_reopened": _("{actor} reopened the consensus assessment"),
    "discussion_added": _("{actor} wrote in the discussion"),
    "meeting_started": _("{actor} opened a panel meeting of {subject}"),
    "agenda_changed": _("{actor} changed the agenda of the panel meeting: {subject}"),
    "meeting_moved": _("{actor} called the proposal in the panel meeting"),
    "meeting_ended": _("{actor} closed a panel meeting of {subject}"),
    "recommendation_recorded": _("{actor} recorded the panel's recommendation"),
    "stop_overridden": _("{actor} overrode the stop of {subject}"),
    "decision_recorded": _("{actor} recorded a decision, to be applied"),
    "decision_withdrawn": _("{actor} took back a decision before it was applied"),
    "decision_applied": _("{actor} applied the decision"),
    "reserve_place_changed": _("{actor} changed the order of the reserve list"),
    "question_written": _("{actor} wrote a question to the applicant"),
    "question_changed": _("{actor} changed a question to the applicant"),
    "question_dropped": _("{actor} left out a question to the applicant"),
    "question_order_changed": _("{actor} changed the order of the questions to the applicant"),
    "questions_sent": _("{actor} sent questions to the applicant"),
    "questions_mailed_again": _("{actor} asked to send the e-mail with the questions again"),
    "answer_recorded": _("{actor} recorded an answer of the applicant"),
    "answer_corrected": _("{actor} corrected an answer of the applicant"),
    "reviewers_invited": _("{actor} invited reviewers to look again at what the applicant answered"),
    "message_sent": _("{actor} sent the message {subject}"),
    "notice_settings_changed": _("{actor} changed own notices"),
    "report_issued": _("{actor} issued the report {subject}"),
    "batch_requested": _("{actor} asked for many reports: {subject}"),
    "batch_cancelled": _("{actor} cancelled the reports {subject}"),
    "batch_retried": _("{actor} asked again for the reports that failed: {subject}"),
    "letterhead_changed": _("{actor} changed the letterhead {subject}"),
    "letter_text_changed": _("{actor} changed the wording of a letter of {subject}"),
    "feedback_worded": _("{actor} worded the feedback to the applicant"),
    "words_redacted": _("{actor} left words out of the reports on {subject}"),
    "words_kept": _("{actor} let words stand in the reports on {subject}"),
    "dossier_exported": _("{actor} took the dossier of {subject}"),
    "offline_form_made": _("{actor} took a form of {subject} to fill in offline"),
    "offline_form_read": _("{actor} uploaded a filled form of {subject}"),
    "offline_form_refused": _("{actor} uploaded a form that was refused: {subject}"),
    "offline_form_confirmed": _("{actor} took over a filled form of {subject}"),
    "offline_form_discarded": _("{actor} discarded a filled form of {subject}"),
    "report_requested": _("{actor} asked for the report {subject}"),
    "report_made": _("The report {subject} was made"),
    "report_downloaded": _("{actor} downloaded the report {subject}"),
}

# What events are about, for people who look for one: kind -> its words. `kind_of` sorts them.
KINDS: dict[str, str] = {
    "people": _("People and signing in"),
    "rounds": _("Rounds and their set-up"),
    "proposals": _("Proposals, documents and imports"),
    "reviewers": _("Reviewers, conflicts and plans"),
    "assessments": _("Assessments and practice"),
    "panel": _("Panel"),
    "decisions": _("Decisions"),
    "questions": _("Questions to applicants"),
    "reports": _("Reports, exports and letters"),
    "instruments": _("Instruments"),
    "other": _("Anything else"),
}
# The first beginning that fits says the kind.
BEGINNINGS: dict[str, tuple[str, ...]] = {
    "people": ("user_", "signed_", "sign_in", "second_step", "role_", "notice_settings", "skills_", "tie_"),
    "rounds": ("round_", "setup_", "phase", "eligibility_checks"),
    "proposals": ("proposal_", "import_", "mapping_", "document_", "eligibility_", "alias_", "organisation_"),
    "reviewers": ("reviewer_", "assignment_", "conflict_", "no_conflict", "plan_"),
    "panel": ("consensus_", "discussion_", "meeting_", "agenda_", "recommendation_", "stop_"),
    "decisions": ("decision_", "reserve_"),
    "questions": ("question", "answer_", "reviewers_invited"),
    "reports": (
        "report_",
        "batch_",
        "letter",
        "feedback_",
        "words_",
        "dossier_",
        "list_exported",
        "scores_",
        "columns_",
    ),
    "instruments": ("instrument_", "draft_", "criterion_matched", "assessments_moved"),
    "assessments": ("assessment_", "response_", "evidence_", "conclusion_", "practice_", "reference_", "offline_"),
}


SYSTEM_LABEL = "Screening"
_ADD = KeptInsert(AuditEvent)


class UnknownEvent(ValueError):
    """Raised for an event code that has no sentence in `EVENTS`."""


def record(
    event, subject, *, by, thread="", round_id=None, private_to=None, before=None, after=None, note="", label=None
):
    """Add one row to the audit trail and return it.

    `subject` is a saved model instance; `by` a User, or None for the system itself.
    `before` and `after` hold only what changed, as JSON values. `private_to` is the User
    whose unpublished judgement the row contains. Raises UnknownEvent for an unlisted code.
    """
    return _ADD(**_row(event, subject, by, thread, round_id, private_to, before, after, note, label))


def record_many(rows):
    """Add several rows in one query. Each is a dict of the arguments of `record`."""
    events = []
    for row in rows:
        row = {"thread": "", "round_id": None, "private_to": None, "before": None, "after": None, "note": "", **row}
        events.append(
            AuditEvent(
                **_row(
                    row["event"],
                    row["subject"],
                    row["by"],
                    row["thread"],
                    row["round_id"],
                    row["private_to"],
                    row["before"],
                    row["after"],
                    row["note"],
                    row.get("label"),
                )
            )
        )
    return AuditEvent.objects.bulk_create(events, batch_size=500)


def _row(event, subject, by, thread, round_id, private_to, before, after, note, label):
    if event not in EVENTS:
        raise UnknownEvent(f"{event!r} is not listed in screening.audit.EVENTS")
    return {
        "event": event,
        "actor_id": by.pk if by else None,
        "actor_label": str(by)[:250] if by else SYSTEM_LABEL,
        "subject_type": subject._meta.model_name,
        "subject_id": str(subject.pk),
        "subject_label": (label or str(subject))[:400],
        "thread": thread,
        "round_id": round_id,
        "private_to_id": private_to.pk if private_to else None,
        "before": before,
        "after": after,
        "note": note,
    }


def sentence(event: AuditEvent) -> str:
    """What happened, as one sentence in the reader's language."""
    return _gettext(EVENTS[event.event]).format(actor=event.actor_label, subject=event.subject_label)


def changes(event: AuditEvent) -> list[tuple[str, object, object]]:
    """(field, before, after) for every field that differs, in a stable order."""
    before, after = event.before or {}, event.after or {}
    return [
        (key, before.get(key), after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]


def kind_of(code: str) -> str:
    """The key in `KINDS` under which an event is looked for."""
    return next((kind for kind, begins in BEGINNINGS.items() if code.startswith(begins)), "other")
