"""Whose word on stops counts, the same in decisions, ranking and snapshots; what left the round stands in no sum."""

import pytest

from checklist.actions.assessments import GivenResponse, reopen_assessment, save_responses, submit_assessment
from checklist.actions.consensus import begin_consensus, close_consensus, reopen_consensus, set_consensus_answer
from checklist.actions.recommendations import override_stop
from checklist.models import Criterion
from checklist.selectors.agreement import ratings_of
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.decisions import snapshot_of
from checklist.selectors.drafts import load_draft
from checklist.selectors.panels import consensus_of
from checklist.selectors.ranking import ranking_of
from checklist.selectors.round_results import round_results
from checklist.selectors.stops import open_stops
from tests.factories import answer_all, make_assessment, make_member, make_proposal, make_reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair")


def judged(proposal, name, **answers):
    assessment = make_assessment(proposal=proposal, reviewer=make_reviewer(proposal.round, name=name))
    answer_all(assessment)
    given = [
        GivenResponse(place.criterion.pk, place.stored.revision, answers[place.criterion.key], "Page 9 lacks it.")
        for place in load_draft(assessment).places()
        if place.criterion.key in answers
    ]
    save_responses(assessment=assessment, given=given, by=assessment.reviewer)
    return submit_assessment(assessment=assessment_with_round(assessment.pk), by=assessment.reviewer)


def agree(proposal, chair, answer):
    """The panel closes its consensus with this answer to item 1."""
    begin_consensus(proposal=proposal, by=chair)
    consensus = consensus_of(proposal)
    place = next(each for each in load_draft(consensus).places() if each.criterion.key == "1")
    given = GivenResponse(place.criterion.pk, place.stored.revision, answer, "So the panel found.")
    set_consensus_answer(assessment=consensus, given=given, by=chair, reason="We looked at page 9.")
    return close_consensus(assessment=consensus_of(proposal), by=chair)


def stops_everywhere(proposal, user):
    """The keys of the stops as decisions, ranking and snapshot have them; they must be the same."""
    keys = [stop.key for stop in open_stops(proposal)]
    [row] = [row for row in ranking_of(proposal.round, user).rows if row.proposal == proposal]
    assert [stop.key for stop in row.result.open_stops] == keys
    assert [stop["number"] for stop in snapshot_of(proposal)["stops"]] == keys
    return keys


def test_one_reviewer_is_enough_before_the_panel_has_agreed(instruments, proposal, officer):
    judged(proposal, "Rita One", **{"1": "no"})
    judged(proposal, "Rita Two")

    assert stops_everywhere(proposal, officer) == ["1"]


def test_a_closed_consensus_without_it_takes_the_stop_away(instruments, proposal, officer, chair):
    judged(proposal, "Rita One", **{"1": "no"})
    judged(proposal, "Rita Two")
    agree(proposal, chair, "yes")

    assert stops_everywhere(proposal, officer) == []


def test_a_closed_consensus_can_stop_too(instruments, proposal, officer, chair):
    judged(proposal, "Rita One")
    judged(proposal, "Rita Two")
    agree(proposal, chair, "no")

    assert stops_everywhere(proposal, officer) == ["1"]
    [stop] = open_stops(proposal)
    assert [said.is_panel for said in stop.said_by] == [True]


def test_a_consensus_that_is_open_says_nothing_yet(instruments, proposal, officer, chair):
    judged(proposal, "Rita One", **{"1": "no"})
    judged(proposal, "Rita Two")
    reopen_consensus(assessment=agree(proposal, chair, "yes"), reason="A new page came in.", by=chair)

    assert stops_everywhere(proposal, officer) == ["1"]


@pytest.mark.parametrize("status", ["ineligible", "withdrawn"])
def test_what_left_the_round_stands_in_no_sum(client, instruments, round_, officer, status):
    stays, leaves = make_proposal(round_, title="Stays"), make_proposal(round_, title="Leaves")
    for proposal in (stays, leaves):
        judged(proposal, "Rita One")
        judged(proposal, "Rita Two")
    leaves.status = status
    leaves.save()
    round_.instruments.filter(version__result_kind="share").update(ranks=True)

    results, ranking = round_results(round_, officer), ranking_of(round_, officer)
    ratings = [rating.proposal for _kind, rated in ratings_of(round_, officer).by_version.values() for rating in rated]

    assert [each.proposal for each in results.everything] == [stays]
    assert [each.proposal for each in results.left_out] == [leaves]
    assert results.of_proposal(leaves.pk).of("siren-donor-checklist").each
    assert ([row.proposal for row in ranking.rows], ranking.left_out) == ([stays], (leaves,))
    assert set(ratings) == {stays.pk}
    client.force_login(officer)
    for page in ("agreement", "ranking", "decisions"):
        text = client.get(f"/rounds/{round_.reference}/{page}/").content.decode()
        assert "1 proposal is left out: not eligible, or withdrawn" in text, page
        assert "Leaves" in text[text.index("is left out") :], page


# -- An override answers what was seen --------------------------------------------------------------


def overridden(proposal, chair):
    [stop] = open_stops(proposal)
    return override_stop(
        proposal=proposal, criterion=Criterion.objects.get(pk=stop.criterion_pk), reason="Weighed.", by=chair
    )


def open_everywhere(proposal, user):
    """The keys of the stops that are open, as decisions and ranking have them; they must be the same."""
    keys = [stop.key for stop in open_stops(proposal)]
    [row] = [row for row in ranking_of(proposal.round, user).rows if row.proposal == proposal]
    assert [stop.key for stop in row.result.open_stops] == keys
    return keys


def said_again(assessment, officer):
    reopen_assessment(assessment=assessment, reason="Look at page 9.", by=officer)
    return submit_assessment(assessment=assessment_with_round(assessment.pk), by=assessment.reviewer)


def test_a_stop_that_comes_back_after_a_reopening_is_overridden_anew(instruments, proposal, officer, chair):
    assessment = judged(proposal, "Rita One", **{"1": "no"})
    first = overridden(proposal, chair)
    assert open_everywhere(proposal, officer) == []

    said_again(assessment, officer)

    assert open_everywhere(proposal, officer) == ["1"]
    assert [stop.earlier for stop in open_stops(proposal)] == [first]
    overridden(proposal, chair)
    assert open_everywhere(proposal, officer) == []


def test_a_stop_that_somebody_else_says_later_asks_for_another_override(instruments, proposal, officer, chair):
    judged(proposal, "Rita One", **{"1": "no"})
    overridden(proposal, chair)
    judged(proposal, "Rita Two")
    assert open_everywhere(proposal, officer) == []

    judged(proposal, "Rita Three", **{"1": "no"})

    assert open_everywhere(proposal, officer) == ["1"]
