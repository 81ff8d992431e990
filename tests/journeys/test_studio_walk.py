"""A donor's own version beside the one it came from: what was judged by the old one stays, to the byte."""

import pytest
from django.db.models import F

from checklist.actions import studio
from checklist.actions.assessments import submit_assessment
from checklist.actions.rounds import pin_instruments
from checklist.models import InstrumentVersion
from checklist.selectors.draft_content import value_at
from proposals.models import RoleGrant
from tests.factories import answer_all, make_assessment, make_instrument_editor, make_round, make_user

REWORDED = "Is there enough time and money for a difference that can be shown?"
SURVIVORS = {
    "wording": "Are survivors consulted and paid?",
    "short_title": "Survivors",
    "critical_rule": "block",
    "critical_scope": "b",
}


@pytest.fixture
def editor(db):
    return make_instrument_editor()


@pytest.fixture
def officer(db):
    return make_user("Olga Officer")


@pytest.fixture
def own(instruments, editor, client):
    """The donor's own checklist: item 5 reworded, a twelfth item with two parts and a block, moved and published."""
    draft = studio.copy_to_own(version=instruments[0], title="Checklist of our fund", short_title="Ours", by=editor)
    write(draft, "criteria/5/wording", REWORDED, editor)
    path = studio.add(version=draft, path="criteria", by=editor)
    for wording in ("Are survivors consulted?", "Are they paid?"):
        write(draft, f"{studio.add(version=draft, path=f'{path}/sub', by=editor)}/wording", wording, editor)
    for name, text in SURVIVORS.items():
        write(draft, f"{path}/{name}", text, editor)
    keys = value_at(draft, "criteria")
    studio.move(version=draft, path="criteria", before=keys, after=[keys[-1], *keys[:-1]], by=editor)
    studio.renumber(version=draft, by=editor)
    return published(client, draft, editor)


@pytest.fixture
def rounds(instruments, own, officer):
    """One reviewer judged in two rounds, by the checklist as it ships and by the donor's own: {reference: assessment}."""
    reviewer = make_user("Rita Reviewer")
    judged = {}
    for reference, version in (("OLD", instruments[0]), ("NEW", own)):
        round_ = make_round(reference)
        RoleGrant.objects.create(user=officer, round=round_, role="programme_officer")
        RoleGrant.objects.create(user=reviewer, round=round_, role="reviewer")
        pin_instruments(round_=round_, versions=[version, instruments[1]], by=officer)
        assessment = make_assessment(
            round_=round_, reviewer=reviewer, conclusion="do_not_recommend", conclusion_reason="Page 4."
        )
        answer_all(assessment, answer="no")
        judged[reference] = submit_assessment(assessment=assessment, by=reviewer)
    return judged


def write(draft, path, text, by):
    stood = studio.values.as_text(value_at(draft, path))
    studio.change(version=draft, path=path, before=stood, after=text, by=by)


def published(client, draft, editor):
    """By the pages: every proposal of the comparison kept, then the change note."""
    client.force_login(editor)
    url = draft.get_absolute_url()
    kept = {}
    for line in client.get(f"{url}compare/").context["lines"]:
        kept[line.name] = next((value for value, _words, is_chosen in line.choices if is_chosen), "dropped")
        kept[f"earlier-{line.row.key}"] = line.row.earlier_key
    assert client.post(f"{url}compare/", kept).status_code == 302
    response = client.post(f"{url}publish/", {"change_note": "Plainer words."})
    assert response.status_code == 302, response.context["form"].errors
    draft.refresh_from_db()
    assert draft.state == "published"
    # What is proposed is what the page offers first: an item that only has another number stays the same.
    assert not draft.matches.exclude(proposed=F("verdict")).exists()
    return draft


def exported(client, officer):
    """{(round, shape, format): bytes} of everything that leaves the two rounds as a table."""
    client.force_login(officer)
    kinds = [(shape, file_format) for shape in ("wide", "long") for file_format in ("csv", "xlsx")]
    files = {}
    for reference in ("OLD", "NEW"):
        for shape, file_format in kinds:
            response = client.get(f"/rounds/{reference}/scores.{file_format}?shape={shape}")
            files[reference, shape, file_format] = b"".join(response.streaming_content)
    return files


def test_two_rounds_on_two_versions_and_a_further_one(rounds, own, instruments, officer, editor, client):
    before = exported(client, officer)
    asked = {name: before[name, "long", "csv"].decode() for name in ("OLD", "NEW")}
    assert REWORDED in asked["NEW"]
    assert "Are survivors consulted and paid?" in asked["NEW"]
    assert REWORDED not in asked["OLD"]
    assert "Is enough time and funding available" in asked["OLD"]
    totals = {name: each.scores.get(version__result_kind="share").total for name, each in rounds.items()}
    assert totals == {"OLD": 11, "NEW": 12}

    for version in (instruments[0], own):
        further = studio.start_next_version(version=version, by=editor)
        write(further, "criteria/1/wording", "Does it rest on evidence?", editor)
        studio.remove(version=further, path="criteria/11", by=editor)
        published(client, further, editor)

    assert InstrumentVersion.objects.filter(number=2, state="published").count() == 2
    assert exported(client, officer) == before
