"""Instrument files: what is shipped, and what is refused with which words."""

import hashlib
import os
import re
from pathlib import Path

import pytest

from checklist.instrument_files import InvalidFile, read_crosswalk, read_instrument
from checklist.scoring import COMBINING_RULES, REASON_RULES, Polarity, Strength

from .instruments import CHECKLIST, CROSSWALK, FOLDER, PRINCIPLES, read
from .instruments import NAMES as ALL_NAMES

NAMES = ("siren-donor-checklist.yaml", "six-guiding-principles.yaml")
# The source documents are not part of the project; point this at a folder that holds them.
SOURCES = Path(os.environ.get("SCREENING_SOURCES") or FOLDER.parents[2] / "shared" / "seeds")

SMALL = """\
format: 1
slug: small
version: 1
result: share
title: Small
short_title: Small
source: Invented for a test
interpretation_note: All of it
criteria:
  - key: "1"
    title: First
    wording: Is it good?
    kind: yes_no
    reasons: always
"""


def errors(text):
    with pytest.raises(InvalidFile) as caught:
        read_instrument(text, "small.yaml")
    return [str(error) for error in caught.value.errors]


# -- what is shipped --------------------------------------------------------------------------


def test_the_checklist_has_the_eleven_items_in_order():
    assert [item.key for item in CHECKLIST.items] == [str(number) for number in range(1, 12)]
    assert CHECKLIST.result_kind == "share"


def test_only_item_3_is_reversed_and_only_item_7_is_linked():
    assert [i.key for i in CHECKLIST.items if i.polarity is Polarity.YES_IS_BAD] == ["3"]
    assert [i.key for i in CHECKLIST.items if i.kind == "linked"] == ["7"]


def test_the_default_critical_items():
    found = {
        item.key: (item.critical.mode.value, item.critical.condition.value, "".join(item.critical.scope))
        for item in CHECKLIST.items
        if item.critical.mode != "none"
    }

    assert found == {
        "1": ("block", "always", ""),
        "3": ("explain", "always", ""),
        "4": ("block", "always", "abc"),
        "6": ("block", "full_proposal_stage", "a"),
        "8": ("block", "direct_contact_with_victims", ""),
        "10": ("block", "direct_contact_with_victims", ""),
        "11": ("block", "always", "a"),
    }


def test_every_item_weighs_the_same():
    assert {item.weight for item in (*CHECKLIST.items, *PRINCIPLES.items)} == {1}


def test_double_barrelled_items_have_their_sub_questions():
    found = {item.key: "".join(sub.key for sub in item.subs) for item in CHECKLIST.items}

    assert found == {
        "1": "ab", "2": "ab", "3": "abcd", "4": "abcd", "5": "ab", "6": "ab",
        "7": "", "8": "abc", "9": "", "10": "ab", "11": "abc",
    }  # fmt: skip


def test_every_principle_has_a_descriptor_for_each_level_in_both_languages():
    file = read("six-guiding-principles.yaml")
    french = {each.path for each in file.translations if each.text}

    for criterion in file.criteria:
        assert [answer.code for answer in criterion.answers if answer.descriptor] == list("01234")
        for code in "01234":
            assert f"criteria/{criterion.key}/levels/{code}/descriptor" in french
            assert f"criteria/{criterion.key}/levels/{code}/label" in french


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_is_read_is_there_in_french_and_marked_unofficial(name):
    file = read(name)
    wanted = {"title", "short_title", "introduction", "interpretation_note"}
    for criterion in file.criteria:
        path = f"criteria/{criterion.key}"
        wanted |= {f"{path}/{part}" for part in ("short_title", "wording", "guidance", "look_for", "warning_signs")}
        wanted |= {f"{path}/sub/{sub.key}/wording" for sub in criterion.subs}
        wanted |= {f"{path}/sub/{sub.key}/hint" for sub in criterion.subs if sub.hint}
        wanted |= {f"{path}/levels/{a.code}/label" for a in criterion.answers if a.label}
        wanted |= {f"{path}/levels/{a.code}/descriptor" for a in criterion.answers if a.descriptor}

    french = {each.path for each in file.translations if each.language == "fr"}

    assert wanted - french == set()
    assert not any(each.is_official for each in file.translations)


