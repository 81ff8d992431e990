"""Forms that take something away, and forms of which nothing is taken over."""

import re

import pytest
from django.urls import reverse

from checklist.actions import offline as actions
from checklist.scoring import SubAnswer
from checklist.selectors.assessments import assessment_with_round
from tests.checklist.filling import fill_workbook, take_form, upload
from tests.checklist.saving import place, save
from tests.factories import make_assessment, make_reviewer

pytestmark = pytest.mark.django_db

Q1, Q2 = "siren-donor-checklist/1", "siren-donor-checklist/2"
EMPTY = {Q1: None, f"{Q1}/reason": None, f"{Q1}/a": None, f"{Q1}/a/text": None}
NOTHING = "Compared, nothing taken over"


@pytest.fixture
def begun(assessment):
    save(assessment, "1", answer="partly", rationale="Page 4.", subs={"a": SubAnswer("yes", "Seen")})
    return assessment_with_round(assessment.pk)


def owner(assessment, key):
    return str(place(assessment, key).criterion.pk)


def test_an_empty_form_erases_nothing_by_itself(client, begun):
    client.force_login(begun.reviewer)
    received = upload(fill_workbook(take_form(begun), EMPTY), begun.reviewer)
    url = reverse("checklist:offline-upload", args=[received.pk])
    checked = re.findall(
        rf'name="choice-{owner(begun, "1")}" value="(\w+)" required checked', client.get(url).content.decode()
    )
    assert checked == ["saved"]

    page = client.post(url, {"do": "take"}, follow=True).content.decode()

    assert "Nothing was taken over. What is saved stays as it is." in page
    assert NOTHING in page
    assert place(begun, "1").stored.answer.rationale == "Page 4."


def test_a_saved_reason_is_not_erased_with_another_change(client, begun):
    client.force_login(begun.reviewer)
    received = upload(fill_workbook(take_form(begun), {Q1: "yes", f"{Q1}/reason": None}), begun.reviewer)
    url, choice = reverse("checklist:offline-upload", args=[received.pk]), f"choice-{owner(begun, '1')}"

    page = client.get(url).content.decode()
    assert "Text emptied in the form: choose" in page
    assert not re.findall(rf'name="{choice}" value="\w+" required checked', page)

    refused = client.post(url, {"do": "take"})
    assert "Choose what counts in each place that leaves it open." in refused.content.decode()
    assert place(begun, "1").stored.answer.rationale == "Page 4."

    client.post(url, {"do": "take", choice: "form"})
    said = place(begun, "1").stored.answer
    assert (said.answer, said.rationale) == ("yes", "")


def test_a_form_that_came_back_empty_says_so_and_what_to_do(client, assessment):
    received = upload(fill_workbook(take_form(assessment), {}), assessment.reviewer)
    client.force_login(assessment.reviewer)

    page = client.get(reverse("checklist:offline-upload", args=[received.pk])).content.decode()

    assert "This form is still empty" in page
    assert "There is nothing new in this form" not in page


def test_it_erases_where_she_says_so(begun):
    received = upload(fill_workbook(take_form(begun), EMPTY), begun.reviewer)

    count = actions.take_over(upload=received, choices={owner(begun, "1"): "form"}, revisions={}, by=begun.reviewer)

    assert count == 1
    assert place(begun, "1").stored.answer.rationale == ""


def test_a_form_that_takes_one_answer_back_counts_as_it_is(begun):
    received = upload(fill_workbook(take_form(begun), {Q1: None}), begun.reviewer)

    assert actions.take_over(upload=received, choices={}, revisions={}, by=begun.reviewer) == 1
    assert place(begun, "1").stored.answer.answer is None


@pytest.mark.parametrize("count", [1, 3])
def test_what_became_of_forms_is_asked_in_as_many_queries_for_one_as_for_three(
    client, instruments, round_, django_assert_num_queries, count
):
    reviewer = make_reviewer(round_)
    for _ in range(count):
        assessment = make_assessment(round_, reviewer)
        for name, values in (("none.xlsx", {}), ("some.xlsx", {Q2: "yes"})):
            received = upload(fill_workbook(take_form(assessment), values), reviewer, name)
            actions.take_over(upload=received, choices={}, revisions={}, by=reviewer)
        upload(b"hello", reviewer, "notes.txt")
    client.force_login(reviewer)
    client.get(reverse("checklist:offline"))

    with django_assert_num_queries(QUERIES):
        page = client.get(reverse("checklist:offline")).content.decode()

    closed = page[page.index("offline-closed") :]
    found = re.findall(rf"<bdi>(\w+\.xlsx)</bdi>.*?({NOTHING}|Taken over)", closed, re.DOTALL)
    assert sorted(found) == [("none.xlsx", NOTHING)] * count + [("some.xlsx", "Taken over")] * count


QUERIES = 9
