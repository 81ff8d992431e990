"""One number wherever it stands: ranking, panel, result page, exports, list and scorecard against `oracle`."""

import csv
import io
import json
import random
import re
from decimal import Decimal
from fractions import Fraction
from html import unescape
from statistics import median

import pytest
from django.urls import reverse

from checklist.models import Criterion, InstrumentVersion, RoundCriticalRule, RoundInstrument
from checklist.reporting.scorecard import scorecard_document
from checklist.reports import build_scorecard
from checklist.scoring import ItemAnswer, SubAnswer
from checklist.selectors.instruments import sheet
from checklist.selectors.ranking import ranking_of
from tests.factories import make_officer, make_proposal, make_reviewer, make_round

from . import oracle
from .written import answer, begin, submit

CHECKLIST, PRINCIPLES, PREVENTION, OSCE = (
    "siren-donor-checklist", "six-guiding-principles", "tip-2016-prevention", "osce-ten-principles",
)  # fmt: skip
PROFILES = {PRINCIPLES: "Six principles", PREVENTION: "TIP 2016 prevention", OSCE: "OSCE ten"}
RANKED_BY = (CHECKLIST, PRINCIPLES, OSCE)
WORD = {Fraction(1): "Favourable", Fraction(1, 2): "Partly", Fraction(0): "Adverse"}
STATE = {"nei": "Not enough information", "na": "Not applicable"}
HOW_FEW_JUDGE = (1, 2, 3, 3)


class Judged:
    """One assessment: what was answered, and what the oracle makes of it."""

    def __init__(self, reviewer, answers):
        self.reviewer, self.answers = reviewer, answers
        self.items = {key: self._value(key) for key in map(str, range(1, 12))}
        self.share, self.low, self.high, self.judged, self.applicable = oracle.checklist(self.items.values())
        levels = {key: oracle.level(key, said.answer) for key, said in answers.items() if key[0] in "PTO"}
        self.levels = {
            slug: {key: each for key, each in levels.items() if key[0] == letter}
            for slug, letter in ((PRINCIPLES, "P"), (PREVENTION, "T"), (OSCE, "O"))
        }

    def _value(self, key):
        said = self.answers[key]
        return oracle.item_value(key, said.answer, [(letter, sub.answer) for letter, sub in said.subs.items()])

    def result(self, slug):
        return self.share if slug == CHECKLIST else oracle.sound_share(self.levels[slug].values())

    def counts(self, slug):
        """(judged, applicable)"""
        if slug == CHECKLIST:
            return self.judged, self.applicable
        said = [each for each, _top in self.levels[slug].values()]
        return sum(each not in STATE for each in said), sum(each != "na" for each in said)

    def place(self, key):
        """Where an answer stands on its scale, from 0 to 1; None where it judges nothing."""
        if key in self.items:
            return None if self.items[key] in STATE else self.items[key]
        found, top = oracle.level(key, self.answers[key].answer)
        return None if found in STATE else Fraction(found, top)

    @property
    def sentence(self):
        if self.share is None:
            return "Nothing could be judged: 0 of 11"
        return f"{oracle.percent(self.share)} favourable, judged on {self.judged} of 11"


# -- Random rounds ------------------------------------------------------------------------------------


def draw(chance, spec):
    """Any answer that the form takes, with its words; some left to the sub-questions."""
    reason = f"Seen on page {chance.randint(1, 99)}."
    if spec.subs and chance.random() < 0.6:
        return ItemAnswer(None, reason, _draw_subs(chance, spec))
    code = chance.choices([option.code for option in spec.answer_kind.options], k=1)[0]
    how = {"c": SubAnswer("adequate", "Tried out with ten women.")} if spec.key == "8" and code == "yes" else {}
    return ItemAnswer(code, reason, how)


def _draw_subs(chance, spec):
    drawn = {}
    for sub in spec.subs:
        codes = [option.code for option in sub.answer_kind.options]
        # What would fall away if it were known is not left unknown.
        if spec.key == "2" and "nei" in codes:
            codes.remove("nei")
        is_moot = (spec.key == "2" and drawn.get("a") in ("no", "pilot")) or (
            spec.key == "3" and sub.key in "cd" and "no" in (drawn["a"], drawn["b"])
        )
        if not is_moot:
            drawn[sub.key] = chance.choice(codes)
    return {letter: SubAnswer(code, "In words.") for letter, code in drawn.items()}


