"""Properties that hold for every form, whatever the answers."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checklist.answer_kinds import NA, NEI, STATES
from checklist.combining import derive
from checklist.scoring import Favourability, ItemAnswer, SubAnswer, questions_to_applicant, score, validate_item
from checklist.specs import FormLength

from .instruments import CHECKLIST, CONCEPT, FULL_STAGE, straight

ITEMS = {item.key: item for item in CHECKLIST.items}
COMBINED = [item for item in CHECKLIST.items if item.combining]
CODES = {key: [option.code for option in item.answer_kind.options] for key, item in ITEMS.items()}


@st.composite
def forms(draw):
    """Any answers, with and without sub-answers, with any weights."""
    answers = {}
    for key, item in ITEMS.items():
        subs = {
            sub.key: SubAnswer(draw(st.sampled_from([None, *[o.code for o in sub.answer_kind.options]])), "words")
            for sub in item.subs
            if draw(st.booleans())
        }
        answers[key] = ItemAnswer(draw(st.sampled_from([None, *CODES[key]])), "words", subs)
    return answers


weights = st.lists(
    st.fractions(min_value=0, max_value=10, max_denominator=100), min_size=len(ITEMS), max_size=len(ITEMS)
)
keys = st.sampled_from(list(ITEMS))


def weighted(values):
    items = tuple(replace(item, weight=weight) for item, weight in zip(CHECKLIST.items, values, strict=True))
    return replace(CHECKLIST, items=items)


def plain(answers):
    """The same form without sub-answers, so that the item answer alone counts."""
    return {key: replace(answer, subs={}) for key, answer in answers.items()}


def test_all_yes_straight_down_is_not_a_hundred_percent():
    result = score(CHECKLIST, straight("yes"), FULL_STAGE)

    assert result.share < 1
    assert result.range.high < 1


@given(forms(), weights)
def test_the_share_lies_within_the_range(answers, values):
    result = score(weighted(values), answers, FULL_STAGE)

    if result.range:
        assert 0 <= result.range.low <= result.range.high <= 1
    if result.share is not None:
        assert result.range.low <= result.share <= result.range.high


@given(forms(), weights, keys, st.data())
def test_turning_one_answer_to_the_better_never_lowers_anything(answers, values, key, data):
    item, spec = ITEMS[key], weighted(values)
    ranked = sorted(item.answer_kind.substantive, key=lambda o: item.answer_kind.rank(o.code, item.polarity))
    worse, better = sorted(data.draw(st.tuples(*[st.integers(0, len(ranked) - 1)] * 2)))
    before = plain(answers) | {key: ItemAnswer(ranked[worse].code)}
    after = plain(answers) | {key: ItemAnswer(ranked[better].code)}

    low, high = score(spec, before, CONCEPT), score(spec, after, CONCEPT)

    if low.range is not None:
        assert low.range.low <= high.range.low
        assert low.range.high <= high.range.high
    if low.share is not None:
        assert low.share <= high.share
    assert (low.judged, low.applicable) == (high.judged, high.applicable)


@given(forms(), weights, keys)
def test_not_applicable_leaves_everything_as_without_the_item(answers, values, key):
    spec = weighted(values)
    with_na = score(spec, answers | {key: ItemAnswer(NA)}, FULL_STAGE)
    without = score(replace(spec, items=tuple(i for i in spec.items if i.key != key)), answers, FULL_STAGE)

    assert (with_na.share, with_na.range) == (without.share, without.range)
    assert (with_na.judged, with_na.applicable) == (without.judged, without.applicable)


@given(forms(), weights, keys)
def test_missing_information_leaves_the_share_and_widens_the_range(answers, values, key):
    spec = weighted(values)
    absent = score(spec, answers | {key: ItemAnswer(NA)}, FULL_STAGE)
    missing = score(spec, answers | {key: ItemAnswer(NEI)}, FULL_STAGE)
    open_ = score(spec, answers | {key: ItemAnswer(None)}, FULL_STAGE)

    assert missing.share == absent.share == open_.share
    assert missing.range == open_.range
    if absent.range:
        assert missing.range.low <= absent.range.low
        assert missing.range.high >= absent.range.high


@given(forms(), weights, keys)
def test_losing_a_judgement_never_narrows_the_range(answers, values, key):
    spec = weighted(values)
    before = score(spec, answers, FULL_STAGE)
    assume(before.item(key).favourability is not Favourability.NA)
    after = score(spec, answers | {key: ItemAnswer(NEI)}, FULL_STAGE)

    if before.range:
        assert after.range.low <= before.range.low
        assert after.range.high >= before.range.high


@given(forms(), weights)
def test_the_range_is_what_the_missing_would_make_of_it(answers, values):
    spec, answers = weighted(values), plain(answers)
    result = score(spec, answers, FULL_STAGE)
    filled = {"low": dict(answers), "high": dict(answers)}
    for item in result.items:
        if item.value is None and item.favourability is not Favourability.NA:
            kind, polarity = ITEMS[item.key].answer_kind, ITEMS[item.key].polarity
            filled["low"][item.key] = ItemAnswer(kind.code_at(0, polarity))
            filled["high"][item.key] = ItemAnswer(kind.code_at(2, polarity))

    if result.range:
        assert score(spec, filled["low"], FULL_STAGE).share == result.range.low
        assert score(spec, filled["high"], FULL_STAGE).share == result.range.high


@given(forms(), weights, st.randoms(use_true_random=False))
def test_order_never_matters(answers, values, random):
    spec = weighted(values)
    items, given_in = list(spec.items), list(answers.items())
    random.shuffle(items)
    random.shuffle(given_in)

    one, two = score(spec, answers, FULL_STAGE), score(replace(spec, items=tuple(items)), dict(given_in), FULL_STAGE)

    assert (one.share, one.range, one.counts, one.judged) == (two.share, two.range, two.counts, two.judged)
    assert set(one.criticals) == set(two.criticals)
    assert set(one.flags) == set(two.flags)


@given(forms())
def test_states_are_never_numbers(answers):
    for item in score(CHECKLIST, answers, FULL_STAGE).items:
        assert (item.value is None) == (item.answer is None or item.answer in STATES)
        assert item.value is None or isinstance(item.value, Fraction)


@given(forms(), st.sampled_from(FormLength))
def test_every_form_can_be_checked_and_questions_come_from_missing_information_only(answers, form_length):
    for key, item in ITEMS.items():
        validate_item(item, answers[key], form_length, FULL_STAGE)

    for question in questions_to_applicant(CHECKLIST, answers):
        source = answers[question.key]
        assert question.sub is None or source.subs[question.sub].answer == NEI


def rank_of(item, code):
    return item.answer_kind.rank(code, item.polarity)


@pytest.mark.parametrize("item", COMBINED, ids=lambda item: item.combining + item.key)
def test_the_derived_answer_never_falls_when_a_sub_answer_rises(item):
    """Exhaustive: every combination of definite answers, one sub-answer raised at a time."""
    options = [[o.code for o in sub.answer_kind.substantive] for sub in item.subs]
    for codes in product(*options):
        subs = {sub.key: SubAnswer(code, "words") for sub, code in zip(item.subs, codes, strict=True)}
        before = rank_of(item, derive(item, subs).answer)
        for sub in item.subs:
            own = sub.answer_kind.rank(subs[sub.key].answer)
            for option in sub.answer_kind.substantive:
                if option.rank >= own:
                    raised = derive(item, subs | {sub.key: SubAnswer(option.code, "words")})
                    assert rank_of(item, raised.answer) >= before


@pytest.mark.parametrize("item", COMBINED, ids=lambda item: item.combining + item.key)
def test_an_unknown_sub_answer_is_settled_only_when_every_way_agrees(item):
    """Exhaustive: take one answer away; what is derived then must hold for each way to fill it."""
    options = [[o.code for o in sub.answer_kind.substantive] for sub in item.subs]
    for codes in product(*options):
        subs = {sub.key: SubAnswer(code, "words") for sub, code in zip(item.subs, codes, strict=True)}
        full = derive(item, subs).answer
        for sub in item.subs:
            for unknown in (None, NEI):
                partial = derive(item, subs | {sub.key: SubAnswer(unknown, "words")})
                if sub.key in partial.moot:
                    continue
                assert partial.answer in {full, NEI if unknown else None}
                assert rank_of(item, partial.best) >= rank_of(item, full)


@given(forms(), st.sampled_from(COMBINED), st.data())
def test_no_answer_better_than_the_rule_passes(answers, item, data):
    derived = derive(item, answers[item.key].subs)
    assume(derived.best is not None)
    code = data.draw(st.sampled_from([o.code for o in item.answer_kind.substantive]))
    found = validate_item(item, replace(answers[item.key], answer=code), FormLength.SHORT, FULL_STAGE)
    refused = {"better_than_rule", "worse_than_nei_only"} & {problem.code for problem in found}

    if rank_of(item, code) > rank_of(item, derived.best):
        assert refused
    if rank_of(item, code) < rank_of(item, derived.best):
        assert not refused
