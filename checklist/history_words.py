"""Recorded changes in words: names of fields, labels of answers and states instead of codes."""

from collections import Counter
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklist import presentation, scoring
from checklist.enums import (
    AssessmentState,
    AssignmentState,
    Conclusion,
    LetterChannel,
    NoticeKind,
    Outcome,
    QuestionState,
)
from proposals.enums import DocumentKind, ExploitationForm, FourP, Population, ProposalStatus, VictimContact
from screening import audit
from screening.templatetags.components import counted_state

FIELDS = {
    "answer": gettext_lazy("Answer"),
    "rationale": gettext_lazy("Reason"),
    "evidence": gettext_lazy("Evidence"),
    "conclusion": gettext_lazy("Overall view"),
    "conclusion_reason": gettext_lazy("Reasons for the overall view"),
    "override_reason": gettext_lazy("Why recommend all the same"),
    "state": gettext_lazy("State"),
    "submission": gettext_lazy("Submission"),
    "submitted_at": gettext_lazy("Submitted at"),
    "reviewer": gettext_lazy("Reviewer"),
    "due_on": gettext_lazy("Due on"),
    "declaration": gettext_lazy("Declaration"),
    "reason": gettext_lazy("Reason"),
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("Summary"),
    "applicant": gettext_lazy("Applicant"),
    "partners": gettext_lazy("Partners"),
    "status": gettext_lazy("State of the proposal"),
    "starts_on": gettext_lazy("Starts on"),
    "ends_on": gettext_lazy("Ends on"),
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "pages": gettext_lazy("Pages or parts"),
    "marks": gettext_lazy("Marks"),
    "share": gettext_lazy("Share"),
    "reference": gettext_lazy("Reference"),
    "external_id": gettext_lazy("Identifier in the applicant's system"),
    "language": gettext_lazy("Language"),
    "victim_contact": gettext_lazy("Direct contact with victims"),
    "places": gettext_lazy("Countries and areas"),
    "exploitation": gettext_lazy("Forms of exploitation"),
    "populations": gettext_lazy("Populations"),
    "four_p": gettext_lazy("Area of work"),
    "applicant_identifier": gettext_lazy("Registered identifier of the applicant"),
    "notes": gettext_lazy("Other facts"),
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "size": gettext_lazy("Size"),
    "sha256": gettext_lazy("Fingerprint (SHA-256)"),
    "versions": gettext_lazy("Instruments"),
    "outcome": gettext_lazy("Outcome"),
    "conditions": gettext_lazy("Conditions"),
    "place": gettext_lazy("Place on the reserve list"),
    "text": gettext_lazy("Question"),
    "questions": gettext_lazy("Questions"),
    "question_state": gettext_lazy("State"),
    "criterion": gettext_lazy("Criterion"),
    "reviewers": gettext_lazy("Reviewers"),
    "channel": gettext_lazy("How"),
    "recipient": gettext_lazy("To"),
    "subject": gettext_lazy("Subject"),
    "reply_by": gettext_lazy("Answer by"),
    "applicant_answer": gettext_lazy("Answer of the applicant"),
    "answered_on": gettext_lazy("Answered on"),
    "replaces": gettext_lazy("In the place of"),
    "let_stand": gettext_lazy("Looked sensitive and may go out"),
    "message": gettext_lazy("Message"),
    "recipients": gettext_lazy("To"),
    "by_mail": gettext_lazy("In the daily e-mail"),
}


# What the check of words finds sensitive (`sensitive.KINDS`).
SENSITIVE_KINDS = {
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Phone number"),
    "address": gettext_lazy("Address"),
    "place": gettext_lazy("Coordinates"),
    "shelter": gettext_lazy("Where a shelter is"),
    "name": gettext_lazy("Name of a survivor or witness"),
    "inside": gettext_lazy("Somebody of the round, or another proposal"),
    "by_hand": gettext_lazy("Chosen by hand"),
    "letter": gettext_lazy("Name of a reviewer, with her letter instead"),
}


def _labels(*enums):
    return {choice.value: choice.label for each in enums for choice in each}


WORDS = {
    "state": _labels(AssignmentState, AssessmentState),
    "conclusion": _labels(Conclusion),
    "status": _labels(ProposalStatus),
    "outcome": _labels(Outcome),
    "question_state": _labels(QuestionState),
    "channel": _labels(LetterChannel),
    "replaces": _labels(Outcome),
    "victim_contact": _labels(VictimContact),
    "exploitation": _labels(ExploitationForm),
    "populations": _labels(Population),
    "four_p": _labels(FourP),
    "kind": _labels(DocumentKind),
    "by_mail": _labels(NoticeKind),
    "let_stand": SENSITIVE_KINDS,
}


def changes_in_words(event):
    """(field, before, after) of an audit event, as a person would say them; "" for nothing."""
    for field, before, after in audit.changes(event):
        yield _field(field), _said(field, before), _said(field, after)


def _field(name):
    if name.startswith("sub_"):
        key = name.removeprefix("sub_")
        words = _("Words at sub-question %(key)s") if key.endswith("_text") else _("Sub-question %(key)s")
        return words % {"key": key.removesuffix("_text")}
    if name in FIELDS:
        return str(FIELDS[name])
    # Whatever is a name already stays as it is written, such as that of an instrument.
    said = name.replace("_", " ")
    return said[:1].upper() + said[1:]


def _said(field, value):
    """A recorded value as a person would say it; "" for nothing."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, list):
        return "; ".join(_said(field, each) for each in value)
    if isinstance(value, dict):
        said = {key: _said(key, each) for key, each in value.items()}
        return ", ".join(f"{_field(key)}: {words}" for key, words in said.items() if words)
    if field == "marks":
        return _marks(str(value))
    if field == "share":
        return f"{presentation.percent(Decimal(str(value)) / 100)} %"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field == "answer" or (field.startswith("sub_") and not field.endswith("_text")):
        return _answer_label(str(value), is_sub=field != "answer")
    return str(WORDS.get(field, {}).get(value, value))


def _marks(marks):
    """ "2 favourable, 1 adverse" for the letters of a checklist; the levels of a profile stay in their order."""
    if any(mark.isdigit() for mark in marks):
        return " ".join(marks)
    letters = Counter(marks)
    counts = {state: letters[letter] for state, letter in scoring.MARK_LETTERS.items() if letters[letter]}
    return ", ".join(counted_state(state, count) for state, _word, count in presentation.counts_in_order(counts))


def _answer_label(code, *, is_sub):
    """The label of an answer; the number alone where scales give it different words."""
    kinds = [each for each in scoring.ANSWER_KINDS.values() if each.for_sub_questions == is_sub and each.has(code)]
    if code.isdigit() and len(kinds) > 1:
        return code
    if not kinds:
        return code
    label = _(kinds[0].option(code).label)
    return f"{code} – {label}" if kinds[0].is_level and code.isdigit() else label
