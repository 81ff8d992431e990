"""The data of a scorecard, and that page, PDF, embedded data and stored scores say the same."""

import json
import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from checklist.actions.assessments import Pointer
from checklist.models import RoundCriticalRule, SubmittedScore
from checklist.reporting.scorecard import scorecard_document
from checklist.reports import build_scorecard
from checklist.scoring import ItemAnswer, SubAnswer
from checklist.selectors.scorecards import assessments_for_reports
from proposals.models import Participation, Place
from tests.factories import make_organisation, make_proposal, make_reviewer, make_round, pin_shipped_instruments

from .pdf_structure import text_of
from .written import answer, begin, make_document, random_answers, submit

ATTACK = (
    "<script>alert(1)</script><img src=file:///etc/passwd><link rel=attachment href=file:///etc/passwd>"
    "{{ 7|add:7 }} &amp; \"' <style>@import 'http://example.org'</style>"
)


@pytest.fixture
def round_(instruments):
    round_ = make_round("GM-1", title="Mekong round", donor_name="Lantern Foundation")
    pin_shipped_instruments(round_)
    return round_


def full_answers(round_, **changes):
    """A good answer to everything, with `changes` by key."""
    answers = {key: ItemAnswer("yes", "Shown.") for key in map(str, range(1, 12))}
    answers["3"] = ItemAnswer("no", "Searched the register of the province.")
    answers["7"] = ItemAnswer("linked", "To the inspectorate.")
    answers["8"] = ItemAnswer("yes", "Tested.", {"c": SubAnswer("adequate", "With twelve women in March.")})
    answers |= {f"P{number}": ItemAnswer("3", "Sound.") for number in range(1, 7)}
    return answers | changes


def written(round_, *, answers=None, evidence=(), conclusion="recommend_with_changes", **proposal):
    proposal = make_proposal(round_, **proposal)
    assessment = begin(proposal, make_reviewer(round_, organisation_name="Independent"))
    answer(assessment, answers or full_answers(round_), evidence)
    return submit(assessment, conclusion)


def attached(data):
    with pikepdf.open(BytesIO(data)) as made:
        (name,) = made.attachments
        return json.loads(made.attachments[name].get_file().read_bytes())


# -- Hand-worked ----------------------------------------------------------------------------------


def test_share_range_and_counts_of_a_worked_example(round_):
    nei = ItemAnswer("nei", "Is there a budget for year two?")
    answers = full_answers(
        round_, **{"1": ItemAnswer("partly", "Half."), "5": nei, "9": nei, "10": ItemAnswer("no", "No standard named.")}
    )

    card = build_scorecard(written(round_, answers=answers))
    part = card.parts[0]

    # 7 favourable, 1 partly, 1 adverse of 9 judged: 7.5 / 9; missing ones: 7.5 / 11 and 9.5 / 11.
    assert (part.share, part.low, part.high) == (Decimal("83.333"), Decimal("68.182"), Decimal("86.364"))
    assert part.sentence == "83 % favourable, judged on 9 of 11"
    assert part.range_sentence == (
        "2 items could not be judged. Were all of them adverse, the share would be 68 %; were all favourable, 86 %."
    )
    assert [(state, count) for state, _word, count in part.counts] == [
        ("favourable", 7),
        ("partly", 1),
        ("adverse", 1),
        ("nei", 2),
    ]
    assert part.formula[-1] == "Here: (7 × 1 + 1 × ½ + 1 × 0) ÷ 9 = 83.3 %"
    assert [question.text for question in card.questions] == ["Is there a budget for year two?"] * 2


def test_the_reversed_item_keeps_its_answer_and_turns_its_mark(round_):
    yes = ItemAnswer("yes", "Two others work there.")

    item = build_scorecard(written(round_, answers=full_answers(round_, **{"3": yes}))).parts[0].items[2]

    assert (item.answer, item.mark, item.finding) == ("Yes – another actor is already there", "adverse", "Adverse")
    assert item.critical == "explain"


