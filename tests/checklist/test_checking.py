"""The checker: every finding is produced once, and what is sound has none."""

from dataclasses import replace
from fractions import Fraction

import pytest

from checklist import checking
from checklist.answer_kinds import ANSWER_KINDS, AnswerKind, AnswerOption, Polarity, ResultKind
from checklist.checking import check, stands_in_the_way
from checklist.instrument_content import AnswerText, CriterionText, DomainText, InstrumentFile, SubText, TranslatedText
from checklist.specs import CriticalMode, CriticalRule, ItemSpec, SubSpec

from .instruments import read

LEVELS = tuple(AnswerText(str(level), "", f"What level {level} looks like.") for level in range(5))
BLOCK = CriticalRule(CriticalMode.BLOCK)


def criterion(key="1", wording="Is the budget realistic?", *, subs=(), sub_wordings=(), answers=(), **spec):
    """A sound yes/no criterion; `subs` as {key: kind}, `spec` as for an ItemSpec."""
    texts = dict(zip(dict(subs), sub_wordings, strict=False))
    item = ItemSpec(
        key=key,
        subs=tuple(SubSpec(sub, kind) for sub, kind in dict(subs).items()),
        **{"reason_rule": "always", **spec},
    )
    return CriterionText(
        key=key,
        number=key,
        domain="",
        title=f"Item {key}",
        wording=wording,
        guidance="",
        look_for=(),
        warning_signs=(),
        spec=item,
        subs=tuple(SubText(sub, kind, texts.get(sub, f"Is part {sub} shown?"), "") for sub, kind in dict(subs).items()),
        answers=tuple(answers),
    )


def instrument(*criteria, **fields):
    """A sound instrument with these criteria, one plain one when none is given."""
    values = {
        "slug": "small",
        "version": 1,
        "language": "en",
        "result_kind": ResultKind.SHARE,
        "is_default": False,
        "title": "Small",
        "short_title": "Small",
        "source": "Invented for a test",
        "introduction": "",
        "interpretation_note": "",
        "change_note": "",
        "domains": (),
        "criteria": criteria or (criterion(),),
        "translations": (),
    }
    return InstrumentFile(**{**values, **fields})


def levels(*answers, **changes):
    return instrument(criterion(kind="level_0_4", answers=answers, **changes), result_kind=ResultKind.PROFILE)


def found(content, *languages):
    return [(finding.severity.value, finding.code, finding.path) for finding in check(content, languages)]


PAIR = {"a": "sub_yes_no", "b": "sub_yes_no"}

