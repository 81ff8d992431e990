"""Item answers from sub-answers, by hand, for every rule of the checklist."""

import pytest

from checklist.combining import COMBINING_RULES, derive, shape_errors
from checklist.specs import ItemSpec, SubSpec

from .instruments import CHECKLIST, item_answer

SAID = "tested with twelve women in March"


def derived(key, **subs):
    return derive(CHECKLIST.item(key), item_answer(**subs).subs)


def test_nothing_answered_derives_nothing_and_limits_nothing():
    found = derived("1")

    assert (found.answer, found.best, found.permits_na, found.any_answered) == (None, None, True, False)


def test_an_item_without_sub_questions_derives_nothing():
    assert derived("9").answer is None


@pytest.mark.parametrize(
    ("subs", "answer"),
    [
        ({"a": "yes", "b": "yes"}, "yes"),
        ({"a": "yes", "b": "partly"}, "partly"),
        ({"a": "no", "b": "yes"}, "no"),
        ({"a": "na", "b": "partly"}, "partly"),
        ({"a": "na", "b": "na"}, "na"),
        ({"a": "no"}, "no"),
        ({"a": "yes"}, None),
        ({"a": "nei", "b": "yes"}, "nei"),
        ({"a": "nei", "b": "no"}, "no"),
        ({"a": "nei", "b": "nei"}, "nei"),
        ({"a": "na"}, None),
    ],
)
def test_minimum(subs, answer):
    assert derived("5", **subs).answer == answer


@pytest.mark.parametrize(
    ("subs", "answer"),
    [
        ({"a": "no"}, "no"),
        ({"a": "pilot"}, "no"),
        ({"a": "no", "b": "nei"}, "no"),
        ({"a": "yes", "b": "yes_exploitation"}, "yes"),
        ({"a": "yes", "b": "yes_behaviour"}, "yes"),
        ({"a": "yes", "b": "yes_both"}, "yes"),
        ({"a": "partly", "b": "yes_both"}, "partly"),
        ({"a": "yes", "b": "no"}, "no"),
        ({"a": "yes", "b": "not_effective"}, "not_effective"),
        ({"a": "partly", "b": "not_effective"}, "not_effective"),
        ({"a": "nei", "b": "not_effective"}, "not_effective"),
        ({"a": "yes", "b": "nei"}, "nei"),
        ({"a": "yes"}, None),
    ],
)
def test_evaluated_then_proven(subs, answer):
    assert derived("2", **subs).answer == answer


def test_only_a_declared_pilot_permits_not_applicable():
    assert derived("2", a="pilot").permits_na
    assert not derived("2", a="no").permits_na


@pytest.mark.parametrize(
    ("subs", "answer"),
    [
        ({"a": "yes", "b": "yes", "c": "yes", "d": "no"}, "yes"),
        ({"a": "yes", "b": "yes", "c": "yes", "d": "partly"}, "yes"),
        ({"a": "yes", "b": "yes", "c": "yes", "d": "yes"}, "partly"),
        ({"a": "yes", "b": "yes", "c": "no", "d": "no"}, "partly"),
        ({"a": "yes", "b": "yes", "c": "partly", "d": "no"}, "partly"),
        ({"a": "partly", "b": "yes", "c": "yes", "d": "no"}, "partly"),
        ({"a": "no", "b": "yes"}, "no"),
        ({"a": "yes", "b": "no"}, "no"),
        ({"a": "nei", "b": "no"}, "no"),
        ({"a": "yes", "b": "yes"}, None),
        ({"a": "yes", "b": "yes", "c": "yes", "d": "na"}, "yes"),
        ({"a": "yes", "b": "nei", "c": "yes", "d": "no"}, "nei"),
        ({"a": "na", "b": "na", "c": "na", "d": "na"}, "na"),
    ],
)
def test_overlap(subs, answer):
    assert derived("3", **subs).answer == answer


@pytest.mark.parametrize(
    ("subs", "answer"),
    [
        ({"a": "no", "b": "no", "c": "yes", "d": "yes"}, "yes"),
        ({"a": "yes", "b": "yes", "c": "yes", "d": "partly"}, "partly"),
        ({"a": "no", "b": "no", "c": "no", "d": "yes"}, "no"),
        ({"c": "yes", "d": "yes"}, "yes"),
        ({"c": "partly", "d": "yes"}, None),
        ({"a": "nei", "c": "yes", "d": "yes"}, "yes"),
        ({"a": "nei", "b": "no", "c": "no", "d": "yes"}, "nei"),
        ({"d": "no"}, "no"),
        ({"a": "na", "b": "na", "c": "na", "d": "partly"}, "partly"),
    ],
)
def test_strongest_focus_with_intervention(subs, answer):
    assert derived("4", **subs).answer == answer


@pytest.mark.parametrize(
    ("subs", "answer"),
    [
        ({"a": "yes", "b": "yes", "c": ("adequate", SAID)}, "yes"),
        ({"a": "yes", "b": "yes", "c": ("adequate", "  ")}, "partly"),
        ({"a": "yes", "b": "yes", "c": ("weak", SAID)}, "partly"),
        ({"a": "yes", "b": "yes", "c": "none"}, "partly"),
        ({"a": "yes", "b": "no", "c": ("adequate", SAID)}, "no"),
        ({"a": "partly", "b": "yes", "c": "none"}, "partly"),
        ({"a": "partly", "b": "partly"}, "partly"),
        ({"a": "yes", "b": "yes"}, None),
        ({"a": "yes", "b": "yes", "c": "nei"}, "nei"),
        ({"a": "na", "b": "na", "c": "none"}, "na"),
    ],
)
def test_assessed_how(subs, answer):
    assert derived("8", **subs).answer == answer


@pytest.mark.parametrize(
    ("subs", "answer"),
    [
        ({"a": "yes", "b": "yes", "c": "yes"}, "yes"),
        ({"a": "yes", "b": "yes", "c": "partly"}, "yes"),
        ({"a": "yes", "b": "yes", "c": "no"}, "partly"),
        ({"a": "no", "b": "yes", "c": "yes"}, "no"),
        ({"a": "no", "b": "no", "c": "yes"}, "no"),
        ({"a": "na", "b": "na", "c": "yes"}, "partly"),
        ({"a": "na", "b": "na", "c": "no"}, "no"),
        ({"c": "yes"}, None),
        ({"c": "no"}, None),
    ],
)
def test_impact_with_outputs(subs, answer):
    assert derived("11", **subs).answer == answer


def test_the_best_possible_answer_is_known_while_some_are_open():
    assert derived("11", c="no").best == "partly"
    assert derived("4", d="partly").best == "partly"
    assert derived("3", a="yes").best == "no"
    assert derived("1", a="nei").best == "yes"


def test_an_unknown_code_counts_as_not_answered():
    assert derived("1", a="maybe").any_answered is False


def test_every_rule_is_used_by_the_checklist():
    assert {item.combining for item in CHECKLIST.items if item.combining} == set(COMBINING_RULES) - {"beside"}


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        (ItemSpec("1", combining="minimum"), "needs sub-questions"),
        (ItemSpec("1", subs=(SubSpec("a"),)), "is not known; choose one of: minimum"),
        (ItemSpec("1", combining="overlap", subs=(SubSpec("a"),)), "exactly the sub-questions a, b, c, d"),
        (ItemSpec("1", combining="minimum", subs=(SubSpec("a", "sub_effect"),)), "no answer for every outcome"),
    ],
)
def test_a_rule_that_does_not_fit_its_criterion_is_found(spec, part):
    assert part in shape_errors(spec)[0]