def test_principles_are_a_profile_without_sum(round_):
    card = build_scorecard(written(round_, answers=full_answers(round_, P3=ItemAnswer("1", "Only claimed."))))
    profile = card.profiles[0]

    assert [item.level for item in profile.items] == [3, 3, 1, 3, 3, 3]
    assert profile.items[2].finding == "1 – Claimed"
    assert profile.items[2].descriptor.startswith('"Experienced team" asserted')
    assert (profile.share, profile.low, profile.high) == (None, None, None)


def test_critical_items_follow_the_rules_of_the_round(round_):
    no = full_answers(round_, **{"1": ItemAnswer("no", "None."), "9": ItemAnswer("no", "None.")})
    card = build_scorecard(written(round_, answers=no))
    assert [(item.key, item.critical) for item in card.critical_items] == [("1", "block")]
    assert card.critical_source == "Critical items set by Lantern Foundation for this round."

    criterion = round_.instruments.first().version.criteria.get(key="9")
    RoundCriticalRule.objects.create(round=round_, criterion=criterion, rule="explain")

    card = build_scorecard(written(round_, answers=no))
    assert [(item.key, item.critical) for item in card.critical_items] == [("1", "block"), ("9", "explain")]


def test_an_evaluation_that_found_no_effect_is_a_red_flag(round_):
    card = build_scorecard(
        written(round_, answers=full_answers(round_, **{"2": ItemAnswer("not_effective", "Report.")}))
    )

    assert card.flags == ("2. Evaluated – found not effective",)


def test_seeming_disagreement_is_noticed(round_):
    card = build_scorecard(written(round_, answers=full_answers(round_, P4=ItemAnswer("0", "Nothing before the end."))))

    assert card.notices == (
        "The checklist items that bear on Urgency and pace (9) are favourable, but it has level 0. Is that meant?",
    )


def test_an_item_left_to_its_sub_questions_says_so(round_):
    derived = ItemAnswer(None, "See below.", {"a": SubAnswer("yes", "p. 3"), "b": SubAnswer("partly", "in part")})
    worse = ItemAnswer("no", "Far too short.", {"a": SubAnswer("partly", ""), "b": SubAnswer("partly", "")})

    items = build_scorecard(written(round_, answers=full_answers(round_, **{"1": derived, "5": worse}))).parts[0].items

    assert (items[0].is_derived, items[0].finding, items[0].answer) == (True, "Partly", "Partly")
    assert [(sub.label, sub.answer, sub.text) for sub in items[0].subs] == [
        ("1a", "Yes", "p. 3"),
        ("1b", "Partly", "in part"),
    ]
    assert (items[4].finding, items[4].derived) == ("Adverse", "Partly")


def test_facts_evidence_and_declaration_are_there(round_):
    proposal = make_proposal(
        round_, amount=Decimal("482000"), currency="USD", starts_on=date(2027, 3, 1), ends_on=date(2029, 2, 28)
    )
    Participation.objects.create(proposal=proposal, organisation=make_organisation("Legal Aid"), role="partner")
    Place.objects.create(proposal=proposal, country="TH", area="Ranong")
    document = make_document(proposal)
    assessment = begin(proposal, make_reviewer(round_))
    answer(assessment, full_answers(round_), {"1": [Pointer(document.pk, "6-8", "612 interviews")]})

    card = build_scorecard(submit(assessment))
    facts = dict(card.facts)

    assert (facts["Asked for"], facts["Where"], facts["Partners"]) == ("USD 482,000", "Thailand (Ranong)", "Legal Aid")
    assert facts["Period"] == "1 March 2027 to 28 February 2029"
    (evidence,) = card.parts[0].items[0].evidence
    assert (evidence.document, evidence.page, evidence.quote) == ("Narrative.pdf", "6-8", "612 interviews")
    assert card.declaration == "I know nobody in the organisation."


def test_a_draft_can_be_built_and_says_that_it_is_one(round_):
    assessment = begin(make_proposal(round_), make_reviewer(round_))
    answer(assessment, {"1": ItemAnswer("yes", "Shown.")})

    card = build_scorecard(assessments_for_reports().get(pk=assessment.pk))

    assert card.is_draft
    assert card.parts[0].sentence == "100 % favourable, judged on 1 of 11"
    assert card.parts[0].items[1].finding == "Not answered yet"


