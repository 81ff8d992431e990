"""The assessment report of a proposal: who may have it, what stands in it, and that letters tell nothing of who."""

import re
from dataclasses import replace

import pytest

from checklist import charts
from checklist.actions.assessments import GivenResponse, save_responses, submit_assessment
from checklist.actions.decisions import apply_decisions, record_decision
from checklist.actions.recommendations import override_stop, record_recommendation
from checklist.enums import ReportKind
from checklist.models import Assignment, ConsensusChange, SuspectedConflict
from checklist.reporting.calling import Calling
from checklist.reporting.making import Options, document_of, maker_of
from checklist.reporting.proposal_values import BESIDE
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from proposals.enums import AccessLevel
from tests.factories import (
    answer_all,
    make_assessment,
    make_auditor,
    make_member,
    make_organisation,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
    open_to,
)

from .deciding import judge, make_item_critical
from .pdf_structure import ink_in_margins, problems_of, text_of

pytestmark = pytest.mark.django_db


def test_names_are_taken_out_where_no_space_stands_around_them_and_however_spaces_are_typed():
    calling = Calling({}, is_hidden=True, words={"มะลิใจดี": "Reviewer A", "Ana Lee": "Reviewer B"})

    assert calling.text("ผมเห็นด้วยกับมะลิใจดีและ Ana\nLee, not Ana Leet") == (
        "ผมเห็นด้วยกับReviewer Aและ Reviewer B, not Ana Leet"
    )


MAKER = maker_of(ReportKind.PROPOSAL)


def report_on(proposal, user, **options):
    return MAKER.build(MAKER.load(proposal.pk), Options(options.pop("language", "en"), **options), user)


def html_of(proposal, user, **options):
    chosen = Options(options.pop("language", "en"), **options)
    subject = MAKER.load(proposal.pk)
    return document_of(MAKER, subject, chosen, MAKER.build(subject, chosen, user))


@pytest.fixture
def round_(instruments):
    round_ = make_round("ROUND", currency="USD", phase="decision")
    round_.criterion = make_item_critical(round_)
    return round_


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair", name="Clarissa Chairwoman", email="clarissa@panel.example")


@pytest.fixture
def decided(round_, officer, chair):
    """Two assessments, one with a stop that the chair overrides; a conflict; advice and an applied decision."""
    proposal = make_proposal(round_, amount=1000, currency="USD")
    people = [
        make_reviewer(round_, name=name, email=f"{name.split()[0]}@home.example", organisation_name=f"House {number}")
        for number, name in enumerate(("Zenobia Quartz", "Yolanda Bartók"), start=1)
    ]
    judge(proposal, reviewer=people[0])
    judge(proposal, reviewer=people[1], first="no")
    third = make_reviewer(round_, name="Xanthe Umber")
    Assignment.objects.create(
        proposal=proposal, reviewer=third, state="conflicted", declaration="My sister Wilma works there.",
        declared_at=proposal.created_at,
    )  # fmt: skip
    SuspectedConflict.objects.create(
        proposal=proposal, reviewer=people[0], kind="same_organisation", detail="House 1 and Blue Boat"
    )
    override_stop(
        proposal=proposal, criterion=round_.criterion, reason="Zenobia is right, Yolanda Bartók is not.", by=chair
    )
    record_recommendation(proposal=proposal, outcome="fund", reasons="As Quartz said.", by=chair)
    record_decision(proposal=proposal, outcome="fund", reasons="Clarissa agrees.", amount=900, by=officer)
    apply_decisions(round_=round_, by=officer)
    return proposal


def test_everything_on_record_stands_in_it(decided, officer):
    report = report_on(decided, officer)

    assert [view.name for view in report.views] == ["Zenobia Quartz", "Yolanda Bartók"]
    assert [side.names for side in report.sides] == [("Zenobia Quartz", "Yolanda Bartók")] * 2
    first = report.sides[0].rows[0]
    assert ([answer.line.mark for answer in first.answers], first.is_split) == (["favourable", "adverse"], True)
    assert report.sides[0].rows[1].split_words == "the same"
    (stop,) = report.stops
    assert (stop.said_by, stop.override_by, stop.is_open) == (("Yolanda Bartók",), "Clarissa Chairwoman", False)
    assert (report.recommendation.outcome, report.recommendation.by) == ("Fund", "Clarissa Chairwoman")
    assert (report.decision.outcome, report.decision.amount) == ("Fund", "USD 900")
    assert (report.decision.state, report.decision.has_changed) == ("Applied", False)
    assert report.decision.basis.recommendation.startswith("Fund (Clarissa Chairwoman")
    conflicted = report.people[2]
    assert (conflicted.name, conflicted.state) == ("Xanthe Umber", "Conflict of interest")
    assert conflicted.declaration == "My sister Wilma works there."
    assert "House 1 and Blue Boat" in report.people[0].notes[0]
    checklist = next(each for each in report.summaries if each.kind == "share")
    assert (checklist.reviewers, checklist.agreement_n, checklist.agreement_k) == (2, 11, 2)
    assert not report_on(decided, officer, language="fr").decision.has_changed


