"""One assessment with all nine instruments, from its beginning to the PDF."""

import pytest
from django.urls import reverse
from django.utils import timezone

from checklist.actions.assessments import (
    CannotStartAssessment,
    CannotSubmitAssessment,
    NotAnAnswer,
    Pointer,
    start_assessment,
)
from checklist.actions.responses import GivenResponse, save_responses
from checklist.actions.rounds import pin_instruments
from checklist.exports import LONG, WIDE, score_table
from checklist.forms.rounds import InstrumentsForm
from checklist.models import Assignment, InstrumentVersion
from checklist.reporting.scorecard import scorecard_document
from checklist.reports import build_scorecard
from checklist.scoring import NEI, ItemAnswer, SubAnswer
from checklist.selectors.drafts import load_draft
from checklist.selectors.instruments import versions_for
from checklist.selectors.results import load_content
from checklist.views.assessment_form import FormView
from proposals.models import ProposalTag
from tests.factories import make_officer, make_proposal, make_reviewer, make_round

from . import written
from .pdf_structure import pages_of

pytestmark = pytest.mark.django_db

SEEN = {"RF-05": "seen", "RF-08": "seen", "RF-13": "seen", "RF-04": "seen", "RF-01": NEI}
SHARES = {"prevention": "60", "protection": "50"}


@pytest.fixture
def round_(instruments):
    """A round that judges by everything that ships."""
    found = make_round("ALL")
    pin_instruments(round_=found, versions=list(InstrumentVersion.objects.usable().order_by("pk")), by=None)
    return found


@pytest.fixture
def assessment(round_):
    return written.begin(make_proposal(round_, "Stay at home"), make_reviewer(round_), make_officer(round_))


def answers():
    """Something of everything: stop, explain and note flags, harm, a share too many, all sorts of met."""
    codes = {str(number): "yes" for number in range(1, 12)} | {"3": "no", "7": "linked"}
    codes |= {f"P{number}": "3" for number in range(1, 7)}
    codes |= {f"O{number}": "met" for number in range(1, 11)} | {"O1": "partly", "O2": "not_met", "O9": "na"}
    codes |= {f"I{number}": "met" for number in range(1, 6)}
    codes |= {"Ca": "main", "Cb": "also", "Cc": "not_addressed", "Cd": NEI, "Ce": "also"}
    codes |= {f"T{number}": str(number - 1) for number in range(1, 5)} | {"T5": "3"}
    codes |= {"prevention": "main", "protection": "main", "prosecution": "none", "partnership": "secondary"}
    codes |= dict.fromkeys(("J1", "J1a", "J1b", "J2a", "J2b", "J2c", "J3a", "J3b", "J4"), "met")
    codes |= {f"RF-{number:02}": "not_seen" for number in range(1, 26)} | SEEN
    subs = {"8": {"c": SubAnswer("adequate", "Tested in March.")}, "Ca": {"a": SubAnswer("partly")}}
    subs |= {key: {"a": SubAnswer(share)} for key, share in SHARES.items()}
    return {key: ItemAnswer(code, f"Why {key}.", subs.get(key, {})) for key, code in codes.items()}


def fill(assessment):
    quote = {"RF-13": [Pointer(None, "12", "Workers are interviewed on the factory floor.")]}
    written.answer(assessment, answers(), quote)


def page(client, name, *args):
    return client.get(reverse(f"checklist:{name}", args=args)).content.decode()


def test_everything_stands_in_one_order(assessment):
    found = [each.sheet.slug for each in load_content(assessment).instruments]

    assert found == [each.sheet.slug for each in load_draft(assessment).content.instruments]
    assert found == [
        "siren-donor-checklist",
        "six-guiding-principles",
        "icmpd-five-principles",
        "ijshs-recommendations",
        "osce-ten-principles",
        "tip-2016-prevention",
        "siren-red-flags",
        "commonwealth-proposals",
        "four-p-coverage",
    ]


