"""The pages of one version: compare, publish, retire, remove, results over time, newer versions."""

import re

import pytest
from django.urls import reverse

from checklist.actions import studio
from checklist.actions.assessments import submit_assessment
from checklist.actions.publishing import publish_draft
from checklist.actions.rounds import pin_instruments
from checklist.models import Criterion, InstrumentVersion
from tests.factories import (
    answer_all,
    make_administrator,
    make_assessment,
    make_auditor,
    make_officer,
    make_round,
    make_user,
)

from .test_publishing import REWORDED, decide_all, verdicts, write


def url(name, version):
    return reverse(f"checklist:{name}", args=[version.instrument.slug, version.number])


def page(client, name, version, query=""):
    response = client.get(url(name, version) + query)
    assert response.status_code == 200
    return response.content.decode()


# -- Compare and publish --------------------------------------------------------------------


@pytest.mark.django_db
def test_the_comparison_shows_the_words_and_takes_the_decisions(client, draft, published, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)
    client.force_login(anna)

    shown = page(client, "version-compare", draft)
    data = {f"row-{key}": "same" for key in map(str, range(1, 12))} | {"row-5": "changed"}
    data |= {f"earlier-{key}": key for key in map(str, range(1, 12))}
    response = client.post(url("version-compare", draft), data)

    assert "<del>to allow</del>" in shown
    assert "<ins>for</ins>" in shown
    assert response.status_code == 302
    assert verdicts(draft) == {(key, key, "changed" if key == "5" else "same") for key in map(str, range(1, 12))}
    assert "Everything is decided." in page(client, "version-compare", draft)


@pytest.mark.django_db
def test_a_new_item_can_be_said_to_continue_a_dropped_one_on_the_page(client, draft, anna):
    key = studio.add(version=draft, path="criteria", by=anna).removeprefix("criteria/")
    studio.remove(version=draft, path="criteria/9", by=anna)
    client.force_login(anna)

    shown = page(client, "version-compare", draft)
    client.post(url("version-compare", draft), {f"row-{key}": "reworded:9", "dropped-9": "dropped"})

    assert "Rewording of 9. Sense of urgency" in shown
    assert verdicts(draft) == {("9", key, "reworded")}
    assert 'value="reworded:9" selected' in page(client, "version-compare", draft)


@pytest.mark.django_db
def test_a_decision_that_does_not_fit_is_said_and_nothing_is_saved(client, draft, anna):
    client.force_login(anna)

    response = client.post(url("version-compare", draft), {"row-5": "dropped", "earlier-5": "5"}, follow=True)

    assert "Look at the comparison again." in response.content.decode()
    assert not draft.matches.exists()


@pytest.mark.django_db
def test_whoever_may_only_look_decides_nothing(client, draft):
    client.force_login(make_administrator())

    assert "Save the decisions" not in page(client, "version-compare", draft)
    assert client.post(url("version-compare", draft), {}).status_code == 403


@pytest.mark.django_db
def test_two_published_versions_are_compared_for_everybody(client, draft, published, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)
    decide_all(draft, anna)
    newer = publish_draft(version=draft, change_note="Shorter", by=anna)
    client.force_login(make_user())

    assert "<ins>for</ins>" in page(client, "version-compare", newer, f"?with={published.pk}")
    assert "<del>for</del>" in page(client, "version-compare", published, f"?with={newer.pk}")
    assert client.get(f"{url('version-compare', newer)}?with=0").status_code == 404


@pytest.mark.django_db
def test_the_page_publishes_once_everything_is_done(client, draft, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)
    client.force_login(anna)

    before = page(client, "version-publish", draft)
    refused = client.post(url("version-publish", draft), {"change_note": "Item 5 is shorter."})
    decide_all(draft, anna)
    ready = page(client, "version-publish", draft)
    without_note = client.post(url("version-publish", draft), {"change_note": " "})
    published = client.post(url("version-publish", draft), {"change_note": "Item 5 is shorter."})

    assert "Decide what became of 11 items." in before
    assert "It is not decided yet" in refused.content.decode()
    assert "Publish this version" in ready
    assert without_note.status_code == 200
    assert published.headers["Location"] == url("version-detail", draft)
    assert InstrumentVersion.objects.get(pk=draft.pk).state == "published"
    assert client.get(url("version-publish", draft)).status_code == 404


