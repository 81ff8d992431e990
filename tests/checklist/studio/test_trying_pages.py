"""The pages on which a version is checked and tried."""

import pytest
from django.urls import reverse

from checklist.actions import studio
from checklist.checking import check
from checklist.models import Assessment, InstrumentVersion, Response
from checklist.views.studio.finding_words import FINDING_TEXTS, finding_text
from screening.models import AuditEvent
from tests.checklist.test_checking import FINDINGS
from tests.factories import (
    make_administrator,
    make_user,
)

from .test_publishing import write


def url(name, version):
    return reverse(f"checklist:{name}", args=[version.instrument.slug, version.number])


def page(client, name, version, query=""):
    response = client.get(url(name, version) + query)
    assert response.status_code == 200
    return response.content.decode()


def form_of(version, **answers):
    """What the form of a trial sends: the circumstances, and each criterion with what was filled in."""
    data = {"language": "en", "form_length": "full", "stage": "full", "contact": "unknown"}
    for criterion in version.criteria.all():
        data[f"c{criterion.pk}-revision"] = "0"
        data[f"c{criterion.pk}-rationale"] = ""
    keys = {criterion.key: criterion.pk for criterion in version.criteria.all()}
    for field, value in answers.items():
        key, _underscore, rest = field.removeprefix("i").partition("_")
        data[f"c{keys[key]}-{rest.replace('_', '-')}"] = value
    return data


def tried(client, version, **answers):
    response = client.post(url("version-try", version), form_of(version, **answers))
    assert response.status_code == 200
    return response.content.decode()


# -- The sentences of the checker -----------------------------------------------------------


@pytest.mark.parametrize(("content", "code"), [pytest.param(row[0], row[2], id=row[2]) for row in FINDINGS])
def test_every_finding_has_a_sentence_with_everything_filled_in(content, code):
    texts = [finding_text(finding) for finding in check(content, ("fr",)) if finding.code == code]

    assert texts
    assert all("%(" not in text for text in texts)


def test_no_sentence_is_left_over():
    beyond_the_table = {
        "translation_missing",
        "levels_of_one_value",
        "critical_scope_never",
        "combining_never_adverse",
    }

    assert {row[2] for row in FINDINGS} | beyond_the_table == set(FINDING_TEXTS)


# -- Check ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_check_names_the_place_and_leads_there(client, draft, anna):
    write(draft, "criteria/5/wording", "", anna)
    client.force_login(anna)

    shown = page(client, "version-check", draft)

    assert "Wording of item 5" in shown
    assert "The question has no wording yet." in shown
    assert f"{url('draft-edit', draft)}criteria/5/#criteria-5-wording" in shown


@pytest.mark.django_db
def test_whoever_may_only_look_gets_no_links_into_the_draft(client, draft, anna):
    write(draft, "criteria/5/wording", "", anna)
    client.force_login(make_administrator())

    shown = page(client, "version-check", draft)

    assert "The question has no wording yet." in shown
    assert "/edit/criteria/" not in shown


@pytest.mark.django_db
def test_a_sound_version_is_said_to_be_sound(client, published, anna):
    client.force_login(anna)

    assert "Nothing was found" in page(client, "version-check", published)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_check_takes_the_same_queries(client, draft, anna, count, django_assert_max_num_queries):
    for number in range(count):
        write(draft, f"criteria/{number + 1}/wording", "", anna)
    client.force_login(anna)
    page(client, "version-check", draft)

    with django_assert_max_num_queries(12):
        page(client, "version-check", draft)


# -- Try ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_trial_shows_the_form_with_its_parts_and_no_place_to_save(client, published):
    client.force_login(make_user())

    shown = page(client, "version-try", published)

    assert "Does the proposal have a solid empirical foundation?" in shown
    assert "The parts of the question" in shown
    assert "Nothing could be judged: 0 of 11" in shown
    assert "data-evidence" not in shown
    assert "None so far." in shown


