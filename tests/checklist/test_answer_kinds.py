"""What the answers are worth, and that states never become numbers."""

from fractions import Fraction

import pytest

from checklist.answer_kinds import ANSWER_KINDS, NA, NEI, Favourability, Polarity
from checklist.results import FLAG_TEXTS

HALF = Fraction(1, 2)


def test_the_registry_names_each_kind_by_its_own_code():
    assert {code: kind.code for code, kind in ANSWER_KINDS.items()} == {code: code for code in ANSWER_KINDS}


@pytest.mark.parametrize("kind", ANSWER_KINDS.values(), ids=lambda kind: kind.code)
def test_an_option_is_either_a_state_or_has_value_and_rank(kind):
    for option in kind.options:
        assert (option.value is None) == (option.rank is None) == (option.code in {NEI, NA})


@pytest.mark.parametrize("kind", ANSWER_KINDS.values(), ids=lambda kind: kind.code)
def test_codes_are_used_once_and_short_enough_for_the_database(kind):
    codes = [option.code for option in kind.options]

    assert len(codes) == len(set(codes))
    assert all(len(code) <= 30 for code in codes)


@pytest.mark.parametrize("kind", ANSWER_KINDS.values(), ids=lambda kind: kind.code)
def test_a_higher_rank_never_has_a_lower_value(kind):
    pairs = sorted((option.rank, option.value) for option in kind.substantive)

    assert [value for _, value in pairs] == sorted(value for _, value in pairs)


def test_yes_partly_no_are_one_half_and_zero():
    kind = ANSWER_KINDS["yes_no"]

    assert [kind.value(code) for code in ("yes", "partly", "no")] == [1, HALF, 0]


def test_a_reversed_item_turns_value_and_rank_and_keeps_the_states():
    kind, bad = ANSWER_KINDS["yes_no"], Polarity.YES_IS_BAD

    assert [kind.value(code, bad) for code in ("yes", "partly", "no")] == [0, HALF, 1]
    assert [kind.rank(code, bad) for code in ("yes", "partly", "no")] == [0, 1, 2]
    assert kind.value(NEI, bad) is None
    assert kind.favourability("yes", bad) is Favourability.ADVERSE
    assert kind.favourability("no", bad) is Favourability.FAVOURABLE
    assert kind.code_at(2, bad) == "no"


def test_linked_has_no_yes_and_no():
    kind = ANSWER_KINDS["linked"]

    assert not kind.has("yes")
    assert [kind.value(code) for code in ("linked", "partly", "alone")] == [1, HALF, 0]


def test_found_not_effective_is_worth_nothing_ranks_below_no_and_raises_a_flag():
    kind = ANSWER_KINDS["evaluated"]
    option = kind.option("not_effective")

    assert kind.value("not_effective") == kind.value("no") == 0
    assert kind.rank("not_effective") < kind.rank("no")
    assert kind.favourability("not_effective") is Favourability.ADVERSE
    assert option.red_flag in FLAG_TEXTS


def test_levels_are_worth_their_number():
    kind = ANSWER_KINDS["level_0_4"]

    assert [kind.value(code) for code in "01234"] == [0, 1, 2, 3, 4]
    assert kind.is_level


def test_yes_to_an_overlap_is_adverse():
    kind = ANSWER_KINDS["sub_overlap"]

    assert kind.favourability("yes") is Favourability.ADVERSE
    assert kind.favourability("no") is Favourability.FAVOURABLE


def test_no_answer_is_unanswered_and_an_unknown_code_is_an_error():
    kind = ANSWER_KINDS["yes_no"]

    assert kind.favourability(None) is Favourability.UNANSWERED
    with pytest.raises(KeyError, match="'maybe' is not an answer of the kind 'yes_no'"):
        kind.value("maybe")
    with pytest.raises(KeyError, match="no answer of rank 7"):
        kind.code_at(7)
