"""The statistics of agreement against published tables, each with its source."""

import math
import random
import time

import pytest

from checklist.agreement import (
    ICC_FORMS,
    METRICS,
    REASON_TEXTS,
    WEIGHTS,
    Reason,
    cohen_kappa,
    fleiss_kappa,
    icc,
    krippendorff_alpha,
    percent_agreement,
)
from checklist.agreement.distributions import f_quantile, t_quantile

_ = None
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: 4 observers, 12 units.
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
# Shrout and Fleiss (1979), table 2: 6 subjects, 4 judges.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
# Fleiss (1971), Measuring nominal scale agreement among many raters, table 1: 30 patients, 6 psychiatrists.
FLEISS_1971 = [
    [int(digit) for digit in row]
    for row in (
        "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 "
        "10050 11040 03300 10050 02031 00501 30012 51000 02040 10203 "
        "00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
    ).split()
]
# "Fleiss' kappa", Wikipedia: 10 subjects, 14 raters.
TEN_BY_FOURTEEN = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]
# SAS/STAT User's Guide, the FREQ procedure, "Cohen's kappa coefficient": two dermatologists, 88 patients.
SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]


def bounds(statistic):
    return (statistic.low, statistic.high)


# -- Krippendorff's alpha -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_of_krippendorffs_example(metric, alpha):
    found = krippendorff_alpha(KRIPPENDORFF, metric)

    assert found.value == pytest.approx(alpha, abs=5e-4)
    assert (found.n, found.k, found.level, found.reason) == (11, 4, 0.95, None)
    assert found.low < found.value < found.high == pytest.approx(1)


def test_alpha_of_two_observers_and_binary_data():
    # Krippendorff (2011), section A: alpha is .095.
    a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]

    for metric in METRICS:
        assert krippendorff_alpha([a, b], metric).value == pytest.approx(0.095, abs=5e-4)


def test_alpha_of_words():
    # Krippendorff (2011), section B: alpha is .692.
    rows = [list("aabbdcccedda"), list("babbbccceddd")]

    assert krippendorff_alpha(rows, "nominal").value == pytest.approx(0.692, abs=5e-4)


def test_alpha_below_nought_is_given_as_it_is():
    assert krippendorff_alpha([[0, 1, 0, 1], [1, 0, 1, 0]], "nominal").value == pytest.approx(-0.75)


def test_ratio_takes_noughts_but_nothing_below():
    # Nought against anything else is as far apart as can be, nought against nought not at all.
    assert krippendorff_alpha([[0, 0, 1], [0, 0, 1]], "ratio").value == 1
    assert krippendorff_alpha([[0, 0, 2], [0, 3, 2]], "ratio").value < 1
    with pytest.raises(ValueError, match="below 0"):
        krippendorff_alpha([[-1, 1], [1, 1]], "ratio")


def test_ratio_data_of_many_values_has_a_value_and_no_interval():
    found = krippendorff_alpha([list(range(60)), [*range(1, 60), 59]], "ratio")

    assert 0.9 < found.value < 1
    assert found.low is None


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    ("ratings", "reason", "n", "k"),
    [
        ([], Reason.NO_DATA, 0, 0),
        ([[], []], Reason.NO_DATA, 0, 0),
        ([[_, _], [_, _]], Reason.NO_DATA, 0, 0),
        ([[1, 2, 3]], Reason.ONE_RATER, 0, 0),
        ([[1, 2, 3], [_, _, _]], Reason.ONE_RATER, 0, 0),
        ([[1, _], [_, 2]], Reason.NO_PAIRS, 0, 0),
        ([[1, 1, 1], [1, 1, _]], Reason.NO_VARIATION, 2, 2),
    ],
)
def test_alpha_that_cannot_be_computed_says_why(metric, ratings, reason, n, k):
    found = krippendorff_alpha(ratings, metric)

    assert (found.value, found.reason_code, found.n, found.k) == (None, reason, n, k)
    assert found.reason == REASON_TEXTS[reason]
    assert (found.low, found.high, found.level) == (None, None, None)


def test_without_variation_the_percent_agreement_still_speaks():
    ratings = [[1, 1, 1], [1, 1, 1]]

    assert "percent agreement" in krippendorff_alpha(ratings, "nominal").reason
    assert percent_agreement(ratings).value == 1


