"""What viewers of a form cannot do: show every script in a field, take an answer back. The form says so."""

import re

import pytest
from django.urls import reverse

from checklist.offline.paper import form_document
from checklist.offline.plan import plan_of
from checklist.scoring import SubAnswer
from checklist.selectors.assessments import assessment_with_round, load_facts
from checklist.selectors.drafts import load_draft
from tests.checklist.filling import take_form, upload
from tests.checklist.saving import save

pytestmark = pytest.mark.django_db

THAI, ARABIC = "ภาษาไทย\nหน้า 4", "عربي"


@pytest.fixture
def begun(assessment):
    save(assessment, "1", answer="partly", rationale=THAI, subs={"a": SubAnswer("yes", ARABIC)})
    save(assessment, "2", answer="no", rationale="Tiếng Việt, trang 4", subs={"a": SubAnswer("no", "Seen")})
    return assessment_with_round(assessment.pk)


def test_words_that_cannot_be_drawn_in_a_field_are_printed_above_it(begun):
    load_facts(begun.proposal)
    html = form_document(plan_of(load_draft(begun, language="en"), "en"), "token").html

    printed = r'<p class="fill-saved pre" dir="(...)"><strong>Saved so far:</strong> ([^<]*)</p>\s*<(\w+)'
    assert re.findall(printed, html) == [("rtl", ARABIC, "textarea"), ("ltr", THAI, "textarea")]


def test_a_form_with_printed_words_comes_back_as_it_went(begun):
    received = upload(take_form(begun, "pdf"), begun.reviewer, "form.pdf")

    assert (received.state, received.problem) == ("read", "")
    assert THAI in [said.get("rationale") for said in received.content.values()]


def test_form_and_page_say_that_letters_may_not_show(client, begun):
    client.force_login(begun.reviewer)
    load_facts(begun.proposal)
    hint = "They are kept all the same; you can also use the Excel form."

    assert hint in client.get(reverse("checklist:offline")).content.decode()
    assert hint in form_document(plan_of(load_draft(begun, language="en"), "en"), "token").html


def test_the_form_does_not_promise_that_every_program_takes_an_answer_back(begun):
    load_facts(begun.proposal)
    html = form_document(plan_of(load_draft(begun, language="en"), "en"), "token").html

    assert "In some programs a second click on a chosen answer takes it back; otherwise change it on the site" in html