def test_the_cross_walk_has_the_main_links_of_the_design():
    main = {}
    for row in CROSSWALK:
        if row.strength is Strength.MAIN:
            main.setdefault(row.target_key, []).append(row.source_key)

    assert main == {
        "P2": ["1", "2"],
        "P1": ["3", "7"],
        "P5": ["4", "8"],
        "P6": ["5", "6", "11"],
        "P4": ["9"],
        "P3": ["10"],
    }
    assert {row.source_key for row in CROSSWALK} <= {item.key for item in CHECKLIST.items}
    assert {row.target_key for row in CROSSWALK} == {item.key for item in PRINCIPLES.items}


# -- quotations -------------------------------------------------------------------------------


def _plain(text):
    """White space and quotation marks made alike; nothing else."""
    text = re.sub(r"[“”«»]", '"', text)
    return re.sub(r"\s+", " ", re.sub(r"[‘’]", "'", text)).strip()


# What is quoted from where: the introductions of all, and the wording of those whose items are printed.
T26, IJSHS = "unodc-toolkit-2-6-guiding-principles.txt", "ijshs-partnership-and-the-3ps.txt"
QUOTED = {
    "siren-donor-checklist.yaml": ("siren-gms-04-donor-checklist.txt", True),
    "six-guiding-principles.yaml": ("six-guiding-principles.txt", True),
    "osce-ten-principles.yaml": (T26, True),
    "icmpd-five-principles.yaml": (T26, True),
    "commonwealth-proposals.yaml": (T26, True),
    "tip-2016-prevention.yaml": ("tip-report-2016-prevention.txt", True),
    "ijshs-recommendations.yaml": (IJSHS, True),
    "siren-red-flags.yaml": ("siren-gms-04-donor-checklist.txt", False),
    "four-p-coverage.yaml": (IJSHS, False),
}
# SHA-256 of the quoted words, so that they cannot change unseen where the source documents are not at hand.
FINGERPRINTS = {
    "siren-donor-checklist.yaml": "37b2279e71859be47386f1b61e89d941899220e907596272c3784b0de9275d94",
    "six-guiding-principles.yaml": "b368bd5a952185910e569905c3a786cdb07ae3996c4ee969ec601ba579a54933",
    "osce-ten-principles.yaml": "a99a192e666be79f5ad02353bf6af59d1fb56744ef53e8e7b04c7762636fffe5",
    "icmpd-five-principles.yaml": "7b91288aacbcd1c6790f210ec265bc2becb68eab52a7a1636f20f8501cd157d8",
    "commonwealth-proposals.yaml": "c7ff786a00b7d958cf0fd9f4a5af2ca75294026997444c385d69dda004e92393",
    "tip-2016-prevention.yaml": "cc6facfd1e1fba962bc9d1509d08f42fb7ed309c527024b70d724b39cc553abc",
    "ijshs-recommendations.yaml": "7ef8bed9fc499087769cb92cce178d8391475295262f3cb6bbc254c85a51b180",
    "siren-red-flags.yaml": "decd097d94492c8efc9e7661ccc0a843adfdb0d64c038fa9bd31d431a7bdc2ed",
    "four-p-coverage.yaml": "2bf8af45df975b751f6442755b123496eb0cfb478c742fd33ab2962e37c49098",
}


def _quoted(name):
    file = read(name)
    wordings = [criterion.wording for criterion in file.criteria] if QUOTED[name][1] else []
    return [_plain(text) for text in (file.introduction, *wordings)]


def test_every_file_says_what_is_quoted():
    assert set(QUOTED) == set(ALL_NAMES)


@pytest.mark.parametrize("name", QUOTED)
def test_quoted_words_are_the_ones_that_were_compared(name):
    assert hashlib.sha256("\n".join(_quoted(name)).encode()).hexdigest() == FINGERPRINTS[name]


@pytest.mark.parametrize("name", QUOTED)
def test_quoted_words_stand_in_the_source(name):
    source = QUOTED[name][0]
    document = SOURCES / source
    if not document.is_file():
        pytest.skip(f"the source document {source} is not at hand; set SCREENING_SOURCES to its folder")
    printed = _plain(document.read_text(encoding="utf-8"))

    assert [text for text in _quoted(name) if text not in printed] == []


@pytest.mark.parametrize("name", [name for name, (_source, is_quoted) in QUOTED.items() if not is_quoted])
def test_words_of_ours_say_so_and_name_their_place(name):
    file = read(name)

    assert all(criterion.guidance.startswith("Our wording after ") for criterion in file.criteria)
    assert "our wording" in file.interpretation_note


