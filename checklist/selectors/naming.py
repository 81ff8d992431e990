"""Who sees whose names on a proposal."""

from checklist.enums import NamesShown
from checklist.models import Assignment, RoundRules
from checklist.naming import Names, letter
from checklist.sensitive import folded
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


def letters_by_name(proposal):
    """{name, folded: letter} of everybody asked to review the proposal, in the order in which they were asked."""
    asked = Assignment.objects.filter(proposal=proposal).order_by("-pk").values_list("reviewer__name", flat=True)
    # The first who was asked keeps her letter where two have the same name.
    return {folded(name): letter(len(asked) - 1 - index) for index, name in enumerate(asked)}


def words_for_reviewers(proposal):
    """Names, addresses and organisations of everybody asked to review the proposal.

    An organisation of one word is a word like any other: "Independent" tells of nobody.
    """
    asked = Assignment.objects.filter(proposal=proposal).order_by("pk").select_related("reviewer")
    people = [each.reviewer for each in asked]
    words = [word for each in people for word in (each.name, each.email) if word]
    return words + [each.organisation_name for each in people if " " in each.organisation_name.strip()]


def _names_shown(round_):
    rules = RoundRules.objects.filter(round=round_).values_list("names_shown", flat=True).first()
    return rules or NamesShown.LETTERS