@pytest.fixture(params=range(len(RANKED_BY)))
def played(request, instruments):
    """A round at random: (round, officer, what ranks, {proposal: [Judged]}); the seed is the number of the case."""
    chance, ranks = random.Random(request.param), RANKED_BY[request.param]
    round_ = make_round("SAME")
    versions = {
        slug: InstrumentVersion.objects.usable().get(instrument__slug=slug)
        for slug in (CHECKLIST, PRINCIPLES, PREVENTION, OSCE)
    }
    for position, (slug, version) in enumerate(versions.items(), start=1):
        limits = {"threshold": 50, "minimum_coverage": 60} if slug == CHECKLIST else {}
        RoundInstrument.objects.create(round=round_, version=version, position=position, ranks=slug == ranks, **limits)
    criteria = Criterion.objects.filter(version__in=versions.values())
    # Stops are another matter: here every proposal stands by its numbers.
    RoundCriticalRule.objects.bulk_create(
        RoundCriticalRule(round=round_, criterion=each, rule="none") for each in criteria
    )
    officer = make_officer(round_)
    reviewers = [make_reviewer(round_, name=f"Reviewer {number}") for number in range(1, 4)]
    found = {}
    for number, count in enumerate(HOW_FEW_JUDGE, start=1):
        proposal = make_proposal(round_, title=f"Proposal number {number}")
        found[proposal] = [_judge(chance, proposal, reviewer, versions, officer) for reviewer in reviewers[:count]]
    return round_, officer, ranks, found


def _judge(chance, proposal, reviewer, versions, officer):
    assessment = begin(proposal, reviewer, officer)
    answers = {
        criterion.key: draw(chance, criterion.spec)
        for version in versions.values()
        for criterion in sheet(version.pk).criteria
    }
    answer(assessment, answers)
    judged = Judged(reviewer, answers)
    judged.assessment = submit(assessment, "do_not_recommend")
    return judged


def test_shares_that_come_to_exactly_the_threshold_reach_it(instruments):
    round_ = make_round("EXACT")
    version = InstrumentVersion.objects.usable().get(instrument__slug=CHECKLIST)
    RoundInstrument.objects.create(round=round_, version=version, position=1, ranks=True, threshold=50)
    rules = [RoundCriticalRule(round=round_, criterion=each, rule="none") for each in version.criteria.all()]
    RoundCriticalRule.objects.bulk_create(rules)
    proposal, officer = make_proposal(round_), make_officer(round_)
    # A third, a third, and five sixths; as they are stored they come to 49.9997 %.
    for codes in (("yes", "no", "no"), ("yes", "no", "no"), ("yes", "yes", "partly")):
        given = dict(zip(("1", "2", "5"), codes, strict=True))
        said = {key: ItemAnswer(given.get(key, "na"), "Seen on page 4.") for key in map(str, range(1, 12))}
        assessment = begin(proposal, make_reviewer(round_), officer)
        answer(assessment, said)
        submit(assessment, "do_not_recommend")

    (row,) = ranking_of(round_, officer).rows

    assert (row.own.mean, row.place) == (Fraction(1, 2), 1)


# -- Where numbers stand ------------------------------------------------------------------------------


def table(client, address):
    """The rows of an export as {column: value}."""
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def words(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).replace("\xa0", " ")


def page(client, name, *args):
    return client.get(reverse(f"checklist:{name}", args=args)).content.decode()


def number(text):
    return None if text == "" else Decimal(text)


def exact(share):
    """Per cent as a file has it, with three decimals."""
    return None if share is None else oracle.rounded(share * 100, 3)


def test_every_surface_says_what_the_answers_come_to(client, played):
    round_, officer, ranks, found = played
    client.force_login(officer)

    check_ranking(client, round_, ranks, found)
    check_list(client, round_, found)
    check_exports(client, round_, found)
    for proposal, judged in found.items():
        check_panel(client, proposal, judged)
        for each in judged:
            check_result_and_scorecard(client, each)


def check_ranking(client, round_, ranks, found):
    address = reverse("checklist:round-ranking", args=[round_.reference])
    rows = {row["Proposal"]: row for row in table(client, f"{address}?export=csv")}
    shown = {words(row) for row in re.findall(r"<tr.*?</tr>", client.get(address).content.decode(), re.DOTALL)}
    means = {}
    for proposal, judged in found.items():
        row, results = rows[proposal.title], [each.result(ranks) for each in judged]
        known = [each for each in results if each is not None]
        counts = [each.counts(ranks) for each in judged]
        assert number(row["Mean"]) == exact(oracle.mean(results)), proposal
        assert number(row["Spread"]) == exact(oracle.spread(results)), proposal
        assert number(row["Median"]) == exact(median(known) if known else None), proposal
        assert number(row["Coverage"]) == exact(Fraction(sum(a for a, _b in counts), sum(b for _a, b in counts)))
        each = "; ".join(f"{one.reviewer}: {oracle.percent(one.result(ranks))}" for one in judged)
        assert row["Each reviewer"] == each
        assert _is_ranked(judged, ranks) == bool(row["Place"]), proposal
        said = next(text for text in shown if proposal.title in text)
        assert oracle.percent(oracle.mean(results), 1) in said
        if row["Place"]:
            means[int(row["Place"])] = oracle.mean(results)
        check_beside(row["Beside it"], judged, ranks)
    in_order = [means[place] for place in sorted(means)]
    assert sorted(means) == list(range(1, len(means) + 1))
    assert in_order == sorted(in_order, reverse=True)


