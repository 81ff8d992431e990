"""Random instruments: out and in again, published, scored and rendered, nothing ever breaks or changes."""

import io
import tempfile
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from checklist.actions.instruments import load_instrument
from checklist.blank_form import blank_document, build_blank
from checklist.checking import check
from checklist.instrument_files import read_instrument
from checklist.instrument_schema import schema
from checklist.instrument_writing import to_yaml
from checklist.models import InstrumentVersion
from checklist.scoring import FormLength, RoundContext, Stage, score, validate_item
from checklist.selectors.instruments import clear_cache, sheet
from checklist.selectors.studio import file_of
from checklist.views.studio.trying import version_try
from checklist.workbooks.reading import read_workbook
from checklist.workbooks.writing import write_workbook
from checklist.xlsform import write_xlsform
from screening.tabular import FORMULA_START
from tests.factories import make_user

from .strategies import answers_to, instruments

SLOW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
VALIDATOR = jsonschema.Draft202012Validator(schema())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(instruments())
def test_the_text_of_a_file_comes_back_as_it_was(content):
    text = to_yaml(content)

    again = read_instrument(text, "random.yaml")

    assert again == content
    assert to_yaml(again) == text
    assert again.content_hash == content.content_hash
    assert list(VALIDATOR.iter_errors(yaml.load(text, yaml.BaseLoader))) == []


@SLOW
@given(instruments())
def test_a_workbook_comes_back_as_it_was_and_holds_no_formula(content):
    with write_workbook(content) as file:
        data = file.read()

    assert read_workbook(data, "random.xlsx") == content
    assert not any(cell.startswith(FORMULA_START) for cell in _cells(data))


@SLOW
@given(instruments(), st.data())
def test_random_answers_are_scored_and_checked(content, data):
    answers = data.draw(answers_to(content.spec))
    for context in (RoundContext(Stage.FULL, direct_contact=None), RoundContext(Stage.CONCEPT, direct_contact=False)):
        result = score(content.spec, answers, context)
        assert {item.key for item in result.items} == set(answers)
        for item in content.spec.items:
            validate_item(item, answers[item.key], FormLength.FULL, context)
    check(content)


@SLOW
@given(instruments())
def test_a_field_form_is_valid(content):
    from pyxform import xls2xform  # a second to load, for a few tests

    with tempfile.TemporaryDirectory() as folder, write_xlsform(content) as file:
        path = Path(folder) / "form.xlsx"
        path.write_bytes(file.read())
        converted = xls2xform.convert(str(path), validate=False)

    assert all(f"c_{''.join(_named(key))}" in converted.xform for key in (c.key for c in content.criteria))


def _named(key):
    return (sign if sign.isalnum() else "_" for sign in key)


def _cells(data):
    for worksheet in load_workbook(io.BytesIO(data)).worksheets:
        for row in worksheet.iter_rows(values_only=True):
            yield from (str(value) for value in row if value is not None)


class StoredTest(TestCase):
    """What is stored, published and shown; every example in a transaction of its own."""

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(instruments())
    def test_a_published_instrument_says_what_its_file_says(self, content):
        clear_cache()
        version = load_instrument(source=content, by=None).version
        stored = file_of(InstrumentVersion.objects.get(pk=version.pk))

        assert stored == content
        assert stored.content_hash == version.content_hash
        assert to_yaml(stored) == to_yaml(content)
        assert sheet(version.pk, content.language).spec == content.spec
        assert load_instrument(source=read_instrument(to_yaml(stored), "again"), by=None).is_new is False

    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
    @given(instruments())
    def test_form_and_paper_can_be_rendered(self, content):
        clear_cache()
        version = load_instrument(source=replace(content, title="Random"), by=None).version
        request = RequestFactory().get("/")
        request.user = make_user()
        for language in {content.language, *(each.language for each in content.translations)}:
            blank = build_blank(version, file_of(version), language=language)
            page = blank_document(blank).html
            assert page.count('class="blank-criterion') == len(content.criteria)
        assert version_try(request, content.slug, content.version).status_code == 200


@pytest.fixture(autouse=True)
def _fresh_sheets():
    yield
    clear_cache()
