"""What looks sensitive, and how words are left out of a report."""

from dataclasses import dataclass
from time import perf_counter

import pytest

from checklist.sensitive import ADDRESS, EMAIL, INSIDE, LONGEST, NAME, PHONE, PLACE, SHELTER, find, texts_of, without


@dataclass(frozen=True)
class Line:
    reference: str
    words: str


@dataclass(frozen=True)
class Letter:
    title: str
    lines: tuple[Line, ...]
    facts: tuple[tuple[str, str], ...] = ()


def kinds(text):
    return [(each.kind, each.text) for each in find([text])]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Write to mary.example+a@field-office.example, please.", EMAIL, "mary.example+a@field-office.example"),
        ("Call +66 81 234 5678 after nine.", PHONE, "+66 81 234 5678"),
        ("Call (0)20 7946 0018.", PHONE, "(0)20 7946 0018"),
        ("Téléphone : 06 12 34 56 78.", PHONE, "06 12 34 56 78"),
        ("She lives at 12 Rose Street.", ADDRESS, "12 Rose Street"),
        ("The office is at 45/2 Soi 7.", ADDRESS, "45/2 Soi 7"),
        ("Elle habite 14 bis, rue des Lilas.", ADDRESS, "14 bis, rue des Lilas"),
        ("Meet in house no. 7, Village 4.", ADDRESS, "house no. 7, Village 4"),
        ("It stands at 13.75632, 100.50177 now.", PLACE, "13.75632, 100.50177"),
        ("It stands at 13°45'22\"N.", PLACE, "13°45'22\"N"),
        ("Our safe house is behind the market of Mae Sot.", SHELTER, "safe house is behind the market of Mae Sot"),
        ("The shelter in Poipet has ten beds.", SHELTER, "shelter in Poipet has ten beds"),
        ("In Battambang a second shelter opens.", SHELTER, "In Battambang a second shelter opens"),
        ("Le foyer est situé derrière la gare.", SHELTER, "foyer est situé derrière la gare"),
        ("The survivor Mary Example came back.", NAME, "Mary Example"),
        ("Victims: Ann Other, Bo Third and Cy Fourth.", NAME, "Ann Other, Bo Third and Cy Fourth"),
        ("La victime Marie Exemple a témoigné.", NAME, "Marie Exemple"),
        ("We met Ms Lan (survivor) there.", NAME, "Ms Lan"),
        ("There was Mary Example, a victim of trafficking.", NAME, "Mary Example"),
        ("Il y a Marie Exemple – survivante, nous parlons.", NAME, "Marie Exemple"),
        ("Mary Example, a survivor-advocate, trains the police.", NAME, "Mary Example"),
    ],
)
def test_it_points_at(text, kind, words):
    assert (kind, words) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "The budget is USD 1,250,000 over 36 months, 2026-2029.",
        "Version 2 of SIREN 11, items 1 to 11, 72.5 % favourable.",
        "From 2026-01-31 to 2028-12-31, phase 3.",
        "Survivors take part in the design and in the steering group.",
        "The project pays for shelter and food.",
        "The police and a second shelter are tied in with tasks.",
        "GMS-2026/P-0007/decision/2",
        "27 % of the places are open.",
        "0.123 and 4567 and 12345",
        "River House – survivor-led aftercare, Safe Return (victim-centred), Harbour – witness-protection.",
    ],
)
def test_it_lets_plain_words_stand(text):
    assert kinds(text) == []


def test_what_reaches_into_another_finding_ends_before_it():
    assert kinds("The shelter is behind the market, ask a@b.example there.") == [
        (SHELTER, "shelter is behind the market, ask"),
        (EMAIL, "a@b.example"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The shelter at 12 X Street has ten beds.", "shelter at 12 X Street has ten beds"),
        ("At 12 Rose Street, the second shelter opens.", "12 Rose Street, the second shelter opens"),
        ("Our safe house is near 13.75632, 100.50177 now.", "safe house is near 13.75632, 100.50177"),
    ],
)
def test_a_shelter_and_its_address_are_one_finding(text, words):
    assert kinds(text) == [(SHELTER, words)]


def test_what_reaches_over_the_end_of_another_finding_is_found_there_too():
    found = find(["The victims: Ann Rita One Bold came."], ["Rita One"])

    assert [(each.kind, each.text) for each in found] == [(NAME, "Ann"), (INSIDE, "Rita One"), (NAME, "Bold")]


def test_what_is_cut_off_is_dotted():
    (found,) = find([f"{'long ' * 20}a@b.example end."])

    assert (found.before.startswith("…"), found.after) == (True, " end.")


def test_a_finding_stands_once_with_its_context_and_how_often():
    (found,) = find(["Please write to a@b.example today.", "Or to a@b.example."])

    assert (found.before, found.text, found.after, found.times) == ("Please write to ", "a@b.example", " today.", 2)


def test_every_text_of_a_report_is_looked_at_but_codes():
    letter = Letter("Title", (Line("P-1", "one"), Line("P-2", "two")), (("Where", "there"),))

    assert list(texts_of(letter)) == ["Title", "one", "two", "Where", "there"]