def test_perfect_agreement_has_no_interval():
    found = krippendorff_alpha([[1, 2, 3, 1], [1, 2, 3, 1]], "interval")

    assert (found.value, found.low, found.high) == (1, None, None)


@pytest.mark.parametrize("statistic", [percent_agreement, lambda rows: krippendorff_alpha(rows, "nominal")])
def test_rows_of_different_lengths_are_refused(statistic):
    with pytest.raises(ValueError, match="differ in length"):
        statistic([[1, 2], [1, 2, 3]])


@pytest.mark.parametrize("ratings", [[[math.nan, 1], [1, 2]], [["x", 1], [1, 2]], [[math.inf, 1], [1, 2]]])
def test_what_is_no_number_is_refused(ratings):
    with pytest.raises(ValueError, match="is no"):
        krippendorff_alpha(ratings, "interval")


def test_another_metric_is_refused():
    with pytest.raises(ValueError, match="metric"):
        krippendorff_alpha(KRIPPENDORFF, "cardinal")


def test_seventeen_items_of_a_large_round_take_moments():
    draw = random.Random(1)
    rows = [[None] * 200 for _reviewer in range(25)]
    for unit in range(200):
        for reviewer in draw.sample(range(25), 3):
            rows[reviewer][unit] = draw.choice([0, 0.5, 1])
    started = time.process_time()

    found = [krippendorff_alpha(rows, metric) for metric in ("nominal", "ordinal", "interval") for _item in range(2)]

    assert all((each.n, each.k) == (200, 25) and each.low < each.value < each.high for each in found)
    assert time.process_time() - started < 5


def test_the_interval_covers_what_it_estimates():
    # The second says what the first says with probability .7 and otherwise guesses, so alpha is .7.
    draw = random.Random(2)
    truth, covered = 0.7, 0
    for _trial in range(20):
        a = [draw.randrange(2) for _unit in range(80)]
        b = [each if draw.random() < truth else draw.randrange(2) for each in a]
        found = krippendorff_alpha([a, b], "nominal")
        covered += found.low <= truth <= found.high

    assert covered >= 16


# -- percent agreement ----------------------------------------------------------------------


def test_percent_agreement_of_krippendorffs_example():
    # By hand: eight units wholly agree; unit 2 and 8 in 3 of 6 pairs, unit 6 in none of 6.
    found = percent_agreement(KRIPPENDORFF)

    assert found.value == pytest.approx((8 + 0.5 + 0.5 + 0) / 11)
    assert (found.n, found.k) == (11, 4)
    assert found.low < found.value < found.high


def test_percent_agreement_of_two_raters_has_wilsons_interval():
    # Wilson's interval for 8 of 10: Newcombe (1998) formula, by hand .490 to .943.
    found = percent_agreement([[1] * 10, [1] * 8 + [2] * 2])

    assert found.value == 0.8
    assert bounds(found) == (pytest.approx(0.490, abs=5e-4), pytest.approx(0.943, abs=5e-4))


# -- Cohen's kappa --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ([[20, 5], [10, 15]], 0.4),  # "Cohen's kappa", Wikipedia, the worked example
        ([[45, 15], [25, 15]], 0.1304),  # the same, equal percentages and different kappas
        ([[25, 35], [5, 35]], 0.2593),
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.492),  # Cohen (1968), table 1, n = 200
        ([[106, 10, 4], [22, 28, 10], [2, 12, 6]], 0.429),  # Fleiss, Cohen and Everitt (1969), table 1
    ],
)
def test_cohens_kappa_of_published_tables(table, kappa):
    found = cohen_kappa(table)

    assert found.value == pytest.approx(kappa, abs=5e-4)
    assert (found.n, found.k) == (sum(map(sum, table)), 2)


def test_kappa_of_two_dermatologists_with_its_interval():
    simple, linear = cohen_kappa(SKIN), cohen_kappa(SKIN, "linear")

    assert simple.value == pytest.approx(0.3449, abs=5e-5)
    assert bounds(simple) == (pytest.approx(0.2030, abs=5e-5), pytest.approx(0.4868, abs=5e-5))
    assert linear.value == pytest.approx(0.5082, abs=5e-5)
    assert bounds(linear) == (pytest.approx(0.3798, abs=5e-5), pytest.approx(0.6366, abs=5e-5))


