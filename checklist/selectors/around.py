"""The rows around a submitted assessment that its scorecard shows, or that decide what it shows. One query.

They are read to find out whether anything changed; nobody looks into them.
"""

from __future__ import annotations

from django.db.models import F, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from checklist.models import Assignment, Evidence, Letterhead, Redaction, TensionSide
from proposals.models import Organisation, Participation, Place, ProposalTag
from screening.statements import KeptQuery


def rows_around(assessment):
    """Partners, places, tags, letterheads, documents cited, tensions, words decided on and who was asked, as now.

    Each is a row of texts; the same rows come in the same order.
    """
    proposal = assessment.proposal
    return sorted(_AROUND(assessment.pk, proposal.pk, proposal.round_id))


def _columns(model: type[Model], path: str = "") -> list[str]:
    return [f"{path}{field.attname}" for field in model._meta.concrete_fields]


_PARTNERS = [*_columns(Participation), *_columns(Organisation, "organisation__")]
_EVIDENCE = ["pk", "position", "page", "quote", "document_id", "document__name", "document__removed_at"]
_TENSIONS = ["pk", "tension__slug", "side", "instrument__slug", "key", "answers"]
_WIDTH = max(len(_PARTNERS), *(len(_columns(model)) for model in (Place, ProposalTag, Letterhead)))


def _as_text(rows: QuerySet, columns: list[str]) -> QuerySet:
    """Rows of texts, all of one width, that begin with what they are of."""
    nothing = Value("", output_field=TextField())
    kind = Value(rows.model.__name__, output_field=TextField())
    texts = [Coalesce(Cast(F(column), TextField()), nothing) for column in columns]
    return rows.order_by().values_list(kind, *texts, *[nothing] * (_WIDTH - len(columns)))


def _around(assessment_pk, proposal_pk, round_pk):
    own_words = Q(proposal_id=proposal_pk) | Q(round_id=round_pk)
    of_round = Q(round_id=round_pk) | Q(round__isnull=True)
    parts = [
        _as_text(Participation.objects.filter(proposal_id=proposal_pk), _PARTNERS),
        _as_text(Place.objects.filter(proposal_id=proposal_pk), _columns(Place)),
        _as_text(ProposalTag.objects.filter(proposal_id=proposal_pk), _columns(ProposalTag)),
        _as_text(Letterhead.objects.filter(of_round), _columns(Letterhead)),
        _as_text(Evidence.objects.filter(response__assessment_id=assessment_pk), _EVIDENCE),
        _as_text(TensionSide.objects.all(), _TENSIONS),
        _as_text(Redaction.objects.filter(own_words), ["pk", "text", "kind", "is_hidden", "proposal_id"]),
        # Whose letter stands in the place of which name.
        _as_text(Assignment.objects.filter(proposal_id=proposal_pk), ["pk", "reviewer__name"]),
    ]
    return parts[0].union(*parts[1:], all=True)


_AROUND = KeptQuery(_around)