@pytest.mark.parametrize("name", [name for name in QUOTED if name not in NAMES])
def test_a_further_instrument_is_complete_and_off(name):
    file = read(name)

    assert not file.is_default
    assert "ours" in file.interpretation_note or "our interpretation" in file.interpretation_note
    assert all(criterion.guidance and criterion.look_for for criterion in file.criteria)
    for criterion in file.criteria:
        if criterion.spec.answer_kind.is_level:
            assert [answer.code for answer in criterion.answers if answer.descriptor] == [*"0123", "na"]


def test_the_slip_of_the_source_is_not_copied():
    text = (FOLDER / "four-p-coverage.yaml").read_text(encoding="utf-8").casefold()

    assert "persecution" not in text
    assert "prosecution" in text
    assert "unreliable" in text


def test_the_items_are_the_whole_printed_lines():
    document = SOURCES / "siren-gms-04-donor-checklist.txt"
    if not document.is_file():
        pytest.skip("the source document is not at hand; set SCREENING_SOURCES to its folder")
    lines = [line.strip() for line in document.read_text(encoding="utf-8").splitlines()]
    start = next(n for n, line in enumerate(lines) if line.startswith("Simple Donor Checklist")) + 1

    assert [criterion.wording for criterion in read(NAMES[0]).criteria] == lines[start : start + 11]


# -- what is refused ----------------------------------------------------------------------------


def test_the_small_file_is_fine():
    file = read_instrument(SMALL, "small.yaml")

    assert (file.slug, file.version, file.criteria[0].number, file.criteria[0].spec.weight) == ("small", 1, "1", 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("format: 1", "format: 2", "small.yaml:1: format: '2' is not known; choose one of: 1"),
        ("slug: small", "slug: Small One", "small.yaml:2: slug: may hold only small letters, digits and single hyphens"),
        ("version: 1", "version: one", "small.yaml:3: version: 'one' is not a whole number from 1"),
        ("version: 1", "version: 0", "small.yaml:3: version: '0' is not a whole number from 1"),
        ("result: share", "result: sum", "small.yaml:4: result: 'sum' is not known; choose one of: share, profile, flags, coverage"),
        ("title: Small\n", "", "small.yaml:1: 'title' is missing"),
        ("source: Invented for a test", "source:", "small.yaml:7: source: must not be empty"),
        ("source: Invented", "source: [a, b] #", "small.yaml:7: source: must be a text"),
        ("    wording: Is it good?\n", "", "small.yaml:10: criteria/1: 'wording' is missing"),
        ("    kind: yes_no", "    weight: -1\n    kind: yes_no",
         "small.yaml:13: criteria/1/weight: '-1' is not a number from 0 to 9999.99"),
        ("    kind: yes_no", "    polarity: yes_is_bad\n    kind: linked",
         "small.yaml:13: criteria/1/polarity: the kind 'linked' cannot be turned round"),
        ("    kind: yes_no", "    combining: minimum\n    kind: yes_no",
         "small.yaml:13: criteria/1/combining: a combining rule needs sub-questions"),
        ("    kind: yes_no", "    critical: {rule: block, scope: [z]}\n    kind: yes_no",
         "small.yaml:13: criteria/1/critical/scope: there is no sub-question 'z'"),
        ("    kind: yes_no", "    answers: {maybe: {label: Maybe}}\n    kind: yes_no",
         "small.yaml:13: criteria/1/answers/maybe: is not an answer of the kind 'yes_no'"),
        ("    kind: yes_no", "    look_for: everything\n    kind: yes_no",
         "small.yaml:13: criteria/1/look_for: must be a list of texts"),
        ("    kind: yes_no", "    domain: d1\n    kind: yes_no", "small.yaml:13: criteria/1/domain: there is no domain 'd1'"),
        ("    kind: yes_no", "    kind: level_0_4",
         "small.yaml:10: criteria: criterion '1' has the kind 'level_0_4', which does not go with the result 'share'"),
        ("version: 1", "version: 1\nversion: 2", "small.yaml:4: 'version' stands here twice"),
    ],
)  # fmt: skip
def test_an_error_names_its_place(old, new, message):
    assert message in errors(SMALL.replace(old, new, 1))