@pytest.mark.django_db
def test_a_page_that_somebody_overtook_neither_decides_nor_publishes(client, draft, anna):
    decide_all(draft, anna)
    client.force_login(anna)
    pages = {name: page(client, name, draft) for name in ("version-compare", "version-publish")}
    seen = {name: re.search(r'name="seen" value="(\w{64})"', shown)[1] for name, shown in pages.items()}
    write(draft, "criteria/5/guidance", "Look at the months.", anna)

    decided = {"row-5": "reworded", "earlier-5": "5", "seen": seen["version-compare"]}
    compared = client.post(url("version-compare", draft), decided, follow=True)
    published = client.post(url("version-publish", draft), {"change_note": "Shorter", "seen": seen["version-publish"]})

    for response in (compared, published):
        assert "The draft has changed in the meantime." in response.content.decode()
    assert InstrumentVersion.objects.get(pk=draft.pk).state == "draft"


# -- Use ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_version_is_retired_on_its_page(client, published, anna):
    pin_instruments(round_=make_round(), versions=[published], by=None)
    client.force_login(anna)

    shown = page(client, "version-retire", published)
    client.post(url("version-retire", published))

    assert "Rounds that use it" in shown
    assert InstrumentVersion.objects.get(pk=published.pk).state == "retired"
    assert "Only a published version can be retired." in page(client, "version-retire", published)


@pytest.mark.django_db
def test_a_draft_is_removed_after_being_asked_and_a_published_version_is_not(client, draft, published, anna):
    client.force_login(anna)

    shown = page(client, "version-remove", draft)
    client.post(url("version-remove", draft))
    kept = page(client, "version-remove", published)
    refused = client.post(url("version-remove", published), follow=True)

    assert "It cannot be brought back." in shown
    assert "it is never removed" in kept
    assert "never changes" in refused.content.decode()
    assert list(InstrumentVersion.objects.all()) == [published]


@pytest.fixture
def newer(draft, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)
    decide_all(draft, anna)
    return publish_draft(version=draft, change_note="Shorter", by=anna)


@pytest.fixture
def round_(published):
    round_ = make_round()
    pin_instruments(round_=round_, versions=[published], by=None)
    return round_


def newer_page(client, round_):
    return client.get(reverse("checklist:round-newer", args=[round_.reference])).content.decode()


@pytest.mark.django_db
def test_the_officer_moves_what_has_not_begun_after_seeing_what(client, round_, published, newer):
    assessment = make_assessment(round_)
    client.force_login(make_officer(round_))

    setup = client.get(reverse("checklist:round-instruments", args=[round_.reference])).content.decode()
    shown = newer_page(client, round_)
    client.post(reverse("checklist:round-newer", args=[round_.reference]), {"to": f"{published.pk}-{newer.pk}"})

    assert "There is a newer version" in setup
    assert assessment.proposal.reference in shown
    assert list(assessment.versions.values_list("number", flat=True)) == [2]
    assert "Nothing newer" in newer_page(client, round_)


@pytest.mark.django_db
def test_an_instrument_editor_sees_figures_and_no_names(client, round_, newer, anna):
    assessment = make_assessment(round_)
    client.force_login(anna)

    shown = newer_page(client, round_)

    assert "Move what has not begun" in shown
    assert assessment.proposal.reference not in shown
    assert str(assessment.reviewer) not in shown


@pytest.mark.django_db
def test_a_move_to_what_is_not_offered_is_not_found(client, round_, published, newer):
    client.force_login(make_officer(round_))

    response = client.post(
        reverse("checklist:round-newer", args=[round_.reference]), {"to": f"{newer.pk}-{published.pk}"}
    )

    assert response.status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_newer_versions_takes_the_same_queries(client, round_, newer, count, django_assert_max_num_queries):
    for _number in range(count):
        make_assessment(round_)
    client.force_login(make_officer(round_))
    newer_page(client, round_)

    with django_assert_max_num_queries(14):
        newer_page(client, round_)


@pytest.mark.django_db
def test_results_over_time_say_where_nothing_may_be_compared(client, round_, newer, published, anna):
    later = make_round()
    pin_instruments(round_=later, versions=[newer], by=None)
    for each in (round_, later):
        assessment = make_assessment(each)
        answer_all(assessment)
        submit_assessment(assessment=assessment, by=assessment.reviewer)
    address = reverse("checklist:results-over-time", args=[published.instrument.slug])

    client.force_login(make_auditor())
    shown = client.get(address).content.decode()
    client.force_login(make_user())
    hidden = client.get(address).content.decode()

    assert shown.count("1 assessment") == 2
    assert "not comparable" not in shown.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Nothing to show yet" in hidden
    assert Criterion.objects.filter(version=newer).count() == shown.count('<tr><th scope="row">')