def test_the_form_asks_each_kind_in_its_own_way(client, assessment, django_assert_num_queries):
    fill(assessment)
    client.force_login(assessment.reviewer)

    shown = page(client, "assessment-edit", assessment.pk)

    for words in (
        "Not seen",
        "Unclear",
        "Harm to people",
        "Main theme",
        "Secondary",
        "Partly met",
        "Plan and evidence",
    ):
        assert words in shown
    assert 'inputmode="decimal"' in shown
    assert 'value="60"' in shown
    # Tensions and shares that cannot be right, beside the criteria that brought them up.
    assert "Targeted or comprehensive?" in shown
    assert "The shares of the budget come to 110 %, more than the whole." in shown
    assert "&lt;" not in shown
    with django_assert_num_queries(1):
        draft = load_draft(assessment)
    view = next(each for each in FormView(draft).views.values() if each.place.criterion.key == "RF-08")
    assert {each.place.criterion.key for each in FormView(draft).bearing_views(view)} == {"RF-08", "O6", "I4"}


def test_the_result_has_harm_above_everything_and_no_total(client, assessment):
    fill(assessment)
    written.submit(assessment)
    client.force_login(assessment.reviewer)

    shown = page(client, "assessment-result", assessment.pk)

    assert shown.index("Harm to people") < shown.index("What was found")
    assert "It stands above every score." in shown
    assert "4 flags seen; about harm to people: 1; unclear: 1; looked for: 25" in shown
    assert "Addresses 3 of 5" in shown
    assert "known of the budget: 110 %" in shown
    assert "Targeted or comprehensive?" in shown
    assert "OSCE ten 6" in shown
    card = build_scorecard(written.assessments_for_reports().get(pk=assessment.pk))
    assert [item.key for _part, item in card.harm] == ["RF-13"]
    assert [part.slug for part in card.parts if part.share is not None] == ["siren-donor-checklist"]
    assert {"RF-05", "RF-13"} <= {item.key for item in card.stops}
    questions = [question.label.split()[0] for question in card.questions]
    assert questions == ["RF-01", "RF-08", "d"]


def test_a_stop_flag_blocks_a_recommendation_without_a_written_clearance(assessment):
    fill(assessment)

    with pytest.raises(CannotSubmitAssessment, match="A critical item speaks against"):
        written.submit(assessment, conclusion="recommend")

    assert written.submit(assessment, conclusion="recommend", override="Cleared by the board on 3 March.").is_submitted


def test_lists_and_pages_of_the_proposal_show_the_flags(client, assessment, round_):
    fill(assessment)
    written.submit(assessment)
    client.force_login(make_officer(round_, name="Olga Officer"))

    shown = page(client, "proposal-assessments", assessment.proposal_id)
    listed = page(client, "proposal-list", round_.reference)

    assert shown.index("It stands above every score.") < shown.index("OSCE ten") < shown.index("Red flags")
    assert "RF-13. Danger for those who speak up" in shown
    assert "1 harm flag" in listed


def test_the_exports_name_every_kind_of_answer(assessment, round_):
    fill(assessment)
    written.submit(assessment)
    officer = make_officer(round_, name="Olga Officer")

    table = score_table(officer, round_, WIDE, "en")
    wide = dict(zip([column.label for column in table.columns], next(table.rows), strict=True))
    table = score_table(officer, round_, LONG, "en")
    columns, rows = [column.label for column in table.columns], table.rows
    long = {row[columns.index("Number")]: dict(zip(columns, row, strict=True)) for row in rows}

    assert (wide["Red flags 1: seen"], wide["Red flags 1: seen, about harm"], wide["Red flags 1: items that stop"]) == (
        4, 1, 2,
    )  # fmt: skip
    assert wide["4P 1 1a: answer"] == 60.0
    assert wide["OSCE ten 1 2: finding"] == "Not met"
    assert wide["TIP 2016 prevention 1 4: finding"] == "3 – Plan and evidence"
    assert (long["RF-01"]["Finding"], long["RF-02"]["Finding"], long["RF-13"]["Finding"]) == (
        "Unclear", "Not seen", "Seen",
    )  # fmt: skip
    assert "Workers are interviewed" in long["RF-13"]["Evidence"]
    assert long["RF-13"]["Share %"] is None