def test_an_unknown_name_is_refused_with_the_known_ones():
    found = errors(SMALL + "    pionts: 3\n")

    assert len(found) == 1
    assert found[0].startswith("small.yaml:15: criteria/1/pionts: is not known here; known are: ")
    assert "weight" in found[0]


def test_all_errors_are_found_at_once_in_the_order_of_lines():
    text = SMALL.replace("version: 1", "version: x").replace("reasons: always", "reasons: never")

    found = errors(text)

    assert [error.split(":")[1] for error in found] == ["3", "14"]
    assert "choose one of: " + ", ".join(REASON_RULES) in found[1]


def test_a_key_may_stand_once():
    second = SMALL.split("criteria:\n")[1]

    assert "criteria: the key '1' stands here twice" in errors(SMALL + second)[0]


def test_a_sub_question_needs_a_rule_that_fits():
    text = SMALL + "    sub_questions:\n      - {key: a, kind: sub_yes_no, wording: Really}\n"

    assert "combining None is not known; choose one of: " + ", ".join(COMBINING_RULES) in errors(text)[0]


def test_yes_and_no_stay_words():
    file = read_instrument(SMALL + "    answers: {no: {label: Never}, yes: {label: Always}}\n", "small.yaml")

    assert [(answer.code, answer.label) for answer in file.criteria[0].answers] == [("yes", "Always"), ("no", "Never")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "small.yaml:1: the file is empty"),
        ("- a\n- b", "small.yaml:1: must be a mapping of names to values"),
        ("a: [1", "small.yaml:1: is not YAML"),
        ("a: {b: c d: e}", "is not YAML"),
        ("a: &x 1\nb: *x", "small.yaml:2: aliases (*name) are not allowed"),
        ("a: \x00", "small.yaml:1: is not YAML"),
        ("a: !!python/object:os.system 1", "'format' is missing"),
    ],
)
def test_what_is_no_instrument_is_refused(text, message):
    assert any(message in error for error in errors(text))


@pytest.mark.parametrize(
    ("translation", "message"),
    [
        ("  en: {title: Small}", "translations/en: is not the code of another language, such as fr"),
        ('  fr: {criteria: {"2": {title: X}}}', "translations/fr/criteria/2: there is no such criterion"),
        (
            '  fr: {criteria: {"1": {sub_questions: {a: {wording: X}}}}}',
            "sub_questions/a: there is no such sub-question",
        ),
        ('  fr: {criteria: {"1": {look_for: [X]}}}', "look_for: has 1 lines, the original has 0"),
        ('  fr: {criteria: {"1": {answers: {maybe: {label: X}}}}}', "is not an answer of the kind 'yes_no'"),
        ("  fr: {titel: X}", "translations/fr/titel: is not known here"),
    ],
)
def test_a_translation_of_nothing_is_refused(translation, message):
    assert message in errors(f"{SMALL}translations:\n{translation}\n")[0]


def test_translations_become_paths():
    text = SMALL + 'translations:\n  fr: {official: true, title: Petit, criteria: {"1": {title: Premier}}}\n'

    found = [(t.language, t.path, t.text, t.is_official) for t in read_instrument(text, "small.yaml").translations]

    assert found == [("fr", "title", "Petit", True), ("fr", "criteria/1/short_title", "Premier", True)]


def test_comments_and_spacing_do_not_change_the_content():
    same = SMALL.replace("title: Small\n", "# a remark\n\ntitle:   Small\n", 1)

    assert read_instrument(SMALL, "a").content_hash == read_instrument(same, "b").content_hash
    other = SMALL.replace("Is it good?", "Is it very good?")
    assert read_instrument(SMALL, "a").content_hash != read_instrument(other, "b").content_hash


# -- cross-walk -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("rows: {}", "cross.yaml:1: a cross-walk needs at least one row"),
        ('rows: {"1": {main: [P1], supporting: [P1]}}', "cross.yaml:4: rows: 1 and P1 are linked twice"),
        ('rows: {"1": {chief: [P1]}}', "rows/1/chief: is not known here; known are: main, supporting"),
    ],
)
def test_a_wrong_cross_walk_is_refused(rows, message):
    with pytest.raises(InvalidFile) as caught:
        read_crosswalk(f"format: 1\nfrom: a\nto: b\n{rows}\n", "cross.yaml")

    assert any(message in str(error) for error in caught.value.errors)
