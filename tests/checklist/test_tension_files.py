"""The file of tensions: what is refused, with which words, and at which line."""

import pytest

from checklist.tension_files import read_tensions
from checklist.yaml_reading import InvalidFile

KNOWN = {"one": {"1": "yes_no"}, "two": {"P1": "level_0_4", "P2": "level_0_4"}}
SMALL = """\
format: 1
tensions:
  - key: new-or-old
    title: New or old?
    text: Which is meant?
    source: Invented for a test
    sides:
      - any_of:
          - {instrument: one, criterion: "1", answers: ["yes"]}
      - any_of:
          - {instrument: two, criterion: P1, answers: ["0", "1"]}
"""


def errors(text):
    with pytest.raises(InvalidFile) as caught:
        read_tensions(text, "t.yaml", KNOWN)
    return [str(error) for error in caught.value.errors]


def test_the_small_file_is_fine():
    (tension,) = read_tensions(SMALL + "    translations: {fr: {title: Neuf, text: Lequel}}\n", "t.yaml", KNOWN)

    assert tension.spec.slug == "new-or-old"
    assert tension.spec.places == {("one", "1"), ("two", "P1")}
    assert [text.language for text in tension.texts] == ["en", "fr"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("format: 1", "format: 2", "t.yaml:1: format: '2' is not known; choose one of: 1"),
        ("new-or-old", "New or old",
         "t.yaml:3: tensions/New or old/key: may hold only small letters, digits and single hyphens, at most 60"),
        ("    title: New or old?\n", "", "t.yaml:3: tensions/new-or-old: 'title' is missing"),
        ("New or old?", "N" * 201, "t.yaml:4: tensions/new-or-old/title: is longer than 200 characters"),
        ("instrument: one", "instrument: three", "there is no instrument 'three'"),
        ('criterion: "1"', 'criterion: "7"', "one has no criterion '7'"),
        ('answers: ["yes"]', "answers: [maybe]", "'maybe' is not an answer of the kind 'yes_no'"),
        ('answers: ["yes"]', "answers: []", "names no answer"),
        ('          - {instrument: one, criterion: "1", answers: ["yes"]}\n', "          []\n",
         "a side needs at least one condition"),
        ("    source:", "    souce:", "t.yaml:6: tensions/new-or-old/souce: is not known here"),
        ('      - any_of:\n          - {instrument: two, criterion: P1, answers: ["0", "1"]}\n', "",
         "a tension needs two sides"),
        ('          - {instrument: two, criterion: P1, answers: ["0", "1"]}\n',
         '          - {instrument: two, criterion: P1, answers: ["0"]}\n'
         '          - {instrument: two, criterion: P1, answers: ["1"]}\n',
         "names a criterion twice; list all its answers once"),
    ],
)  # fmt: skip
def test_an_error_names_its_place(old, new, message):
    assert any(message in error for error in errors(SMALL.replace(old, new, 1)))


def test_a_condition_that_is_wrong_is_named_with_its_line():
    assert errors(SMALL.replace("criterion: P1", "criterion: P9")) == [
        "t.yaml:11: tensions/new-or-old/sides/#2/any_of/#1/criterion: two has no criterion 'P9'"
    ]


def test_an_empty_file_and_a_key_twice_are_refused():
    assert "there is no tension" in errors("format: 1\ntensions: []\n")[0]
    assert "the key 'new-or-old' stands here twice" in errors(SMALL + SMALL.split("tensions:\n")[1])[0]


def test_a_translation_into_the_original_is_refused():
    found = errors(SMALL + "    translations: {en: {title: Neuf, text: Lequel}}\n")

    assert "is not the code of another language, such as fr" in found[0]
