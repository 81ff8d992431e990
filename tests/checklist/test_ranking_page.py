"""The ranking of a round and its agreement: the same numbers everywhere, and who may see which."""

import csv
import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest
from django.urls import reverse

from checklist import presentation
from checklist.demo.large import build_large
from checklist.models import Assessment, RoundInstrument, StopOverride, SubmittedScore
from checklist.ranking import Standing
from checklist.selectors import agreement as agreement_reads
from checklist.selectors.ranking import ranking_of
from checklist.selectors.results import load_contents
from checklist.selectors.round_results import round_results
from checklist.selectors.stops import stops_of
from proposals.models import Place, Proposal, ProposalTag
from screening.enums import JobState
from screening.jobs import run_job
from screening.models import AuditEvent, Job
from tests.factories import (
    make_auditor,
    make_member,
    make_officer,
    make_organisation,
    make_proposal,
    make_reviewer,
    make_round,
    open_to,
    pin_shipped_instruments,
)

from .asked import asked, handed_in, marks_of

pytestmark = pytest.mark.django_db

SLUG = "siren-donor-checklist"


@pytest.fixture
def round_(instruments):
    round_ = make_round("RANK", currency="USD", budget=Decimal(100))
    pin_shipped_instruments(round_)
    round_.instruments.filter(version__result_kind="share").update(ranks=True)
    return round_


@pytest.fixture
def officer(round_):
    return make_officer(round_)


def judged(round_, *shares, **fields):
    """A proposal with one submitted assessment for each share (per cent)."""
    proposal = make_proposal(round_, **fields)
    for share in shares:
        assessment = handed_in(asked(proposal, make_reviewer(round_)), marks=marks_of(share))
        SubmittedScore.objects.filter(assessment=assessment).update(share=share, judged=10)
    return proposal


def url(round_, name="round-ranking"):
    return reverse(f"checklist:{name}", args=[round_.reference])


def shown(client, round_, **query):
    return client.get(url(round_), query).context["listing"].rows


def exported(client, round_, name="round-ranking", **query):
    response = client.get(url(round_, name), {"export": "csv", **query})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# -- The same numbers everywhere ------------------------------------------------------------------


@pytest.mark.parametrize("seed", [3, 8])
def test_ranking_export_and_result_pages_say_the_same_of_a_random_round(client, instruments, seed):
    round_ = build_large(proposals=7, reviewers=4, seed=seed, today=dt.date(2026, 11, 2), say=lambda text: None)
    user = make_auditor()
    client.force_login(user)
    rows = {row.reference: row for row in shown(client, round_)}
    lines = {line["Reference"]: line for line in exported(client, round_)}
    assessments = list(Assessment.objects.individual().submitted().select_related("proposal__round"))
    contents = load_contents(assessments)
    assert len(rows) == len(lines) == 7

    for proposal in Proposal.objects.filter(round=round_):
        own = [contents[each.pk] for each in assessments if each.proposal_id == proposal.pk]
        results = [each.result for content in own for each in content.instruments if each.sheet.slug == SLUG]
        shares = [presentation.exact_percent(result.share) for result in results]
        row, line = rows[proposal.reference], lines[proposal.reference]
        mean = sum(shares) / len(shares)
        assert Decimal(line["Mean"]) == pytest.approx(mean, abs=Decimal("0.001"))
        assert Decimal(line["Median"]) == pytest.approx(median(shares), abs=Decimal("0.001"))
        assert Decimal(line["Spread"]) == pytest.approx(max(shares) - min(shares), abs=Decimal("0.001"))
        assert row.mean_text == f"{Decimal(line['Mean']).quantize(Decimal('0.1'), 'ROUND_HALF_UP')} %"
        judged_part = Fraction(sum(r.judged for r in results), sum(r.applicable for r in results))
        assert row.coverage_text == f"{presentation.percent(judged_part)} %"
        assert sorted(said for _name, said, _strip in row.pictures) == sorted(
            f"{presentation.percent(result.share)} %" for result in results
        )
        blocked = {c.key for content in own for each in content.instruments for c in each.result.criticals if c.blocks}
        assert {stop.key for stop in row.row.result.stops} == blocked
        assert {stop.key for stop in stops_of([proposal])[proposal.pk]} == blocked