def test_weighted_kappa_of_agrestis_table():
    # Agresti (1990), Categorical Data Analysis, p. 372, husbands and wives; linear weights as in R's vcd::Kappa.
    table = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]

    assert cohen_kappa(table).value == pytest.approx(0.1293, abs=5e-5)
    assert cohen_kappa(table, "linear").value == pytest.approx(0.2374, abs=5e-5)


def test_quadratic_kappa_is_lins_concordance():
    # Fleiss and Cohen (1973): with quadratic weights kappa is the intraclass correlation that counts
    # differences in level; in these terms 2 cov / (var + var + (mean - mean)^2) (Lin 1989).
    pairs = [(i, j) for i, row in enumerate(SKIN) for j, count in enumerate(row) for _unit in range(count)]
    n = len(pairs)
    mean1, mean2 = (sum(pair[side] for pair in pairs) / n for side in (0, 1))
    cov = sum((i - mean1) * (j - mean2) for i, j in pairs) / n
    var1, var2 = sum((i - mean1) ** 2 for i, _j in pairs) / n, sum((j - mean2) ** 2 for _i, j in pairs) / n

    assert cohen_kappa(SKIN, "quadratic").value == pytest.approx(2 * cov / (var1 + var2 + (mean1 - mean2) ** 2))


@pytest.mark.parametrize("weights", WEIGHTS)
def test_kappa_at_its_edges(weights):
    assert cohen_kappa([[5, 0], [0, 5]], weights).value == 1
    assert cohen_kappa([[5, 0], [0, 5]], weights).low is None
    assert cohen_kappa([[0, 5], [5, 0]], weights).value == -1
    assert cohen_kappa([[0, 9], [0, 0]], weights).value == 0
    assert cohen_kappa([[9, 0], [0, 0]], weights).reason_code is Reason.NO_VARIATION
    assert cohen_kappa([[7]], weights).reason_code is Reason.NO_VARIATION
    assert cohen_kappa([[0, 0], [0, 0]], weights).reason_code is Reason.NO_DATA
    assert cohen_kappa([], weights).reason_code is Reason.NO_DATA


@pytest.mark.parametrize("table", [[[1, 2, 3], [1, 2, 3]], [[1, 2], [1]], [[1, -2], [1, 1]], [[0.5, 0.5], [0, 0]]])
def test_what_is_no_square_table_of_counts_is_refused(table):
    with pytest.raises(ValueError, match=r"square|length|whole"):
        cohen_kappa(table)


def test_other_weights_are_refused():
    with pytest.raises(ValueError, match="Weights"):
        cohen_kappa(SKIN, "cubic")


# -- Fleiss' kappa --------------------------------------------------------------------------


def test_fleiss_kappa_of_the_psychiatric_diagnoses():
    found = fleiss_kappa(FLEISS_1971)

    assert found.value == pytest.approx(0.430, abs=5e-4)
    assert (found.n, found.k) == (30, 6)
    assert found.low < found.value < found.high


def test_fleiss_kappa_of_ten_subjects_and_fourteen_raters():
    found = fleiss_kappa(TEN_BY_FOURTEEN)

    assert found.value == pytest.approx(0.210, abs=5e-4)
    assert (found.n, found.k) == (10, 14)


def test_the_error_of_fleiss_kappa_is_near_the_jackknifes():
    whole = fleiss_kappa(FLEISS_1971)
    n = len(FLEISS_1971)
    left_out = [fleiss_kappa(FLEISS_1971[:i] + FLEISS_1971[i + 1 :]).value for i in range(n)]
    mean = sum(left_out) / n
    jackknife = math.sqrt((n - 1) / n * sum((each - mean) ** 2 for each in left_out))

    assert (whole.high - whole.low) / 2 / t_quantile(0.975, n - 1) == pytest.approx(jackknife, rel=0.05)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([], Reason.NO_DATA),
        ([[0, 0], [0, 0]], Reason.NO_DATA),
        ([[1, 0], [0, 1]], Reason.NO_PAIRS),
        ([[2, 1], [1, 1]], Reason.UNEQUAL_RATERS),
        ([[3, 0], [3, 0]], Reason.NO_VARIATION),
    ],
)
def test_fleiss_kappa_that_cannot_be_computed_says_why(counts, reason):
    found = fleiss_kappa(counts)

    assert (found.value, found.reason_code) == (None, reason)