# (content, severity, code, path), one row for each thing that can be found.
FINDINGS = (
    (instrument(title=" "), "wrong", "title_missing", "title"),
    (instrument(short_title=""), "wrong", "title_missing", "short_title"),
    (instrument(source="\n"), "wrong", "source_missing", "source"),
    (replace(instrument(), criteria=()), "wrong", "no_criteria", "criteria"),
    (
        instrument(replace(criterion(), domain="x"), domains=(DomainText("x", ""),)),
        "wrong", "domain_untitled", "domains/x/title",
    ),
    (instrument(domains=(DomainText("x", "Group"),)), "doubtful", "domain_empty", "domains/x"),
    (
        instrument(criterion(), replace(criterion("2", "Is it safe?"), number="1")),
        "wrong", "number_twice", "criteria/2/number",
    ),
    (
        instrument(criterion(), criterion("2", "Is the Budget  realistic?")),
        "wrong", "wording_twice", "criteria/2/wording",
    ),
    (instrument(criterion(wording=" ")), "wrong", "wording_missing", "criteria/1/wording"),
    (
        instrument(criterion(subs=PAIR, sub_wordings=("",), combining="minimum")),
        "wrong", "wording_missing", "criteria/1/sub/a/wording",
    ),
    (instrument(replace(criterion(), title="")), "wrong", "short_title_missing", "criteria/1/short_title"),
    (
        instrument(criterion(subs=PAIR, sub_wordings=("Is it so?", "Is it so?"), combining="minimum")),
        "wrong", "sub_wording_twice", "criteria/1/sub/b/wording",
    ),
    (
        instrument(criterion(wording=f"Is it {'very ' * 24}good?")),
        "doubtful", "sentence_long", "criteria/1/wording",
    ),
    (
        instrument(criterion(wording=f"{'It is very good indeed. ' * 13}Is it?")),
        "doubtful", "wording_long", "criteria/1/wording",
    ),
    (
        levels(*LEVELS[:4], AnswerText("4", "", "word " * 61)),
        "doubtful", "wording_long", "criteria/1/levels/4/descriptor",
    ),
    (instrument(criterion(wording="Is it good? Is it cheap?")), "doubtful", "two_questions", "criteria/1/wording"),
    (
        instrument(criterion(wording="Is it good and is it cheap?")),
        "doubtful", "double_barrelled", "criteria/1/wording",
    ),
    (instrument(criterion(wording="Is it good/cheap?")), "doubtful", "double_barrelled", "criteria/1/wording"),
    (instrument(criterion(kind="no_such_kind")), "wrong", "kind_unknown", "criteria/1/kind"),
    (instrument(criterion(kind="sub_yes_no")), "wrong", "kind_unknown", "criteria/1/kind"),
    (
        instrument(criterion(subs={"a": "yes_no", "b": "sub_yes_no"}, combining="minimum")),
        "wrong", "kind_unknown", "criteria/1/sub/a/kind",
    ),
    (instrument(criterion(kind="level_0_4", answers=LEVELS)), "wrong", "kind_against_result", "criteria/1/kind"),
    (instrument(criterion(polarity="")), "wrong", "polarity_missing", "criteria/1/polarity"),
    (
        instrument(criterion(kind="linked", polarity=Polarity.YES_IS_BAD)),
        "wrong", "polarity_impossible", "criteria/1/polarity",
    ),
    (
        instrument(criterion(answers=(AnswerText("yes", "", ""), AnswerText("yes", "", "")))),
        "wrong", "level_twice", "criteria/1/levels/yes/label",
    ),
    (
        instrument(criterion(answers=(AnswerText("partly", "Yes", ""),))),
        "wrong", "levels_of_one_name", "criteria/1/levels/partly/label",
    ),
    (levels(*LEVELS[:4]), "wrong", "descriptor_missing", "criteria/1/levels/4/descriptor"),
    (
        instrument(criterion(answers=(AnswerText("yes", "", "It is shown."),))),
        "doubtful", "descriptor_missing", "criteria/1/levels/partly/descriptor",
    ),
    (levels(), "doubtful", "descriptors_missing", "criteria/1/levels/0/descriptor"),
    (instrument(criterion(combining="minimum")), "wrong", "combining_without_subs", "criteria/1/combining"),
    (instrument(criterion(subs=PAIR)), "wrong", "combining_missing", "criteria/1/combining"),
    (instrument(criterion(subs=PAIR, combining="magic")), "wrong", "combining_missing", "criteria/1/combining"),
    (
        instrument(criterion(subs=PAIR, combining="assessed_how")),
        "wrong", "combining_asks_for_more", "criteria/1/combining",
    ),
    (
        instrument(criterion(subs={**PAIR, "c": "sub_yes_no"}, combining="evaluated_then_proven")),
        "wrong", "combining_ignores", "criteria/1/combining",
    ),
    (instrument(criterion(subs={"a": "sub_yes_no"}, combining="minimum")), "doubtful", "one_sub_question", "criteria/1/sub"),
    (
        instrument(criterion(subs={"a": "sub_evaluated", "b": "sub_effect"}, combining="evaluated_then_proven")),
        "wrong", "combining_outside_scale", "criteria/1/combining",
    ),
    (
        levels(*LEVELS, subs=PAIR, combining="minimum"),
        "wrong", "combining_never_best", "criteria/1/combining",
    ),
    (instrument(criterion(reason_rule="")), "wrong", "reason_rule_missing", "criteria/1/reason_rule"),
    (instrument(criterion(reason_rule="ends_of_scale")), "wrong", "reason_rule_never", "criteria/1/reason_rule"),
    (
        instrument(criterion(critical=replace(BLOCK, scope=("z",)))),
        "wrong", "critical_scope_unknown", "criteria/1/critical_scope",
    ),
    (
        instrument(criterion(kind="coverage", critical=BLOCK), result_kind=ResultKind.COVERAGE),
        "wrong", "critical_never", "criteria/1/critical_rule",
    ),
    (instrument(criterion(weight=Fraction(0))), "wrong", "weights_all_zero", "criteria/1/weight"),
    (
        instrument(criterion(weight=Fraction(0)), criterion("2", "Is it safe?")),
        "doubtful", "weight_zero", "criteria/1/weight",
    ),
    (instrument(criterion(weight=Fraction(2))), "doubtful", "weights_all_the_same", "criteria/1/weight"),
    (levels(*LEVELS, weight=Fraction(2)), "doubtful", "weight_without_sum", "criteria/1/weight"),
    (
        instrument(translations=(TranslatedText("fr", "title", "Petit", False),)),
        "doubtful", "translation_partial", "translations/fr/criteria/1/short_title",
    ),
    (
        instrument(
            replace(criterion(), look_for=("One", "Two")),
            translations=(TranslatedText("fr", "criteria/1/look_for", "Un", False),),
        ),
        "doubtful", "translation_lines", "translations/fr/criteria/1/look_for",
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("content", "severity", "code", "path"), [pytest.param(*row, id=f"{row[2]}-{row[3]}") for row in FINDINGS]
)
def test_everything_wrong_or_doubtful_is_found_at_its_place(content, severity, code, path):
    assert (severity, code, path) in found(content)


def test_a_sound_instrument_has_no_findings():
    assert found(instrument(criterion(), criterion("2", "Is it safe?"))) == []
    assert found(levels(*LEVELS)) == []


def test_a_language_without_a_text_is_found_and_the_original_is_not_missed():
    assert found(instrument(), "en", "fr") == [("doubtful", "translation_missing", "translations/fr")]


@pytest.mark.parametrize("name", ["siren-donor-checklist.yaml", "six-guiding-principles.yaml"])
def test_what_is_shipped_is_sound(name):
    assert found(read(name), "fr") == []


def test_two_levels_that_count_the_same_are_found(monkeypatch):
    one, other = AnswerOption("good", "Good", Fraction(1), 2), AnswerOption("fine", "Fine", Fraction(1), 2)
    kind = AnswerKind("twins", "Twins", (one, other, AnswerOption("bad", "Bad", Fraction(0), 0)), (ResultKind.SHARE,))
    monkeypatch.setitem(ANSWER_KINDS, "twins", kind)

    assert found(instrument(criterion(kind="twins"))) == [
        ("wrong", "levels_of_one_value", "criteria/1/levels/fine/label")
    ]


def test_a_critical_rule_needs_an_answer_that_can_be_adverse(monkeypatch):
    mild = AnswerKind(
        "mild", "Mild", (AnswerOption("good", "Good", Fraction(1), 2), AnswerOption("fair", "Fair", Fraction(1, 2), 1)),
        (ResultKind.SHARE,), for_sub_questions=False,
    )  # fmt: skip
    monkeypatch.setitem(ANSWER_KINDS, "mild", mild)
    monkeypatch.setitem(ANSWER_KINDS, "sub_mild", replace(mild, code="sub_mild", for_sub_questions=True))
    subs = {"a": "sub_mild", "b": "sub_yes_no"}

    assert [each[1] for each in found(instrument(criterion(kind="mild", critical=BLOCK)))] == ["critical_never"]
    assert ("wrong", "critical_scope_never", "criteria/1/critical_scope") in found(
        instrument(criterion(subs=subs, combining="minimum", critical=replace(BLOCK, scope=("a",))))
    )


def test_a_rule_whose_outcome_is_never_adverse_is_doubtful(monkeypatch):
    mild = AnswerKind(
        "sub_mild", "Mild", (AnswerOption("good", "Good", Fraction(1), 2), AnswerOption("fair", "Fair", Fraction(1, 2), 1)),
        for_sub_questions=True,
    )  # fmt: skip
    monkeypatch.setitem(ANSWER_KINDS, "sub_mild", mild)

    content = instrument(criterion(subs={"a": "sub_mild", "b": "sub_mild"}, combining="minimum"))

    assert ("doubtful", "combining_never_adverse", "criteria/1/combining") in found(content)


def test_many_sub_questions_are_tried_by_their_ends(monkeypatch):
    monkeypatch.setattr(checking, "MOST_COMBINATIONS", 10)
    wide = dict.fromkeys("abcdefgh", "sub_yes_no")

    assert found(instrument(criterion(subs=wide, combining="minimum"))) == []


def test_two_questions_with_sub_questions_are_sound():
    content = instrument(criterion(wording="Is it good? Is it cheap?", subs=PAIR, combining="minimum"))

    assert found(content) == []


def test_a_text_without_spaces_is_counted_by_its_letters():
    assert ("doubtful", "sentence_long", "criteria/1/wording") in found(instrument(criterion(wording="ก" * 200)))


def test_only_what_is_wrong_stands_in_the_way_and_comes_first():
    findings = check(instrument(criterion(wording="Is it good? Is it cheap?"), source=""))

    assert [finding.code for finding in findings] == ["source_missing", "two_questions"]
    assert [finding.code for finding in stands_in_the_way(findings)] == ["source_missing"]
