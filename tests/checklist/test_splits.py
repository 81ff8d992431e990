"""How far answers lie apart, on plain values."""

from fractions import Fraction

from checklist.splits import Split, overall, place_of, split_of

HALF = Fraction(1, 2)


def test_the_marks_of_a_checklist_and_of_levels_have_their_place_on_the_scale():
    assert [place_of(mark) for mark in "FPASUMCO"] == [1, HALF, 0, 1, 0, 1, HALF, 0]
    assert [place_of(mark, 4) for mark in "024"] == [0, HALF, 1]
    assert place_of("2", 3) == Fraction(2, 3)


def test_what_was_not_judged_has_no_place():
    assert [place_of(mark, 4) for mark in "NX-"] == [None, None, None]


def test_the_distance_is_that_of_the_two_that_are_farthest_apart():
    assert split_of([1, HALF, 0]) == Split(Fraction(1), Fraction(2, 3), 0)
    assert split_of([1, 1, 0]) == Split(Fraction(1), Fraction(2, 3), 0)
    assert split_of([1, 1]) == Split(Fraction(0), Fraction(0), 0)


def test_one_answer_alone_is_not_compared():
    assert split_of([1, None, None]) == Split(None, None, 2)
    assert not split_of([1, None]).is_split


def test_a_criterion_is_split_from_half_of_the_scale_on():
    assert split_of([1, HALF]).is_split
    assert not split_of([Fraction(3, 4), HALF]).is_split


def test_agreed_is_only_what_everybody_could_judge():
    assert split_of([1, 1]).is_agreed
    assert not split_of([1, 1, None]).is_agreed


def test_the_most_split_stand_first_then_those_whose_answers_are_more_unlike():
    apart, half_apart, alike, alone = (split_of(each) for each in ([1, 0], [1, HALF, 1], [1, 1], [1, None]))
    wide = split_of([1, 0, 0, 0])

    assert sorted([alone, alike, wide, half_apart, apart], key=lambda each: each.order) == [
        apart, wide, half_apart, alike, alone,
    ]  # fmt: skip


def test_a_proposal_counts_its_split_criteria():
    found = overall([split_of([1, 0]), split_of([1, 1]), split_of([1, None])])

    assert (found.split, found.compared, found.mean) == (1, 2, HALF)
    assert overall([]).mean is None
