"""Random instruments: everything that a file may say, drawn from the registries."""

from fractions import Fraction

from hypothesis import strategies as st

from checklist.answer_kinds import ANSWER_KINDS
from checklist.combining import COMBINING_RULES, shape_errors
from checklist.fitting import kinds_for, polarities_for
from checklist.instrument_content import (
    AnswerText,
    CriterionText,
    DomainText,
    InstrumentFile,
    SubText,
    TranslatedText,
)
from checklist.item_rules import REASON_RULES
from checklist.scoring import ItemAnswer, SubAnswer
from checklist.specs import (
    CriticalCondition,
    CriticalMode,
    CriticalRule,
    InstrumentScope,
    ItemSpec,
    ResultKind,
    SubSpec,
)
from checklist.tidying import tidy_line, tidy_text

SUB_KINDS = [kind.code for kind in ANSWER_KINDS.values() if kind.for_sub_questions]
# What spreadsheets, YAML and XLSForm would like to read as something else.
ODD = (
    "=1+1", "'=1+1", "''-2", "+41", "-", "@home", "yes", "no", "null", "1.0", "007", "# not a comment", "a: b",
    "- a list", "{x}", "[y]", "${c_1}", "*alias", "&anchor", "!tag", "%s %(n)s", "<b>&amp;", "{{ braces }}",
    "'quoted'", '"quoted"', "trailing \\", "ends with :", "two\n\nparts", "a\n  b\n c", "tab\tin it", "é日本ខ្មែរ",
    "🙂", "_x000D_ x", "~", "0x1F", "2026-01-01", "1e3", "true", "|", ">", "? a", "line\n# and line", "a\n- b: c",
)  # fmt: skip

free = st.text("abc XYZ09\n\t'\"=+-@:#&<{}$%.,éខ🙂\u00a0\u2028", min_size=1, max_size=30)
texts = st.sampled_from(ODD) | free.map(tidy_text).filter(bool)
lines = texts.map(tidy_line).filter(bool)
keys = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,3}[A-Za-z0-9])?", fullmatch=True)
languages = st.sampled_from(("fr", "km", "pt-br", "zz"))


def cut(most):
    """Texts that fit into a column."""
    return texts.map(lambda text: tidy_text(text[:most])).filter(bool)


def maybe(strategy):
    return st.just("") | strategy


@st.composite
def _subs(draw, item):
    """(combining rule or None, sub-questions) that fit together."""
    rule = draw(st.sampled_from([None, *COMBINING_RULES.values()]))
    if rule is None:
        return None, ()
    named = rule.roles or draw(st.lists(st.sampled_from("abcde"), min_size=1, max_size=4, unique=True))
    drawn = tuple(SubText(key, draw(st.sampled_from(SUB_KINDS)), draw(texts), draw(maybe(texts))) for key in named)
    specs = tuple(SubSpec(sub.key, sub.kind) for sub in drawn)
    fits = not shape_errors(ItemSpec(item.key, item.kind, combining=rule.code, subs=specs))
    return (rule.code, drawn) if fits else (None, ())


@st.composite
def _criterion(draw, key, kinds, domains):
    kind = draw(st.sampled_from(kinds))
    combining, subs = draw(_subs(ItemSpec(key, kind.code)))
    scope = draw(st.lists(st.sampled_from([sub.key for sub in subs]), unique=True)) if subs else []
    critical = CriticalRule(draw(st.sampled_from(CriticalMode)), draw(st.sampled_from(CriticalCondition)), tuple(scope))
    spec = ItemSpec(
        key=key,
        kind=kind.code,
        polarity=draw(st.sampled_from(polarities_for(kind))),
        weight=Fraction(draw(st.integers(0, 999_999)), 100),
        reason_rule=draw(st.sampled_from(list(REASON_RULES))),
        critical=critical,
        combining=combining,
        subs=tuple(SubSpec(sub.key, sub.kind) for sub in subs),
        about_harm=draw(st.booleans()),
    )
    own = draw(st.sets(st.sampled_from([option.code for option in kind.options])))
    answers = (
        AnswerText(option.code, draw(maybe(cut(200))), draw(maybe(texts)))
        for option in kind.options
        if option.code in own
    )
    return CriterionText(
        key=key,
        number=draw(cut(20)),
        domain=draw(st.sampled_from(["", *(domain.key for domain in domains)])),
        title=draw(cut(120)),
        wording=draw(texts),
        guidance=draw(maybe(texts)),
        look_for=tuple(draw(st.lists(lines, max_size=3))),
        warning_signs=tuple(draw(st.lists(lines, max_size=2))),
        spec=spec,
        subs=subs,
        answers=tuple(answer for answer in answers if answer.label or answer.descriptor),
    )


def _translations(draw, content):
    """A part of the texts in up to two other languages."""
    for language in draw(st.sets(languages, max_size=2)):
        is_official = draw(st.booleans())
        for path, text in draw(st.lists(st.sampled_from(list(content.texts())), max_size=8, unique=True)):
            yield TranslatedText(language, path, draw(_translated(path, text)), is_official)


def _translated(path, text):
    if path.endswith(("/look_for", "/warning_signs")):
        count = len(text.split("\n"))
        return st.lists(lines, min_size=count, max_size=count).map("\n".join)
    limits = {"title": 200, "short_title": 60 if path == "short_title" else 120, "label": 200}
    most = limits.get(path.rpartition("/")[2])
    return cut(most) if most else texts


@st.composite
def instruments(draw):
    """A valid InstrumentFile, as a file would be read."""
    result = draw(st.sampled_from(ResultKind))
    kinds = list(kinds_for(result))
    if result is ResultKind.PROFILE:
        kinds = [draw(st.sampled_from(kinds))]
    domain_keys = draw(st.lists(keys, max_size=2, unique=True))
    domains = tuple(DomainText(key, draw(cut(200))) for key in domain_keys)
    criterion_keys = draw(st.lists(keys, min_size=1, max_size=3, unique_by=str.casefold))
    content = InstrumentFile(
        slug=draw(st.from_regex(r"[a-z][a-z0-9]{2,8}(-[a-z0-9]{1,6})?", fullmatch=True)),
        version=draw(st.integers(1, 99)),
        language=draw(st.sampled_from(("en", "es", "ar"))),
        result_kind=result,
        is_default=draw(st.booleans()),
        title=draw(cut(200)),
        short_title=draw(cut(60)),
        source=draw(texts),
        introduction=draw(maybe(texts)),
        interpretation_note=draw(maybe(texts)),
        change_note=draw(maybe(texts)),
        domains=domains,
        criteria=tuple(draw(_criterion(key, kinds, domains)) for key in criterion_keys),
        translations=(),
        applies_to=draw(st.sampled_from(InstrumentScope)),
    )
    return content.with_translations(_translations(draw, content))


@st.composite
def answers_to(draw, spec):
    """Random answers to an instrument, unanswered questions and missing words included."""
    return {item.key: draw(_answer_to(item)) for item in spec.items}


@st.composite
def _answer_to(draw, item):
    subs = {sub.key: SubAnswer(draw(_code(sub.answer_kind)), draw(maybe(texts))) for sub in item.subs}
    return ItemAnswer(draw(_code(item.answer_kind)), draw(maybe(texts)), subs, draw(st.booleans()))


def _code(kind):
    if kind.is_percent:
        return st.none() | st.integers(0, 100).map(str)
    return st.none() | st.sampled_from([option.code for option in kind.options])
