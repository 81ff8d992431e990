"""The catalogues are complete, agree with what is compiled, and pages in French are French."""

import ast
import gettext
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation.template import templatize

from tests.factories import make_assessment

ROOT = settings.BASE_DIR
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
MODULES = [
    path
    for app in ("screening", "proposals", "checklist")
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CALLS = re.compile(r"^(_|_?n?p?gettext(_lazy|_noop)?)$")
PLACES = re.compile(r"%\(\w+\)[.\d]*[sdf]|%%|\{\w*\}")
LITERAL = r"""u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
IN_TEMPLATE = re.compile(rf"\b(p?)(?:n?gettext|_)\(({LITERAL})(?:,\s*({LITERAL}))?")
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
NO_WORDS = re.compile(
    r"{%\s*(comment|blocktranslate|blocktrans)\b.*?{%\s*end\1\s*%}|<!doctype[^>]*>"
    r"|{%\s*block \w+_(?:class|attrs)\b.*?{%\s*endblock.*?%}",  # what stands inside a tag of the page
    re.DOTALL | re.IGNORECASE,
)
SAID_BY_ATTRIBUTES = ("alt", "aria-label", "aria-description", "placeholder", "title")
# Words of no language: our own name, names of formats and of a key.
NAMES = {"JSON", "Screening", "CSV", "XLSX", "PDF", "Esc"}
# A gallery of invented values for builders, and a document of an invented applicant, as such people write it.
INVENTED = {"templates/screening/components.html", "templates/checklist/reports/demo_document.html"}


# -- The catalogue --------------------------------------------------------------------------


def folder(language):
    return ROOT / "locale" / language / "LC_MESSAGES"


def entries(language):
    """The entries of a .po file: {"flags", "msgctxt", "msgid", "msgid_plural", "msgstr", "msgstr[0]" ...}."""
    for block in re.split(r"\n\s*\n", (folder(language) / "django.po").read_text(encoding="utf-8")):
        entry, field = {"flags": ""}, ""
        for line in block.splitlines():
            if line.startswith("#"):
                entry["flags"] += line[2:] if line.startswith("#,") else ""
                continue
            if not line.startswith('"'):
                field, line = line.split(" ", 1)
            entry[field] = entry.get(field, "") + ast.literal_eval(line)
        if entry.get("msgid"):
            yield entry


def translations(entry):
    return [text for field, text in entry.items() if field.startswith("msgstr")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_translated_and_none_is_a_guess(language):
    found = list(entries(language))

    assert len(found) > 1000
    assert [entry["msgid"] for entry in found if "fuzzy" in entry["flags"] or not all(translations(entry))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_places_of_the_original(language):
    def places(text):
        return sorted(set(PLACES.findall(text)))

    wrong = [
        (entry["msgid"], text)
        for entry in entries(language)
        for text in translations(entry)
        if places(text) not in (places(entry["msgid"]), places(entry.get("msgid_plural", entry["msgid"])))
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    with (folder(language) / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    written = {}
    for entry in entries(language):
        key = f"{entry['msgctxt']}\x04{entry['msgid']}" if "msgctxt" in entry else entry["msgid"]
        if "msgid_plural" in entry:
            written |= {(key, number): entry[f"msgstr[{number}]"] for number in range(len(translations(entry)))}
        else:
            written[key] = entry["msgstr"]

    assert {key: text for key, text in compiled.items() if key} == written


# -- What is marked, and what is not --------------------------------------------------------


def marked_in_modules():
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(node, "func", None)
            name = getattr(name, "id", getattr(name, "attr", ""))
            if isinstance(node, ast.Call) and CALLS.match(name):
                said = node.args["pgettext" in name]
                if isinstance(said, ast.Constant):
                    yield said.value


def marked_in_templates():
    for path in TEMPLATES:
        for context, first, second in IN_TEMPLATE.findall(templatize(path.read_text())):
            yield ast.literal_eval(second if context else first)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("marked", [marked_in_modules, marked_in_templates])
def test_every_marked_text_is_in_the_catalogue(language, marked):
    """Also what `makemessages` cannot see, as a call inside an f-string. CONTRIBUTING says how to add words."""
    known = {entry["msgid"] for entry in entries(language)}
    texts = set(marked())

    assert len(texts) > 400
    assert texts - known == set()


class Words(HTMLParser):
    """What a page says: its texts and spoken attributes, but for what is marked as being in `other_language`."""

    def __init__(self, source, other_language=None):
        super().__init__()
        self.said, self.silent, self.other_language = [], [], other_language
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if self.silent:
            self.silent += [tag] * (tag == self.silent[0])
        elif tag in ("script", "style") or given.get("lang", "") == self.other_language:
            self.silent = [tag]
        else:
            self.said += [given[name] for name in SAID_BY_ATTRIBUTES if given.get(name)]

    def handle_endtag(self, tag):
        if self.silent and tag == self.silent[0]:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent:
            self.said.append(data)


def untranslated(path):
    """Words in a template that stand outside translation tags and variables."""
    source = TAGS.sub("¶", NO_WORDS.sub("¶", path.read_text()))
    said = Words(re.sub("(?<=<)¶|(?<=</)¶", "b", source)).said  # <{{ tag }}> is some tag
    return {word for text in said for word in re.findall(r"[^\W\d_]{2,}", text)} - NAMES


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_templates_say_nothing_that_is_not_marked(path):
    if path.relative_to(ROOT).as_posix() not in INVENTED:
        assert untranslated(path) == set()


def test_the_scan_finds_bare_words(tmp_path: Path):
    bare = tmp_path / "bare.html"
    bare.write_text('<p title="Spoken">{% if x %}Bare{% endif %} {% translate "Marked" %} {{ value }}</p>')

    assert untranslated(bare) == {"Spoken", "Bare"}


# -- Pages ----------------------------------------------------------------------------------


def left_in_english(page):
    """Marked texts that a French page says in English. Questions are in the language of their instrument."""
    french = {entry["msgid"]: translations(entry) for entry in entries("fr")}
    said = {" ".join(text.split()) for text in Words(page, other_language="en").said}
    return {text for text in said if text in french and text not in french[text]}


@pytest.mark.django_db
def test_sign_in_speaks_french(client):
    page = client.get("/accounts/login/", headers={"accept-language": "fr"}).content.decode()

    assert '<html lang="fr"' in page
    assert {"Se connecter", "Aller au contenu"} <= set(Words(page).said)
    assert left_in_english(page) == set()


def test_the_assessment_form_speaks_french(client, instruments):
    assessment = make_assessment()
    assessment.reviewer.language = "fr"
    assessment.reviewer.save()
    client.force_login(assessment.reviewer)

    page = client.get(reverse("checklist:assessment-edit", args=[assessment.pk])).content.decode()

    assert "Où c’est dit dans la proposition" in page
    assert left_in_english(page) == set()