def test_letters_leave_nothing_that_tells_who(decided, officer, chair):
    consensus = decided.assessments.create(kind="consensus", reviewer=chair)
    consensus.versions.set(decided.assessments.first().versions.all())
    ConsensusChange.objects.create(
        assessment=consensus, criterion=decided.round.criterion, before={}, after={"answer": "yes"},
        individual={str(decided.assessments.first().pk): "yes"}, reason="Bartók was persuaded.", by=chair,
    )  # fmt: skip

    document = html_of(decided, officer, names="letters")
    file = document.html + document.attachments[0].text

    secrets = "Zenobia Quartz Yolanda Bartók Xanthe Umber Clarissa Chairwoman Olga Officer Wilma House".split()
    assert [word for word in (*secrets, "home.example", "panel.example") if word in file] == []
    assert "Reviewer A" in file
    assert "Reviewer B was persuaded." in file
    assert "As Reviewer A said." in file
    assert "Blue Boat" in file  # the applicant is no secret
    named = html_of(decided, officer)
    assert all(word in named.html for word in ("Zenobia Quartz", "Clarissa Chairwoman"))


def test_nothing_on_record_is_said(round_, officer):
    proposal = make_proposal(round_, applicant=None, title="T" * 300)

    report, document = report_on(proposal, officer), html_of(proposal, officer)

    assert (report.views, report.sides, report.people, report.documents) == ((), (), (), ())
    assert "No assessment was handed in" in document.html
    assert "Nobody was asked to assess this proposal." in document.html
    assert "No document is on record." in document.html


def test_who_may_have_it(decided, officer, chair, round_):
    owing = make_member(round_, "chair", name="Otto Owing")
    Assignment.objects.create(proposal=decided, reviewer=owing)
    shut_out = make_member(round_, "programme_officer", name="Sue Shut")
    open_to(decided, shut_out, AccessLevel.CLOSED)
    reviewer, observer = decided.assignments.first().reviewer, make_member(round_, "observer")

    readers = [officer, chair, make_auditor()]
    others = [owing, shut_out, reviewer, observer, make_user("Sam Stranger")]

    assert [MAKER.may_read(person, decided) for person in readers] == [True] * 3
    assert [MAKER.may_read(person, decided) for person in others] == [False] * 5
    decided.is_practice = True
    assert not MAKER.may_read(officer, decided)


def test_the_place_waits_for_an_assessment_owed_elsewhere_in_the_round(decided, chair, round_):
    Assignment.objects.create(proposal=make_proposal(round_), reviewer=chair)

    standing = report_on(decided, chair).standing

    assert (standing.place, standing.adjusted) == (None, "")
    assert standing.why_not.startswith("The ranking opens once")


def test_the_same_state_is_the_same_document_and_a_new_word_another(decided, officer):
    first, again = html_of(decided, officer), html_of(decided, officer)
    lettered, french = html_of(decided, officer, names="letters"), html_of(decided, officer, language="fr")

    assert first.content_key == again.content_key
    assert len({first.content_key, lettered.content_key, french.content_key}) == 3
    decided.title = "Another title"
    decided.save()
    assert html_of(decided, officer).content_key != first.content_key


@pytest.mark.parametrize(("reviewers", "pieces"), [(0, 1), (5, 1), (6, 2), (40, 8)])
def test_many_reviewers_stand_in_tables_that_fit(decided, officer, reviewers, pieces):
    side = report_on(decided, officer).sides[0]
    answer = side.rows[0].answers[0]
    names = tuple(f"Reviewer {number}" for number in range(reviewers))
    answers = tuple(replace(answer, name=name) for name in names)
    many = replace(side, names=names, rows=tuple(replace(row, answers=answers) for row in side.rows))

    assert len(many.pieces) == pieces
    assert tuple(name for piece in many.pieces for name in piece.names) == names
    for index in range(len(many.rows)):
        shown = [given.name for piece in many.pieces for given in piece.rows[index][1]]
        assert shown == list(names)
    assert all(len(piece.names) <= BESIDE for piece in many.pieces)


def test_sixty_levels_are_drawn_in_parts_that_fit_on_a_page(decided, officer):
    profile = next(each for each in report_on(decided, officer).summaries if each.levels)
    many = replace(profile, levels=tuple(replace(profile.levels[0], number=str(number)) for number in range(60)))

    heights = [
        int(re.search(r'height="(\d+)', charts.levels_over_reviewers(many.title, lines))[1])
        for lines in many.level_groups
    ]

    assert [line.number for lines in many.level_groups for line in lines] == [line.number for line in many.levels]
    assert max(heights) < 600  # 146 mm at the width of a chart


def test_long_words_and_every_script_stay_on_the_page(round_, officer):
    texts = ("การค้ามนุษย์บนเรือประมง" * 30, "ការជួញដូរមនុស្ស" * 30, "渔船上的人口贩运需要证据。" * 30, "الاتجار بالبشر " * 30)
    applicant = make_organisation("منظمة القوارب الزرقاء للبحارة")
    proposal = make_proposal(round_, title="渔船" * 20 + "x" * 200, summary=" ".join(texts), applicant=applicant)
    assessment = make_assessment(proposal=proposal)
    answer_all(assessment)
    words = " ".join(f"word{number}" for number in range(5000))
    place = next(each for each in load_draft(assessment).places() if each.criterion.key == "2")
    given = GivenResponse(place.criterion.pk, place.stored.revision, "partly", words)
    save_responses(assessment=assessment, given=[given], by=assessment.reviewer)
    submit_assessment(assessment=assessment_with_round(assessment.pk), by=assessment.reviewer)

    made = html_of(proposal, officer, paper="letter").make_here().data
    printed = text_of(made)

    assert ink_in_margins(made) == []
    assert problems_of(made, language="en") == []
    assert all(word in printed for word in ("word0 ", "word2500 ", "word4999", "渔船上的人口贩运"))