def test_words_are_left_out_everywhere_whatever_their_case_and_spaces():
    letter = Letter(
        "Mary  Example", (Line("Mary Example", "To MARY\nEXAMPLE, Mary Exampleton"),), (("Who", "Mary Example"),)
    )

    shown = without(letter, ["Mary Example", "x"])

    assert shown.title == "[left out]"
    assert shown.lines == (Line("Mary Example", "To [left out], Mary Exampleton"),)
    assert shown.facts == (("Who", "[left out]"),)
    assert letter.title == "Mary  Example"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("เธอชื่อมะลิใจดีและกลับบ้าน", "มะลิใจดี"),
        ("她叫王小明，住在这里", "王小明"),
        ("โทรหาMaryที่นี่", "Mary"),
        ("1มะลิใจดี", "มะลิใจดี"),
    ],
)
def test_words_are_left_out_where_no_space_stands_around_them(text, words):
    assert without(text, [words]) == text.replace(words, "[left out]")


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Bo told Bob and Jim-Bo; BO, too.", "Bo", "[left out] told Bob and Jim-[left out]; [left out], too."),
        ("An asked for an answer.", "An", "[left out] asked for an answer."),
        ("An asked for an answer.", "an", "[left out] asked for [left out] answer."),
        ("Ng and Ngo, ng", "Ng", "[left out] and Ngo, ng"),
        ("她叫王芳，住在这里", "王芳", "她叫[left out]，住在这里"),
        ("A1 and A12", "A1", "[left out] and A12"),
    ],
)
def test_a_name_of_two_letters_is_left_out_as_a_whole_word(text, words, shown):
    assert without(text, [words]) == shown


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Ask Ma\u00adry Exam\u00adple.", "Mary Example", "Ask [left out]."),
        ("Ask M\u200ba\u200br\u200by now", "Mary", "Ask [left out] now"),
        ("Ask \ufeffMary\u200d now", "Mary", "Ask \ufeff[left out]\u200d now"),
        # A zero-width space may part words, too.
        ("Ask\u200bMary\u200bnow", "Mary", "Ask\u200b[left out]\u200bnow"),
        ("B\u2060o told Bo\u00adb", "Bo", "[left out] told Bo\u00adb"),
        ("Ask Mary", "Ma\u00adry", "Ask [left out]"),
        ("Ask Jose\u0301 or José", "José", "Ask [left out] or [left out]"),
        ("Ask José", "Jose\u0301", "Ask [left out]"),
        # Keyboards for Vietnamese type the vowel whole and the tone apart.
        ("Ask Huê\u0301 or Nghiê\u0323m", "Huế", "Ask [left out] or Nghiê\u0323m"),
        ("Ask Huê\u0301 or Nghiê\u0323m", "Nghiệm", "Ask Huê\u0301 or [left out]"),
        ("soft\u00adly spo\u00adken", "Mary", "soft\u00adly spo\u00adken"),
    ],
)
def test_characters_that_nobody_sees_hide_no_word(text, words, shown):
    assert without(text, [words]) == shown


def test_the_check_looks_through_characters_that_nobody_sees():
    found = kinds("Write to ma\u00adry@exam\u200bple.example or call +66 81\u2060 234 5678.")

    assert found == [(EMAIL, "mary@example.example"), (PHONE, "+66 81 234 5678")]
    hidden = [text for _kind, text in found]
    assert without("ma\u00adry@exam\u200bple.example", hidden) == "[left out]"


def test_spans_that_overlap_are_left_out_as_one():
    assert without("Ann\u200bOther", ["Ann", "AnnOther"]) == "[left out]"


def test_a_phone_number_is_found_where_no_space_stands_around_it():
    assert kinds("โทร0812345678ได้") == [(PHONE, "0812345678")]


def test_words_of_the_inside_are_found_whole_and_in_any_case():
    found = find(["As RITA ONE said, Rita Onegin did not; rita@one.example did."], ["Rita One", "rita@one.example"])

    assert [(each.kind, each.text) for each in found] == [(INSIDE, "RITA ONE"), (EMAIL, "rita@one.example")]


def test_a_long_run_without_a_break_is_read_once():
    begun = perf_counter()

    assert kinds("a" * 200_000) == []
    assert perf_counter() - begun < 2


def test_a_longer_run_of_words_goes_before_a_shorter_one_in_it():
    assert without("Ann Other of Rose Street", ["Ann", "Ann Other"]) == "[left out] of Rose Street"


def test_codes_stay_whatever_words_are_left_out():
    assert without({"settled": "taken", "sha256": "0123", "words": "taken 0123"}, ["taken", "0123"]) == {
        "settled": "taken",
        "sha256": "0123",
        "words": "[left out] [left out]",
    }


def test_nothing_changes_where_nothing_is_to_be_left_out():
    letter = Letter("Title", ())

    assert without(letter, []) is letter


LONG_SENTENCE = f"The shelter is near {'the market and the river, ' * 12}at the quiet end of it"


@pytest.mark.parametrize(
    "text",
    [
        "The house stands at 104.9160, 11.5564 now.",
        "x11.5564, 104.9160",
        "Point 1104°30′ N",
        *(LONG_SENTENCE.replace("market", f"m{'a' * more}rket") for more in range(9)),
    ],
)
def test_whatever_is_found_can_be_left_out(text):
    findings = find([text])

    assert findings
    for finding in findings:
        assert len(finding.text) <= LONGEST
        assert finding.text == finding.text.strip()
        assert finding.text not in without(text, [finding.text])


def test_a_long_sentence_on_a_shelter_is_found_in_parts_to_its_end():
    findings = find([f"Yes. {LONG_SENTENCE}. No."])

    assert len(findings) == 2
    assert without(LONG_SENTENCE, [each.text for each in findings]) == "The [left out][left out]"