def test_the_adjusted_score_is_exported_as_it_is_shown(client, instruments):
    round_ = build_large(proposals=9, reviewers=4, seed=5, today=dt.date(2026, 11, 2), say=lambda text: None)
    client.force_login(make_auditor())
    ranking = ranking_of(round_, make_auditor())
    assert ranking.adjusted.is_usable

    lines = {line["Reference"]: line for line in exported(client, round_, by="adjusted")}

    for row in ranking.rows:
        expected = ranking.adjusted.proposals[row.proposal.pk] * 100
        assert float(lines[row.proposal.reference]["Adjusted"]) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_three_as_for_one(client, round_, officer, django_assert_num_queries, count):
    for number in range(count):
        proposal = judged(round_, 60, 80, amount=10, currency="USD", applicant=make_organisation(f"Boat {number}"))
        Place.objects.create(proposal=proposal, country="KH")
    client.force_login(officer)
    client.get(url(round_))

    with django_assert_num_queries(15):
        assert client.get(url(round_)).status_code == 200


# -- Order, stops, thresholds ---------------------------------------------------------------------


def test_the_mean_over_reviewers_gives_the_places(client, round_, officer):
    judged(round_, 50, 70, title="Second")
    judged(round_, 90, 70, title="First")
    judged(round_, title="Nobody yet")
    client.force_login(officer)

    rows = shown(client, round_)

    assert [(row.title, row.place, row.mean_text) for row in rows] == [
        ("First", 1, "80.0 %"),
        ("Second", 2, "60.0 %"),
        ("Nobody yet", None, "–"),
    ]
    assert rows[0].spread_text == "20.0"


def test_what_a_threshold_asks_for_comes_before_the_score(client, round_, officer):
    judged(round_, 55, title="Enough")
    judged(round_, 45, title="Too little")
    RoundInstrument.objects.filter(round=round_, ranks=True).update(threshold=50, minimum_coverage=60)
    client.force_login(officer)

    enough, too_little = shown(client, round_)

    assert (enough.place, enough.row.passed, enough.row.limits) == (1, 2, 2)
    assert too_little.row.ranked.standing is Standing.BELOW
    assert too_little.row.shortfalls == ("Donor checklist below 50 %",)


def test_a_stop_takes_the_place_until_the_chair_overrides_it(client, instruments):
    round_ = build_large(proposals=7, reviewers=4, seed=3, today=dt.date(2026, 11, 2), say=lambda text: None)
    user = make_auditor()
    stopped = next(row for row in ranking_of(round_, user).rows if row.stops)
    assert stopped.ranked.standing is Standing.STOPPED

    for stop in stopped.result.stops:
        StopOverride.objects.create(
            proposal=stopped.proposal, criterion_id=stop.criterion_pk, reason="Weighed in the panel.", by=user
        )

    row = next(row for row in ranking_of(round_, user).rows if row.proposal == stopped.proposal)
    assert row.ranked.standing is Standing.RANKED
    assert (row.stops, row.overridden) == ((), stopped.stops)


def test_practice_and_what_is_not_eligible_have_no_place(client, round_, officer):
    judged(round_, 90, title="For practice", is_practice=True)
    judged(round_, 80, title="Not eligible", status="ineligible")
    judged(round_, 70, title="Ranked")
    client.force_login(officer)

    response = client.get(url(round_))

    assert [row.title for row in response.context["listing"].rows] == ["Ranked"]
    assert "1 proposal is left out: not eligible, or withdrawn" in response.content.decode()