@pytest.mark.django_db
def test_the_trial_says_which_rules_fire_and_what_the_result_would_be_and_stores_nothing(client, published):
    client.force_login(make_user())
    before = AuditEvent.objects.count()

    shown = tried(client, published, i1_answer="no", i2_answer="yes", i3_answer="yes", i8_sub_c="none")

    result = shown.partition("try-result-title")[2]
    assert "judged on 3 of 11" in result
    assert "Critical item: “recommend” needs a written override" in result
    assert "“Recommend” would need a written override." in result
    assert not Assessment.objects.exists()
    assert not Response.objects.exists()
    assert AuditEvent.objects.count() == before


@pytest.mark.django_db
def test_the_rule_of_the_parts_and_its_cap_are_shown(client, published):
    client.force_login(make_user())

    shown = tried(client, published, i1_sub_a="yes", i1_sub_b="no", i1_answer="yes", i1_rationale="So")

    result = shown.partition("try-result-title")[2]
    assert "From your answers to the parts: No" in result
    assert "The sub-questions allow “No” at best" in result


@pytest.mark.django_db
def test_what_was_filled_in_stays_in_the_form_and_can_be_taken_back(client, published):
    client.force_login(make_user())
    first = published.criteria.get(key="1")
    data = form_of(published, i1_answer="partly", i1_rationale="Page 3")

    shown = client.post(url("version-try", published), data).content.decode()
    cleared = client.post(url("version-try", published), {**data, "do": f"clear:{first.pk}"}).content.decode()

    assert 'value="partly" data-digit="2" checked' in shown
    assert "Page 3" in shown
    assert 'value="partly" data-digit="2" checked' not in cleared


@pytest.mark.django_db
def test_the_circumstances_change_what_fires(client, published):
    client.force_login(make_user())
    data = form_of(published, i10_answer="no")

    assumed = client.post(url("version-try", published), data).content.decode()
    without = client.post(url("version-try", published), {**data, "contact": "no"}).content.decode()

    assert "nobody has said whether the project has direct contact" in assumed
    assert "would need a written override" not in without


@pytest.mark.django_db
def test_the_trial_can_be_read_in_the_other_language(client, published):
    client.force_login(make_user())

    shown = client.post(url("version-try", published), {**form_of(published), "language": "fr"}).content.decode()

    assert 'lang="fr"' in shown
    assert "unofficial translation" in shown


@pytest.mark.django_db
def test_nonsense_is_tried_as_nothing(client, published):
    client.force_login(make_user())

    shown = tried(client, published, i1_answer="purple", i2_sub_a="green")
    broken = client.post(url("version-try", published), {"c1-revision": "x", "language": "zz"})

    assert "0 of 11" in shown
    assert broken.status_code == 200


@pytest.mark.django_db
def test_a_draft_without_items_says_why_it_cannot_be_tried(client, anna):
    empty = studio.start_empty(
        title="Ours", short_title="Ours", source="Own", result_kind="share", language="en", by=anna
    )
    client.force_login(anna)

    shown = page(client, "version-try", empty)

    assert "cannot be tried yet" in shown
    assert "There is no item yet." in shown
    assert url("version-check", empty) in shown


@pytest.mark.django_db
def test_every_shipped_instrument_can_be_tried_and_checked(client, library):
    client.force_login(make_administrator())

    for version in library:
        criterion = version.criteria.order_by("position").first()
        options = client.get(url("version-try", version)).content.decode()
        code = options.partition(f'name="c{criterion.pk}-answer" value="')[2].partition('"')[0]
        shown = tried(client, version, **{f"i{criterion.key}_answer": code})
        assert f'value="{code}" data-digit="' in shown
        assert "<h2>Wrong" not in page(client, "version-check", version)


@pytest.fixture
def library(instruments):
    """Every published version that is shipped."""
    return list(InstrumentVersion.objects.usable().select_related("instrument"))
