"""Invented, complete answer sheets from poor to good, for the large set."""

from dataclasses import dataclass, field

from checklist import presentation, scoring
from checklist.scoring import ItemAnswer, SubAnswer
from checklist.selectors.instruments import Sheet

POOL = 240
REASONS = (
    "The narrative says so and the budget bears it out.",
    "Shown for one district only; the others are assumed.",
    "The logframe has no baseline for it.",
    "I looked for a source and found none.",
    "Named partners have a task each; letters are annexed.",
    "What is promised cannot be seen within the period.",
    "Tested with the group, with changes made after it.",
    "Said on one page and contradicted by the budget.",
    "Please send the evaluation that is mentioned.",
    "Strong on outputs, thin on what changes for people.",
)
QUOTES = ("as set out in the annex", "in agreement with the province", "by the end of the first year", "to be decided")


@dataclass(frozen=True)
class ScoredInstrument:
    """What `scoring.score` says of one instrument of a sheet, as the columns of a SubmittedScore."""

    version_pk: int
    columns: dict


@dataclass(frozen=True)
class AnswerSheet:
    """Answers to every criterion by (version id, key), and evidence beside some."""

    instruments: tuple[Sheet, ...]
    answers: dict[tuple[int, str], ItemAnswer]
    evidence: dict[tuple[int, str], tuple[str, str]]
    share: float
    _scores: dict[bool | None, tuple[ScoredInstrument, ...]] = field(default_factory=dict)

    def scores(self, contact):
        """What is scored where this is known of direct contact with victims; worked out for the first who asks."""
        if contact not in self._scores:
            self._scores[contact] = tuple(_scored(each, self.answers, contact) for each in self.instruments)
        return self._scores[contact]


def make_pool(sheets, rng, size=POOL):
    """`size` sheets, ordered by their share of favourable answers."""
    pool = [_make_sheet(sheets, rng, (number + 0.5) / size) for number in range(size)]
    return sorted(pool, key=lambda each: each.share)


def _make_sheet(sheets, rng, quality):
    answers = {(each.pk, spec.key): _complete(spec, rng, quality) for each in sheets for spec in each.spec.items}
    evidence = {place: (str(rng.randint(1, 12)), rng.choice(QUOTES)) for place in answers if rng.random() < 0.2}
    shares = (_scored(each, answers, None).columns["share"] for each in sheets)
    share = next((share for share in shares if share is not None), 0)
    return AnswerSheet(tuple(sheets), answers, evidence, float(share))


def _complete(spec, rng, quality):
    """An answer that may be submitted: drawn until the rules have nothing against it."""
    context = scoring.RoundContext()
    while True:
        given = _draw(spec, rng, quality)
        if not scoring.validate_item(spec, given, scoring.FormLength.SHORT, context):
            return given


def _draw(spec, rng, quality):
    rationale = f"{rng.choice(REASONS)} {rng.choice(REASONS)}"
    subs = {}
    if spec.subs and rng.random() < 0.4:
        subs = {sub.key: SubAnswer(*_sub(sub, rng, quality)) for sub in spec.subs}
        derived = scoring.derive(spec, subs).answer
        return ItemAnswer(derived, rationale, subs)
    return ItemAnswer(_option(spec.answer_kind, spec.polarity, rng, quality), rationale)


def _sub(sub, rng, quality):
    code = _option(sub.answer_kind, scoring.Polarity.YES_IS_GOOD, rng, quality)
    return code, (rng.choice(REASONS) if sub.answer_kind.option(code).needs_text else "")


def _option(kind, polarity, rng, quality):
    """A code, the better the higher the quality; now and then one of the two states."""
    if rng.random() < 0.07:
        states = [option.code for option in kind.options if option.is_state]
        return rng.choice(states)
    options = sorted(kind.substantive, key=lambda option: kind.rank(option.code, polarity))
    place = int((quality + rng.gauss(0, 0.22)) * len(options))
    return options[min(len(options) - 1, max(0, place))].code


def _scored(each, answers, contact):
    own = {key: answer for (version_pk, key), answer in answers.items() if version_pk == each.pk}
    result = scoring.score(each.spec, own, scoring.RoundContext(direct_contact=contact))
    span = getattr(result, "range", None)
    return ScoredInstrument(
        each.pk,
        {
            "marks": scoring.marks(result),
            "share": presentation.exact_percent(getattr(result, "share", None)),
            "low": presentation.exact_percent(span.low if span else None),
            "high": presentation.exact_percent(span.high if span else None),
            "judged": result.judged,
            "total": result.total,
            "blocks": sum(critical.blocks for critical in result.criticals),
        },
    )
