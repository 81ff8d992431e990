"""Forms that wait to be compared while something else happens: another copy, a newer version of the instrument."""

import pytest
from django.urls import reverse

from checklist.actions import offline as actions
from checklist.models import Assessment
from checklist.offline.comparing import BOTH, NEW, SAME, STAYS, compare
from checklist.selectors.drafts import load_draft
from checklist.selectors.offline import known_bases
from tests.checklist.filling import fill_workbook, take_form, upload
from tests.checklist.saving import place, save

pytestmark = pytest.mark.django_db

Q1, Q2 = "siren-donor-checklist/1", "siren-donor-checklist/2"


def kinds(received):
    """{number: kind} of what differs."""
    draft = load_draft(received.form.assessment)
    numbers = {str(each.criterion.pk): each.criterion.key for each in draft.places()}
    return {numbers.get(row.owner, row.owner): row.kind for row in compared(received) if row.kind != SAME}


def compared(received):
    return compare(load_draft(received.form.assessment), received.content, known_bases(received))


def take_over(received):
    """As somebody does who looks at the page and chooses nothing."""
    revisions = {row.owner: row.revision for row in compared(received)}
    return actions.take_over(upload=received, choices={}, revisions=revisions, by=received.form.assessment.reviewer)


def test_an_older_copy_of_a_form_does_not_undo_what_a_newer_one_brought_in(assessment):
    """Both are uploaded, the one that is filled in further is taken over first."""
    save(assessment, "1", answer="partly", rationale="Page 4.")
    form = take_form(assessment)
    older = upload(fill_workbook(form, {Q2: "no"}), assessment.reviewer, "older.xlsx")
    newer = upload(fill_workbook(form, {Q1: "yes", Q2: "yes"}), assessment.reviewer, "newer.xlsx")

    take_over(newer)

    assert kinds(older) == {"1": STAYS, "2": BOTH}
    with pytest.raises(actions.ChoiceMissing):
        take_over(older)
    assert place(assessment, "1").stored.answer.answer == "yes"


def test_a_copy_uploaded_after_the_other_was_taken_over_says_what_is_new(assessment):
    save(assessment, "1", answer="partly", rationale="Page 4.")
    form = take_form(assessment)
    take_over(upload(fill_workbook(form, {Q1: "yes"}), assessment.reviewer, "first.xlsx"))

    again = upload(fill_workbook(form, {Q1: "partly"}), assessment.reviewer, "second.xlsx")

    assert kinds(again) == {"1": NEW}


def test_a_form_that_asks_by_a_version_from_before_is_not_taken_over(client, assessment):
    """The assessment moved to a newer version after its form was read: nothing of the form fits any more."""
    received = upload(fill_workbook(take_form(assessment), {Q1: "yes"}), assessment.reviewer)
    through = Assessment.versions.through.objects.filter(assessment=assessment)
    through.exclude(instrumentversion__instrument__slug="six-guiding-principles").delete()
    client.force_login(assessment.reviewer)
    url = reverse("checklist:offline-upload", args=[received.pk])

    page = client.get(url).content.decode()

    assert "This form asks by another version of the instruments than your assessment does now." in page
    assert "There is nothing new in this form" not in page
    assert 'value="take"' not in page
    with pytest.raises(actions.CannotTakeOver, match="another version"):
        take_over(received)
    received.refresh_from_db()
    assert received.state == "read"
