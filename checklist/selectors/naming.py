"""Who sees whose names on a proposal."""

from checklist.enums import NamesShown
from checklist.models import Assignment, RoundRules
from checklist.naming import Names, letter
from proposals.rules import may


def names_for(proposal, reader):
    """The Names of this reader on the proposal, which is loaded with its round. At most two queries.

    Whoever reads assessments by role sees names, and so does everybody where the round shows them.
    Other reviewers see letters, in the order in which they were asked; one's own name is always shown.
    """
    if may(reader, proposal.round, "see_assessments") or _names_shown(proposal.round) == NamesShown.ALL:
        return Names()
    asked = Assignment.objects.filter(proposal=proposal).select_related("reviewer").order_by("pk")
    lettered = {each.reviewer_id: (letter(index), str(each.reviewer)) for index, each in enumerate(asked)}
    lettered.pop(reader.pk, None)
    return Names(lettered)


def words_for_reviewers(proposal):
    """Names, addresses and organisations of everybody asked to review the proposal."""
    asked = Assignment.objects.filter(proposal=proposal).order_by("pk")
    rows = asked.values_list("reviewer__name", "reviewer__email", "reviewer__organisation_name")
    return [word for row in rows for word in row if word]


def _names_shown(round_):
    rules = RoundRules.objects.filter(round=round_).values_list("names_shown", flat=True).first()
    return rules or NamesShown.LETTERS
