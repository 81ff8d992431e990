"""The ways in which a criterion or a sub-question can be answered: pure data, no Django.

A raw answer is stored as the code of an option, exactly as it was given. What the code is worth
depends on the polarity of the question and is worked out here, never stored. "Not enough
information" and "not applicable" are states without a value: they are never numbers.

Source: the printed SIREN checklist (GMS-04, 29 February 2008) knows Yes and No only; every other
option, every value and every rank is our interpretation (instruments.md 1.1 to 1.3, 2, 3 and 4).

Form, scoring, preview, import, export and documentation read this one table: a further kind is one
more entry in it.
"""

from __future__ import annotations

from fractions import Fraction

from checklist.marking import gettext_noop as _
from checklist.scales import (
    ABSENT,
    ALSO,
    HALF,
    MAIN,
    NA,
    NEI,
    SEEN,
    STATES,
    UNSEEN,
    AnswerKind,
    AnswerOption,
    Favourability,
    Polarity,
    ResultKind,
)

__all__ = [
    "ANSWER_KINDS",
    "NA",
    "NEI",
    "STATES",
    "AnswerKind",
    "AnswerOption",
    "Favourability",
    "Polarity",
    "ResultKind",
]


def _option(code: str, label: str, value: Fraction | int, rank: int | None = None, mark: str = "") -> AnswerOption:
    """An option whose rank follows from its value on the scale 0, 1/2, 1 unless it is given."""
    exact = Fraction(value)
    return AnswerOption(code, label, exact, int(exact * 2) if rank is None else rank, mark=mark)


YES = _option("yes", _("Yes"), 1)
PARTLY = _option("partly", _("Partly"), HALF)
NO = _option("no", _("No"), 0)
NOT_ENOUGH = AnswerOption(NEI, _("Not enough information"))
NOT_APPLICABLE = AnswerOption(NA, _("Not applicable"))
NOT_EFFECTIVE = AnswerOption(
    "not_effective",
    _("Evaluated – found not effective"),
    Fraction(0),
    rank=-1,
    red_flag="evaluated_not_effective",
)

SHARE, PROFILE = (ResultKind.SHARE,), (ResultKind.PROFILE,)
FLAGS, COVERAGE = (ResultKind.FLAGS,), (ResultKind.COVERAGE,)