def test_the_pdf_has_harm_on_its_first_page(assessment):
    fill(assessment)
    card = build_scorecard(written.submit(assessment))

    made = scorecard_document(card).make_here()

    pages = pages_of(made.data)
    assert "Harm to people" in pages[0]
    assert pages[0].index("Danger for those who speak up") < pages[0].index("What was asked for")
    text = " ".join(pages)
    for title in (part.title for part in card.parts):
        assert title in text
    assert "60 % of the budget" in text


# -- what is typed ---------------------------------------------------------------------------------------


def share_of(assessment, typed):
    place = next(each for each in load_draft(assessment).places() if each.criterion.key == "prevention")
    given = GivenResponse(place.criterion.pk, place.stored.revision, "main", "Here.", {"a": SubAnswer(typed)})
    return save_responses(assessment=assessment, given=[given], by=assessment.reviewer)


def test_a_share_is_stored_as_a_number_and_refused_when_it_is_none(assessment):
    with pytest.raises(NotAnAnswer, match="1a: write a number from 0 to 100, or leave it out"):
        share_of(assessment, "a third")

    share_of(assessment, "12,50 %")

    stored = load_draft(assessment).place(
        InstrumentVersion.objects.get(instrument__slug="four-p-coverage").criteria.get(key="prevention").pk
    )
    assert stored.stored.answer.subs == {"a": SubAnswer("12.5")}


# -- for prevention only -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("serves", "is_there"),
    [([], True), (["prevention"], True), (["prevention", "protection"], True), (["protection"], False)],
)
def test_what_is_for_prevention_is_left_out_where_the_proposal_is_known_to_serve_other_ps(round_, serves, is_there):
    proposal = make_proposal(round_)
    for code in serves:
        ProposalTag.objects.create(proposal=proposal, vocabulary="four_p", code=code)
    prevention = InstrumentVersion.objects.get(applies_to="prevention")

    begun = written.begin(proposal, make_reviewer(round_), make_officer(round_))

    assert (prevention.pk in versions_for(proposal)) == is_there
    assert begun.versions.filter(pk=prevention.pk).exists() == is_there
    assert begun.versions.count() == 8 + is_there


def test_it_does_not_begin_where_nothing_is_for_the_proposal(round_):
    prevention = InstrumentVersion.objects.get(applies_to="prevention")
    pin_instruments(round_=round_, versions=[prevention], by=None)
    proposal = make_proposal(round_)
    ProposalTag.objects.create(proposal=proposal, vocabulary="four_p", code="prosecution")
    reviewer = make_reviewer(round_)
    assignment = Assignment.objects.create(
        proposal=proposal, reviewer=reviewer, state="declared", declared_at=timezone.now()
    )

    with pytest.raises(CannotStartAssessment, match="no instrument for this proposal"):
        start_assessment(assignment=assignment, by=reviewer)


# -- choosing ------------------------------------------------------------------------------------------------


def test_a_round_is_offered_all_of_them_the_default_ones_first(instruments):
    form = InstrumentsForm(None, round_=make_round())

    fields = [field for name, field in form.fields.items() if name.startswith("instrument_")]
    assert [field.label for field in fields][:2] == [version.title for version in instruments]
    assert len(fields) == 9
    helps = {field.label: field.help_text for field in fields}
    assert helps["SIREN red-flag screen"].startswith("List of flags. 25 questions. “As professionals")
    assert "Prevention proposals only" in helps["TIP Report 2016: five elements of effective prevention"]