def _is_ranked(judged, ranks):
    """At least 50 % on the checklist, and 60 % of what applies judged."""
    share = oracle.mean(each.share for each in judged)
    covered = Fraction(sum(each.judged for each in judged), sum(each.applicable for each in judged))
    has_result = oracle.mean(each.result(ranks) for each in judged) is not None
    return has_result and share is not None and share >= Fraction(1, 2) and covered >= Fraction(60, 100)


def check_beside(said, judged, ranks):
    if ranks != CHECKLIST:
        assert f"Donor checklist: {oracle.percent(oracle.mean(each.share for each in judged), 1)}" in said
    for slug, title in PROFILES.items():
        if slug == ranks:
            continue
        levels = []
        for number, key in enumerate(judged[0].levels[slug], start=1):
            known = [Fraction(each.levels[slug][key][0]) for each in judged if each.levels[slug][key][0] not in STATE]
            levels.append(f"{number}: {oracle.rounded(oracle.mean(known), 1) if known else '–'}")
        assert f"{title}: {'; '.join(levels)}" in said


def check_list(client, round_, found):
    rows = table(client, reverse("checklist:proposal-list", args=[round_.reference]) + "?export=csv")
    for proposal, judged in found.items():
        said = next(row for row in rows if row["Title"] == proposal.title)["Checklists"]
        assert [counted(part) for part in said.split(" | ")] == [counts_of(each) for each in judged]


def counted(said):
    return {word: int(count) for count, word in re.findall(r"(\d+) ([a-z ]+)", said)}


def counts_of(judged):
    names = [WORD.get(value) or STATE[value] for value in judged.items.values()]
    return {name.lower(): names.count(name) for name in dict.fromkeys(names)}


def check_exports(client, round_, found):
    address = reverse("checklist:score-export", args=[round_.reference, "csv"])
    wide, long = (table(client, f"{address}?shape={shape}") for shape in ("wide", "long"))
    for proposal, judged in found.items():
        for each in judged:
            who = (proposal.reference, str(each.reviewer))
            (row,) = [row for row in wide if (row["Proposal"], row["Reviewer"]) == who]
            own = [row for row in long if (row["Proposal"], row["Reviewer"]) == who]
            check_wide(row, each)
            check_long(own, each)


def check_wide(row, judged):
    name = "Donor checklist 1"
    sums = [number(row[f"{name}: {title}"]) for title in ("share %", "low %", "high %")]
    assert sums == [exact(judged.share), exact(judged.low), exact(judged.high)]
    assert (row[f"{name}: judged"], row[f"{name}: of"]) == (str(judged.judged), "11")
    for key, value in judged.items.items():
        assert row[f"{name} {key}: finding"] == (WORD.get(value) or STATE[value]), key
    for slug, title in PROFILES.items():
        assert row[f"{title} 1: judged"] == str(judged.counts(slug)[0])


def check_long(rows, judged):
    # Rows of sub-questions have no finding.
    items = {row["Number"]: row for row in rows if row["Instrument"] == "Donor checklist" and row["Finding"]}
    assert set(items) == set(judged.items)
    for key, row in items.items():
        sums = [number(row[title]) for title in ("Share %", "Low %", "High %")]
        assert sums == [exact(judged.share), exact(judged.low), exact(judged.high)]
        assert row["Finding"] == (WORD.get(judged.items[key]) or STATE[judged.items[key]])


def check_panel(client, proposal, judged):
    html = page(client, "proposal-panel", proposal.pk)
    said = words(html)
    for each in judged:
        assert each.sentence in said
    keys = dict(Criterion.objects.filter(version__assessments__proposal=proposal).values_list("pk", "key"))
    rows = dict(re.findall(r'<tr id="c-(\d+)" class="matrix-row">(.*?)</tr>', html, re.DOTALL))
    assert len(rows) == len(judged[0].answers)
    for pk, row in rows.items():
        places = [each.place(keys[int(pk)]) for each in judged]
        known = [place for place in places if place is not None]
        apart = max(known) - min(known) if len(known) > 1 else None
        expected = "nothing to compare" if apart is None else f"{oracle.percent(apart)} apart" if apart else "the same"
        assert expected in words(row), (keys[int(pk)], words(row))
        unknown = len(places) - len(known)
        assert (f"{unknown} could not judge" in words(row)) == bool(unknown)


def check_result_and_scorecard(client, judged):
    assert judged.sentence in words(page(client, "assessment-result", judged.assessment.pk))
    document = scorecard_document(build_scorecard(judged.assessment))
    assert judged.sentence in words(document.html)
    parts = {part["slug"]: part for part in json.loads(document.attachments[0].text)["parts"]}
    part = parts[CHECKLIST]
    shares = [
        None if part[name] is None else Decimal(str(part[name])).quantize(Decimal("0.001"))
        for name in ("share", "low", "high")
    ]
    assert shares == [exact(judged.share), exact(judged.low), exact(judged.high)]
    assert (part["judged"], part["total"]) == (judged.judged, 11)
    for slug in PROFILES:
        assert parts[slug]["judged"] == judged.counts(slug)[0]