_KINDS = (
    AnswerKind(
        "yes_no",
        _("Yes / Partly / No"),
        (YES, PARTLY, NO, NOT_ENOUGH, NOT_APPLICABLE),
        SHARE,
        is_reversible=True,
    ),
    AnswerKind(
        "linked",
        _("Linked / Partly linked / Stands alone"),
        (
            _option("linked", _("Linked"), 1),
            _option("partly", _("Partly linked"), HALF),
            _option("alone", _("Stands alone"), 0),
            NOT_ENOUGH,
            NOT_APPLICABLE,
        ),
        SHARE,
    ),
    AnswerKind(
        "evaluated",
        _("Evaluated and proven"),
        (YES, PARTLY, NO, NOT_EFFECTIVE, NOT_ENOUGH, NOT_APPLICABLE),
        SHARE,
    ),
    AnswerKind(
        "level_0_4",
        _("Level 0 to 4"),
        (
            _option("0", _("Absent or contrary"), 0, 0),
            _option("1", _("Claimed"), 1, 1),
            _option("2", _("Partial"), 2, 2),
            _option("3", _("Sound"), 3, 3),
            _option("4", _("Strong"), 4, 4),
            NOT_ENOUGH,
            NOT_APPLICABLE,
        ),
        PROFILE,
        is_level=True,
    ),
    AnswerKind(
        "level_0_3",
        _("Level 0 to 3"),
        (
            _option("0", _("Not addressed"), 0, 0),
            _option("1", _("Mentioned"), 1, 1),
            _option("2", _("With a plan"), 2, 2),
            _option("3", _("Plan and evidence"), 3, 3),
            NOT_ENOUGH,
            NOT_APPLICABLE,
        ),
        PROFILE,
        is_level=True,
    ),
    AnswerKind(
        "met",
        _("Met / Partly met / Not met"),
        (
            _option("met", _("Met"), 1),
            _option("partly", _("Partly met"), HALF),
            _option("not_met", _("Not met"), 0),
            NOT_ENOUGH,
            NOT_APPLICABLE,
        ),
        (ResultKind.PROFILE, ResultKind.SHARE),
    ),
    AnswerKind(
        # Unclear is "not enough information" under the word that fits a flag: it asks the applicant.
        "flag",
        _("Not seen / Seen / Unclear"),
        (
            _option("not_seen", _("Not seen"), 1, mark=UNSEEN),
            _option("seen", _("Seen"), 0, mark=SEEN),
            AnswerOption(NEI, _("Unclear")),
        ),
        FLAGS,
    ),
    AnswerKind(
        "coverage",
        _("Main theme / Also addressed / Not addressed"),
        (
            _option("main", _("Main theme"), 1, mark=MAIN),
            _option("also", _("Also addressed"), HALF, mark=ALSO),
            _option("not_addressed", _("Not addressed"), 0, mark=ABSENT),
            NOT_ENOUGH,
        ),
        COVERAGE,
    ),
    AnswerKind(
        "four_p",
        _("Main / Secondary / None"),
        (
            _option("main", _("Main"), 1, mark=MAIN),
            _option("secondary", _("Secondary"), HALF, mark=ALSO),
            _option("none", _("None"), 0, mark=ABSENT),
            NOT_ENOUGH,
        ),
        COVERAGE,
    ),
    AnswerKind(
        "sub_yes_no",
        _("Sub-question: Yes / Partly / No"),
        (YES, PARTLY, NO, NOT_ENOUGH, NOT_APPLICABLE),
        for_sub_questions=True,
    ),
    AnswerKind(
        "sub_overlap",
        _("Sub-question: Yes / Partly / No, where Yes is an overlap and adverse"),
        (
            _option("yes", _("Yes"), 0),
            PARTLY,
            _option("no", _("No"), 1),
            NOT_ENOUGH,
            NOT_APPLICABLE,
        ),
        for_sub_questions=True,
    ),
    AnswerKind(
        "sub_evaluated",
        _("Sub-question: has it been evaluated"),
        (
            YES,
            PARTLY,
            NO,
            _option("pilot", _("No – a declared pilot with an evaluation design"), 0),
            NOT_ENOUGH,
        ),
        for_sub_questions=True,
    ),
    AnswerKind(
        "sub_effect",
        _("Sub-question: was an effect shown"),
        (
            _option("yes_exploitation", _("Yes – less exploitation"), 1),
            _option("yes_behaviour", _("Yes – changed behaviour"), 1),
            _option("yes_both", _("Yes – both"), 1),
            PARTLY,
            NO,
            NOT_EFFECTIVE,
            NOT_ENOUGH,
            NOT_APPLICABLE,
        ),
        for_sub_questions=True,
    ),
    AnswerKind(
        "sub_how",
        _("Sub-question: how was it assessed"),
        (
            AnswerOption(
                "adequate",
                _("Adequate"),
                Fraction(1),
                rank=2,
                needs_text=True,
                without_text="weak",
            ),
            AnswerOption("weak", _("Weak"), HALF, rank=1, needs_text=True),
            _option("none", _("None"), 0),
            NOT_ENOUGH,
        ),
        for_sub_questions=True,
    ),
    AnswerKind(
        "sub_percent",
        _("Sub-question: per cent, 0 to 100, if known"),
        (),
        is_percent=True,
        for_sub_questions=True,
    ),
)

ANSWER_KINDS: dict[str, AnswerKind] = {kind.code: kind for kind in _KINDS}