def test_the_list_is_sorted_and_filtered(client, round_, officer):
    near = judged(round_, 90, title="Near", amount=5, currency="USD")
    far = judged(round_, 40, title="Far", amount=9, currency="USD")
    Place.objects.create(proposal=near, country="KH")
    Place.objects.create(proposal=far, country="LA")
    ProposalTag.objects.create(proposal=far, vocabulary="four_p", code="protection")
    client.force_login(officer)

    assert [row.title for row in shown(client, round_, sort="-amount")] == ["Far", "Near"]
    assert [(row.title, row.place) for row in shown(client, round_, country="LA")] == [("Far", 2)]
    assert [row.title for row in shown(client, round_, four_p="protection")] == ["Far"]
    assert shown(client, round_, standing="stopped") == []


def test_a_mean_says_so_where_it_does_not_rest_on_all_reviews(client, round_, officer):
    judged(round_, 90, 80, title="All in")
    asked(judged(round_, 70, 60, title="A third is asked"), make_reviewer(round_))
    judged(round_, 50, title="One of two")
    judged(round_, title="Nobody yet")
    client.force_login(officer)

    texts = [row.reviews_text for row in shown(client, round_)]
    counts = [(line["Reviews in"], line["Reviews expected"]) for line in exported(client, round_)]

    assert texts == ["", "2 of 3 reviews in", "1 of 2 reviews in", ""]
    assert counts == [("2", "2"), ("2", "3"), ("1", "2"), ("0", "2")]


# -- The funding line -----------------------------------------------------------------------------


def test_the_line_stops_or_passes_over_and_says_what_is_unknown(client, round_, officer):
    judged(round_, 90, title="Large", amount=80, currency="USD")
    judged(round_, 80, title="Larger", amount=90, currency="USD")
    judged(round_, 70, title="Small", amount=20, currency="USD")
    judged(round_, 60, title="Euros", amount=5, currency="EUR")
    client.force_login(officer)

    stop = client.get(url(round_))
    skip = client.get(url(round_), {"budget": "100", "rule": "skip"})

    assert [row.reach for row in stop.context["listing"].rows] == [
        "Within the budget",
        "More than what is left",
        "Beyond the line",
        "Another currency",
    ]
    assert stop.context["line"].spent == 80
    assert skip.context["line"].spent == 100
    page = skip.content.decode()
    assert "Funding line: USD 100 given above it, 0 left" in page
    assert "1 proposal with a place has no known amount in USD and takes nothing." in page


def test_the_portfolio_counts_what_the_line_reaches(client, round_, officer):
    within = judged(round_, 90, amount=80, currency="USD")
    beyond = judged(round_, 80, amount=90, currency="USD")
    for proposal in (within, beyond):
        Place.objects.create(proposal=proposal, country="KH")
    client.force_login(officer)

    countries, chart = client.get(url(round_)).context["portfolio"][0]

    (part,) = countries.parts
    assert (part.label, part.chosen, part.of, part.amount) == ("Cambodia", 1, 2, 80)
    assert "Countries: Cambodia: USD 80 (1)" in chart


def test_a_budget_that_is_no_number_is_said_so(client, round_, officer):
    judged(round_, 90)
    client.force_login(officer)

    response = client.get(url(round_), {"budget": "much"})

    assert response.context["line"] is None
    assert response.context["budget_form"].errors["budget"]


# -- Who sees what --------------------------------------------------------------------------------


def test_what_a_conflict_closes_is_left_out_and_the_others_keep_their_places(client, round_, officer):
    closed = judged(round_, 90, title="Closed to her", amount=10, currency="USD")
    judged(round_, 80, title="Open to her", amount=10, currency="USD")
    open_to(closed, officer, "closed")
    client.force_login(officer)

    response = client.get(url(round_))

    assert [(row.title, row.place) for row in response.context["listing"].rows] == [("Open to her", 2)]
    page = response.content.decode()
    assert "1 proposal is not shown to you, because of a conflict of interest." in page
    assert "Closed to her" not in page
    assert response.context["line"].spent == 10
    assert [line["Proposal"] for line in exported(client, round_)] == ["Open to her"]
    assert [each.proposal.title for each in round_results(round_, officer).proposals] == ["Open to her"]