def test_units_without_a_pair_are_left_out_of_fleiss_kappa():
    assert fleiss_kappa([*FLEISS_1971, [0] * 5, [1, 0, 0, 0, 0]]) == fleiss_kappa(FLEISS_1971)


def test_one_unit_gives_no_interval():
    found = fleiss_kappa([[2, 2]])

    assert found.value == pytest.approx(-1 / 3)
    assert (found.n, found.low) == (1, None)


def test_ragged_counts_are_refused():
    with pytest.raises(ValueError, match="same length"):
        fleiss_kappa([[1, 2], [1, 2, 0]])


# -- intraclass correlation -----------------------------------------------------------------


def test_the_six_forms_of_shrout_and_fleiss():
    # Values: table 4 of the article. Intervals: as R's psych::ICC prints them for the same table.
    found = icc(SHROUT_FLEISS)
    published = {
        "ICC1": (0.17, -0.133, 0.723),
        "ICC2": (0.29, 0.019, 0.761),
        "ICC3": (0.71, 0.342, 0.946),
        "ICC1k": (0.44, -0.884, 0.912),
        "ICC2k": (0.62, 0.071, 0.927),
        "ICC3k": (0.91, 0.676, 0.986),
    }

    assert list(found) == list(ICC_FORMS) == list(published)
    for form, (value, low, high) in published.items():
        assert found[form].value == pytest.approx(value, abs=5e-3), form
        assert bounds(found[form]) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3)), form
        assert (found[form].n, found[form].k) == (6, 4)


def test_raters_a_step_apart_are_consistent_but_do_not_agree():
    found = icc([[1, 2], [3, 4], [5, 6]])

    assert found["ICC3"].value == found["ICC3k"].value == 1
    assert found["ICC2"].value < 1
    assert found["ICC3"].low is None


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        ([], Reason.NO_DATA),
        ([[None, None]], Reason.NO_DATA),
        ([[1], [2]], Reason.ONE_RATER),
        ([[1, None], [2, None]], Reason.ONE_RATER),
        ([[1, 2]], Reason.ONE_UNIT),
        ([[1, 2], [2, None]], Reason.INCOMPLETE),
        ([[0.1, 0.1], [0.1, 0.1]], Reason.NO_VARIATION),
    ],
)
def test_icc_that_cannot_be_computed_says_why(ratings, reason):
    found = icc(ratings)

    assert {each.reason_code for each in found.values()} == {reason}
    assert {each.value for each in found.values()} == {None}


def test_no_difference_between_units_leaves_the_means_without_a_value():
    found = icc([[1, 3], [3, 1]])

    assert found["ICC1k"].reason_code is found["ICC3k"].reason_code is Reason.NO_VARIANCE_BETWEEN
    assert found["ICC1"].value == found["ICC3"].value == -1


@pytest.mark.parametrize("ratings", [[[1, 2], [1]], [[1, "x"], [1, 2]], [[True, False], [True, True]]])
def test_icc_refuses_what_is_no_table_of_numbers(ratings):
    with pytest.raises(ValueError, match=r"length|number"):
        icc(ratings)


# -- distributions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "df1", "df2", "quantile"),
    # NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.3, upper critical values of F.
    [(0.95, 1, 1, 161.448), (0.95, 5, 10, 3.326), (0.95, 10, 20, 2.348), (0.99, 3, 15, 5.417), (0.90, 4, 6, 3.181)],
)
def test_quantiles_of_f(p, df1, df2, quantile):
    assert f_quantile(p, df1, df2) == pytest.approx(quantile, abs=6e-4)


@pytest.mark.parametrize(("df", "quantile"), [(1, 12.706), (5, 2.571), (29, 2.045), (100, 1.984)])
def test_quantiles_of_t(df, quantile):
    # The same, 1.3.6.7.2.
    assert t_quantile(0.975, df) == pytest.approx(quantile, abs=6e-4)