def test_nothing_judged_has_no_share(round_):
    nei = {str(number): ItemAnswer("nei", "Missing.") for number in range(1, 12)}

    part = build_scorecard(written(round_, answers=full_answers(round_, **nei))).parts[0]

    assert (part.share, part.sentence) == (None, "Nothing could be judged: 0 of 11")
    assert (part.low, part.high) == (0, 100)


def test_building_takes_the_same_queries_with_everything_filled_in(round_, django_assert_num_queries):
    assessment = written(round_)
    build_scorecard(assessment)

    with django_assert_num_queries(8):
        build_scorecard(assessment)


# -- The same on page, PDF, data and in the stored scores --------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_page_pdf_data_and_stored_scores_agree_for_random_answers(round_, client, seed):
    assessment = written(round_, answers=random_answers(round_, seed), conclusion="do_not_recommend")
    card = build_scorecard(assessment)
    made = scorecard_document(card).make_here()
    client.force_login(assessment.reviewer)
    page = re.sub(r"\s+", " ", client.get(f"/assessments/{assessment.pk}/result/").content.decode())
    printed, data = text_of(made.data), attached(made.data)

    for part, stored in zip(
        card.parts, SubmittedScore.objects.filter(assessment=assessment).order_by("pk"), strict=True
    ):
        given = data["parts"][card.parts.index(part)]
        assert (stored.judged, stored.total) == (part.judged, part.total) == (given["judged"], given["total"])
        for name in ("share", "low", "high"):
            mine = getattr(part, name)
            assert getattr(stored, name) == mine
            assert given[name] == (None if mine is None else float(mine))
        assert part.sentence.split("%")[-1].strip() in page
        for item in part.items:
            assert item.finding in page
            assert item.finding in printed
            assert item.rationale in page
            assert item.rationale in printed
    for part in card.checklists:
        assert part.sentence in page
        assert part.sentence in printed
        assert part.range_sentence in page
        assert part.range_sentence in printed


# -- The PDF -----------------------------------------------------------------------------------------


def objects_of(data):
    with pikepdf.open(BytesIO(data)) as made:
        return [
            {str(key): str(value) for key, value in item.items() if key in ("/S", "/Alt", "/Type")}
            for item in made.objects
            if isinstance(item, pikepdf.Dictionary)
        ]


def test_the_pdf_is_tagged_with_alternatives_and_table_heads(round_):
    made = scorecard_document(build_scorecard(written(round_))).make_here()
    tags = objects_of(made.data)

    figures = [tag for tag in tags if tag.get("/S") == "/Figure"]
    assert len(figures) == 3
    assert all(figure.get("/Alt") for figure in figures)
    assert any("judged on 11 of 11" in figure["/Alt"] for figure in figures)
    kinds = {tag.get("/S") for tag in tags}
    assert {"/H1", "/H2", "/H3", "/TH", "/TD", "/Table"} <= kinds
    with pikepdf.open(BytesIO(made.data)) as opened:
        assert str(opened.Root.Lang) == "en"
        assert "Scorecard GM-1-" in str(opened.docinfo.Title)
        assert str(opened.docinfo.CreationDate).startswith("D:2")


def test_the_same_state_gives_the_same_bytes_and_another_language_others(round_):
    assessment = written(round_)

    first = scorecard_document(build_scorecard(assessment))
    again = scorecard_document(build_scorecard(assessments_for_reports().get(pk=assessment.pk)))
    french = scorecard_document(build_scorecard(assessment, language="fr"))

    assert first.content_key == again.content_key
    assert first.make_here().data == again.make_here().data
    assert french.content_key != first.content_key
    assert '<html lang="fr"' in french.html
    assert "English, the original" in build_scorecard(assessment, language="en").parts[0].language_sentence
    assert "Français" in french.html