@pytest.mark.parametrize("name", ["round-ranking", "round-agreement"])
def test_nothing_opens_to_a_chair_who_still_owes_an_assessment(client, round_, name):
    judged(round_, 90, 70, title="Judged by others")
    chair = make_member(round_, "chair")
    asked(make_proposal(round_), chair, "assigned")
    client.force_login(chair)

    page = client.get(url(round_, name)).content.decode()

    assert "This opens when your own assessments are in" in page
    assert "Judged by others" not in page
    assert "80.0" not in page


def test_offsets_are_for_officers_and_auditors_only(client, round_, officer):
    judged(round_, 90, 70)
    client.force_login(officer)
    assert client.get(url(round_)).context["offsets"] is not None

    client.force_login(make_member(round_, "chair"))
    response = client.get(url(round_))

    assert response.context["offsets"] is None
    assert "Harsh and lenient" not in response.content.decode()


def test_parts_that_share_no_reviewer_have_no_adjusted_scores_and_no_table_together(client, round_, officer):
    judged(round_, 90, 70)
    judged(round_, 60, 50)
    client.force_login(officer)

    response = client.get(url(round_))

    assert "share no proposal" in response.content.decode()
    assert "adjusted" not in [column.key for column in response.context["listing"].columns]
    assert len(response.context["offsets"]) == 2


def test_an_observer_sees_the_ranking_and_takes_nothing_away(client, round_):
    judged(round_, 90)
    client.force_login(make_member(round_, "observer"))

    assert client.get(url(round_)).status_code == 200
    assert client.get(url(round_), {"export": "csv"}).status_code == 403
    assert client.get(url(round_, "round-agreement"), {"export": "csv"}).status_code == 403


def test_without_an_instrument_that_ranks_the_set_up_is_the_next_step(client, round_, officer):
    round_.instruments.update(ranks=False)
    client.force_login(officer)

    page = client.get(url(round_)).content.decode()

    assert "No instrument puts the proposals in order" in page
    assert reverse("checklist:round-instruments", args=[round_.reference]) in page


# -- Agreement ------------------------------------------------------------------------------------


def test_agreement_is_shown_and_exported_with_its_n_and_reason(client, round_, officer):
    judged(round_, 90, 70)
    judged(round_, 60, 50)
    client.force_login(officer)

    (table,) = client.get(url(round_, "round-agreement")).context["tables"]
    lines = exported(client, round_, "round-agreement")

    assert table.counts == "4 assessments, 2 proposals, 4 reviewers"
    first = table.lines[0]
    assert (first.percent.text, first.alpha.text, first.alpha.n) == ("100 %", "", 2)
    assert "All ratings are the same" in dict(table.notes.lines)[first.alpha.note]
    one_way = next(line for line in lines if line["Statistic"] == "ICC(1,1)")
    assert (one_way["Proposals (n)"], one_way["Reviewers (k)"]) == ("2", "2")
    assert AuditEvent.objects.filter(event="list_exported").count() == 1


def test_practice_counts_in_no_agreement(round_, officer):
    judged(round_, 90, 70)
    judged(round_, 60, 50, is_practice=True)

    (_kind, rated), *_others = agreement_reads.ratings_of(round_, officer).by_version.values()

    assert len(rated) == 2


def test_much_is_worked_out_by_the_worker_and_kept_until_something_changes(client, round_, officer, monkeypatch):
    monkeypatch.setattr(agreement_reads, "AT_ONCE", 0)
    judged(round_, 90, 70)
    client.force_login(officer)

    waiting = client.get(url(round_, "round-agreement"))
    job = Job.objects.get(kind="checklist.work_out_agreement")
    run_job.func(job.pk)
    ready = client.get(url(round_, "round-agreement"))

    assert "are being worked out" in waiting.content.decode()
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert ready.context["tables"]
    judged(round_, 10, 20)
    assert "tables" not in client.get(url(round_, "round-agreement")).context
