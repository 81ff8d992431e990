"""One proposal with a row in every table that hangs on it, and a word of its own in every text of every row."""

import datetime as dt
from decimal import Decimal

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, models

from checklist.actions.letterheads import LetterheadGiven, set_letter_text, set_letterhead
from checklist.letters import KINDS, PLACES
from checklist.models import Assessment, FeedbackText, Response, SubmittedScore
from proposals.models import Proposal
from screening import guards
from tests.factories import make_officer, make_organisation, make_proposal, make_round

from .deciding import judge

# What instruments ask is public, and how rows are told apart is no text.
PUBLIC = {
    "Instrument", "InstrumentVersion", "Domain", "Criterion", "SubQuestion", "Level", "Translation", "CrossWalk",
    "CriterionMatch", "Tension", "TensionSide", "TensionText", "DraftEdit",
}  # fmt: skip
CODES = {
    "Response.answer", "SubResponse.answer", "SubmittedScore.marks", "LetterText.kind", "LetterText.language",
    "FeedbackText.language", "Letterhead.colour", "Letterhead.logo_media_type", "Assessment.language",
    "IssuedReport.kind", "ReportBatch.language", "IssuedReport.language", "User.language",
}  # fmt: skip
# Rows that need more than what can be guessed.
NEEDED = {
    "Decision": {"outcome": "fund_with_conditions", "state": "applied", "applied_at": dt.datetime(2026, 5, 1, tzinfo=dt.UTC),
                 "amount": Decimal(1000)},
    "Assignment": None,
    "ApplicantQuestion": {"state": "answered", "answered_on": dt.date(2026, 5, 2)},
    "IssuedReport": {"number": "x", "issued_at": dt.datetime(2026, 5, 1, tzinfo=dt.UTC)},
    "StopOverride": {},
}  # fmt: skip


def marked_world():
    """(proposal, {mark: "Model.field" or "Model.field of another"}): every text of every table is a word of its own.

    The guards of the database are off from here on: texts of what is frozen are marked too.
    """
    round_ = make_round(reference="MARKED", title="T", donor_name="D")
    proposal, other = (
        make_proposal(round_, title="One"),
        make_proposal(round_, title="Two", applicant=make_organisation("Other")),
    )
    for each in (proposal, proposal, other):
        judged = judge(each, first="no" if each is other else "yes")
    guards.take_off(connection=connection)
    _consensus(proposal, judged)
    by = make_officer(round_)
    set_letterhead(given=LetterheadGiven("N", address="A", footer="F"), by=by, round_=round_)
    for kind in KINDS:
        body = "x\n\n" + "\n\n".join(f"{{{place}}}" for place in PLACES[kind].known)
        set_letter_text(round_=round_, kind=kind, language="en", subject="s", body=body, by=by)
    for model in related_models():
        if not model.objects.exists():
            _make(model, proposal)
    return Proposal.objects.get(pk=proposal.pk), _mark_all(proposal)


def related_models():
    """Every table of ours with a text, but for what is public."""
    return [
        model
        for app in ("proposals", "checklist")
        for model in apps.get_app_config(app).get_models()
        if model.__name__ not in PUBLIC and text_fields(model)
    ]


def text_fields(model):
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not field.choices
        and f"{model.__name__}.{field.name}" not in CODES
        and (isinstance(field, models.JSONField) or (field.max_length or 99) >= 30)
    ]


def _consensus(proposal, judged):
    """A closed consensus with the answers of somebody's assessment."""
    consensus = Assessment.objects.create(
        kind="consensus", proposal=proposal, reviewer=judged.reviewer, state="submitted", submission_number=1,
        submitted_at=judged.submitted_at, terms=judged.terms,
    )  # fmt: skip
    consensus.versions.set(judged.versions.all())
    for source in (*Response.objects.filter(assessment=judged), *SubmittedScore.objects.filter(assessment=judged)):
        source.pk, source.assessment = None, consensus
        source.save(force_insert=True)


def _make(model, proposal):
    """One row with the least that it needs."""
    values = dict(NEEDED.get(model.__name__) or {})
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name in values:
            continue
        if isinstance(field, models.ForeignKey):
            row = proposal if field.related_model is Proposal else field.related_model.objects.first()
            if row is None and not field.null:
                row = _make(field.related_model, proposal)
            if row is not None and not (model.__name__ == "Redaction" and field.name == "round"):
                values[field.name] = row if field.related_model is not model else None
        elif isinstance(field, models.FileField):
            values[field.name] = ContentFile(b"x", name="x")
        elif not field.has_default() and not field.null:
            values[field.name] = _least(field)
    return model.objects.create(**values)


def _least(field):
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DateTimeField):
        return dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    if isinstance(field, models.DateField):
        return dt.date(2026, 5, 1)
    if isinstance(field, models.IntegerField | models.DecimalField):
        return 1
    return {} if isinstance(field, models.JSONField) else False if isinstance(field, models.BooleanField) else "x"


def _mark_all(proposal):
    """Put a word of its own into every text and return {word: where it stands}."""
    users = apps.get_model("screening", "User")
    marks = {}
    for model in (*related_models(), users):
        for row in model.objects.order_by("pk"):
            changes = {}
            for field in text_fields(model):
                if field.name in ("password", "terms") or (model is users and field.name == "last_login"):
                    continue
                mark = f"Mq{len(marks):05}z"
                whose = "" if _is_of(row, proposal) else " of another"
                marks[mark] = f"{model.__name__}.{field.name}{whose}"
                changes[field.name] = _with_mark(row, field, mark)
            model.objects.filter(pk=row.pk).update(**changes)
    return marks


def _with_mark(row, field, mark):
    if isinstance(field, models.JSONField):
        return {"words": mark}
    if isinstance(field, models.EmailField):
        return f"{mark}@example.org"
    if type(row).__name__ == "LetterText" and field.name == "body":
        return f"{mark}\n\n{row.body}"
    return f"{mark}\n{mark}" if isinstance(row, FeedbackText) else mark


def _is_of(row, proposal):
    if isinstance(row, Proposal):
        return row.pk == proposal.pk
    if type(row).__name__ == "Organisation":
        return row.pk == proposal.applicant_id
    return getattr(row, "proposal_id", proposal.pk) in (proposal.pk, None)