def test_every_text_stays_text_whatever_stands_in_it(round_):
    round_.title = round_.donor_name = ATTACK[:190]
    round_.save()
    proposal = make_proposal(round_, title=ATTACK, summary=ATTACK, applicant=make_organisation(ATTACK))
    Place.objects.create(proposal=proposal, area=ATTACK[:200])
    document = make_document(proposal, ATTACK[:200])
    assessment = begin(proposal, make_reviewer(round_, name=ATTACK[:200], organisation_name=ATTACK))
    attacked = {
        key: ItemAnswer(each.answer, ATTACK, {sub: SubAnswer(s.answer, ATTACK) for sub, s in each.subs.items()})
        for key, each in full_answers(round_, **{"1": ItemAnswer("no", ATTACK), "5": ItemAnswer("nei", ATTACK)}).items()
    }
    answer(assessment, attacked, {"1": [Pointer(document.pk, ATTACK[:60], ATTACK)]})

    described = scorecard_document(build_scorecard(submit(assessment, reason=ATTACK, override=ATTACK)))
    made = described.make_here()

    assert "<script" not in described.html
    assert "<img src=file" not in described.html
    assert "<link rel=attachment" not in described.html
    printed = text_of(made.data).replace(" ", "")
    assert "<script>alert(1)</script>" in printed
    assert "{{7|add:7}}" in printed
    assert "root:" not in printed
    with pikepdf.open(BytesIO(made.data)) as opened:
        assert len(opened.attachments) == 1


def test_control_characters_do_not_break_the_metadata(round_):
    assessment = written(round_, title="Bad\x01 title\x0b here")

    made = scorecard_document(build_scorecard(assessment)).make_here()

    with pikepdf.open(BytesIO(made.data)) as opened, opened.open_metadata() as metadata:
        assert metadata["dc:title"].endswith("Bad title here")


def test_very_long_and_very_short_content_is_printed_whole(round_):
    long = " ".join(f"word{number}" for number in range(3_000))
    answers = full_answers(round_, **{"2": ItemAnswer("partly", long)})

    made = scorecard_document(
        build_scorecard(written(round_, answers=answers, title="T" * 300, applicant=None))
    ).make_here()
    printed = text_of(made.data)

    assert made.page_count > 5
    assert "word0 " in printed
    assert "word1500 " in printed
    assert "word2999" in printed


def test_a_short_overall_view_is_printed_once_and_a_long_one_in_full(round_):
    short, long = "Sound in most parts.", " ".join(f"view{number}" for number in range(60))
    assessments = [begin(make_proposal(round_), make_reviewer(round_)) for _ in range(2)]
    for assessment in assessments:
        answer(assessment, full_answers(round_))

    first, second = (
        scorecard_document(build_scorecard(submit(assessment, reason=reason))).html
        for assessment, reason in zip(assessments, (short, long), strict=True)
    )

    assert first.count(short) == 1
    assert "Overall view in full" not in first
    assert (second.count("view44"), second.count("view59")) == (2, 1)
    assert "Overall view in full" in second


def test_scripts_of_the_region_stay_in_their_column(round_):
    texts = {
        "1": "การค้ามนุษย์บนเรือประมงต้องมีหลักฐาน" * 20,
        "2": "ការជួញដូរមនុស្សនៅលើទូកនេសាទ" * 20,
        "4": "ငါးဖမ်းလှေများပေါ်တွင်လူကုန်ကူးမှု" * 20,
        "5": "渔船上的人口贩运需要证据。" * 20,
        "6": "الاتجار بالبشر على قوارب الصيد " * 20,
    }
    answers = {key: ItemAnswer("partly", text) for key, text in texts.items()}
    title = "".join(text[:50] for text in texts.values())

    made = scorecard_document(
        build_scorecard(written(round_, answers=full_answers(round_, **answers), title=title))
    ).make_here()

    pages = pypdfium2.PdfDocument(made.data)
    for page in pages:
        margin = page.render(scale=1, grayscale=True).to_pil().crop((549, 0, 595, 842))
        assert margin.getextrema() == (255, 255)
    pages.close()
