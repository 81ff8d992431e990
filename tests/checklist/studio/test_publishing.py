"""From a draft to a version in use: deciding, publishing, retiring, removing; what each refuses and records."""

import pytest
from django.db import DatabaseError, transaction

from checklist.actions import studio
from checklist.actions.publishing import (
    CannotDecideMatch,
    CannotPublishVersion,
    CannotRemoveDraft,
    CannotRetireVersion,
    MatchDecision,
    decide_matches,
    publish_draft,
    remove_draft,
    retire_version,
)
from checklist.actions.rounds import CannotPin, pin_instruments
from checklist.forms.rounds import InstrumentsForm
from checklist.models import Criterion, CriterionMatch, DraftEdit, Instrument, InstrumentVersion, Level, SubQuestion
from checklist.selectors.comparisons import comparable_keys, decisions, earlier_of
from checklist.selectors.draft_content import value_at
from checklist.selectors.studio import file_of
from screening.models import AuditEvent
from tests.factories import make_administrator, make_round

pytestmark = pytest.mark.django_db

REWORDED = "Is enough time and funding available for the intervention to make a demonstrable difference?"


def write(draft, path, text, by):
    stood = studio.values.as_text(value_at(draft, path))
    return studio.change(version=draft, path=path, before=stood, after=text, by=by)


def decide_all(draft, by, **other):
    """Keep what the program proposes, but for `other`: {"5": "changed"}."""
    decided = [
        MatchDecision(each.row.key, each.row.earlier_key, other.get(each.row.key, each.row.proposed.value))
        for each in decisions(draft).rows
    ]
    return decide_matches(version=draft, decided=decided, by=by)


def publish(draft, by, note="Item 5 is shorter."):
    decide_all(draft, by)
    return publish_draft(version=draft, change_note=note, by=by)


def verdicts(version):
    return set(version.matches.values_list("earlier_key", "key", "verdict"))


# -- Deciding -------------------------------------------------------------------------------


def test_every_row_is_proposed_and_none_is_decided_at_first(draft, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)

    said = decisions(draft)

    assert said.open_count == 11
    assert {each.row.key: each.row.proposed.value for each in said.rows if each.row.proposed != "same"} == {
        "5": "reworded"
    }


def test_a_decision_is_kept_and_on_record(draft, published, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)

    decide_matches(version=draft, decided=[MatchDecision("5", "5", "changed")], by=anna)

    match = draft.matches.get()
    assert (match.proposed, match.verdict, match.decided_by, match.earlier_version) == (
        "reworded", "changed", anna, published,
    )  # fmt: skip
    event = AuditEvent.objects.get(event="criterion_matched")
    assert (event.before, event.after, event.actor_id) == ({"5": None}, {"5": "changed"}, anna.pk)


def test_the_same_decision_again_is_not_recorded_again(draft, anna):
    decide_all(draft, anna)
    decide_all(draft, anna)

    assert AuditEvent.objects.filter(event="criterion_matched").count() == 11


def test_what_differs_cannot_be_called_the_same(draft, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)

    with pytest.raises(CannotDecideMatch):
        decide_matches(version=draft, decided=[MatchDecision("5", "5", "same")], by=anna)
    assert not draft.matches.exists()


@pytest.mark.parametrize(
    "decided",
    [
        MatchDecision("5", "6", "reworded"),
        MatchDecision("5", "5", "new"),
        MatchDecision("", "5", "dropped"),
        MatchDecision("99", "99", "same"),
        MatchDecision("5", "5", "nonsense"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused(draft, anna, decided):
    with pytest.raises(CannotDecideMatch):
        decide_matches(version=draft, decided=[decided], by=anna)


def test_a_change_after_the_decision_opens_it_again(draft, anna):
    decide_all(draft, anna)

    write(draft, "criteria/5/wording", REWORDED, anna)

    said = decisions(draft)
    assert [(each.row.key, each.is_stale) for each in said.rows if each.is_open] == [("5", True)]


def test_other_words_open_a_decision_again_although_the_proposal_is_the_same(draft, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)
    decide_all(draft, anna)

    write(draft, "criteria/5/wording", REWORDED.replace("enough", "not enough"), anna)
    write(draft, "criteria/6/number", "6b", anna)

    said = decisions(draft)
    assert [(each.row.key, each.is_stale) for each in said.rows if each.is_open] == [("5", True)]
    assert {each.row.key: each.row.proposed.value for each in said.rows}["5"] == "reworded"


def test_undoing_other_words_opens_a_decision_again(draft, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)
    write(draft, "criteria/5/guidance", "Look at the months.", anna)
    decide_all(draft, anna)

    studio.undo(version=draft, by=anna)

    assert [each.row.key for each in decisions(draft).rows if each.is_open] == ["5"]


def test_what_was_changed_since_the_page_was_loaded_is_neither_decided_nor_published(draft, anna):
    decide_all(draft, anna)
    seen = file_of(draft).content_hash
    write(draft, "criteria/5/look_for", "Months and money", anna)

    with pytest.raises(CannotDecideMatch, match="in the meantime"):
        decide_matches(version=draft, decided=[MatchDecision("5", "5", "reworded")], by=anna, seen=seen)
    decide_all(draft, anna)
    with pytest.raises(CannotPublishVersion, match="in the meantime"):
        publish_draft(version=draft, change_note="Shorter", by=anna, seen=seen)
    assert publish_draft(version=draft, change_note="Shorter", by=anna, seen=file_of(draft).content_hash)


def test_a_new_criterion_may_be_said_to_continue_a_dropped_one(draft, anna):
    path = studio.add(version=draft, path="criteria", by=anna)
    key = path.removeprefix("criteria/")
    studio.remove(version=draft, path="criteria/9", by=anna)

    decide_matches(version=draft, decided=[MatchDecision(key, "9", "reworded")], by=anna)

    rows = {(each.row.earlier_key, each.row.key): each.verdict for each in decisions(draft).rows}
    assert rows["9", key] == "reworded"
    assert ("9", "") not in rows
    decide_matches(version=draft, decided=[MatchDecision(key, "", "new"), MatchDecision("", "9", "dropped")], by=anna)
    assert verdicts(draft) == {("", key, "new"), ("9", "", "dropped")}


def test_a_first_version_has_nothing_to_decide(db, anna):
    draft = studio.start_empty(
        title="Ours", short_title="Ours", source="Own", result_kind="share", language="en", by=anna
    )

    assert earlier_of(draft) is None
    assert decisions(draft) is None
    with pytest.raises(CannotDecideMatch, match="no earlier version"):
        decide_matches(version=draft, decided=[MatchDecision("1", "1", "same")], by=anna)


# -- Publishing -----------------------------------------------------------------------------


def test_a_published_draft_is_frozen_with_note_hash_and_decisions(draft, published, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)

    version = publish(draft, anna)

    version.refresh_from_db()
    assert (version.state, version.change_note) == ("published", "Item 5 is shorter.")
    assert version.content_hash == file_of(version).content_hash != published.content_hash
    assert ("5", "5", "reworded") in verdicts(version)
    event = AuditEvent.objects.filter(event="instrument_published").latest("pk")
    assert (event.actor_id, event.after["content_hash"]) == (anna.pk, version.content_hash)
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        Criterion.objects.filter(version=version, key="5").update(wording="Other")


def test_the_instrument_is_called_as_its_newest_version(draft, anna):
    write(draft, "title", "Checklist, second edition", anna)

    publish(draft, anna)

    assert Instrument.objects.get(pk=draft.instrument_id).title == "Checklist, second edition"


@pytest.mark.parametrize("note", ["", "  \n"])
def test_without_a_note_it_is_not_published(draft, anna, note):
    with pytest.raises(CannotPublishVersion, match="what changed"):
        publish(draft, anna, note)


def test_while_something_is_wrong_it_is_not_published(draft, anna):
    write(draft, "criteria/5/wording", "", anna)
    decide_all(draft, anna)

    with pytest.raises(CannotPublishVersion, match="1 thing is wrong"):
        publish_draft(version=draft, change_note="Shorter", by=anna)
    draft.refresh_from_db()
    assert (draft.state, draft.change_note) == ("draft", "")


def test_while_a_row_is_open_it_is_not_published(draft, anna):
    decide_all(draft, anna)
    write(draft, "criteria/5/wording", REWORDED, anna)

    with pytest.raises(CannotPublishVersion, match="1 criterion"):
        publish_draft(version=draft, change_note="Shorter", by=anna)


def test_decisions_about_what_is_gone_are_not_published(draft, anna):
    path = studio.add(version=draft, path="criteria", by=anna)
    key = path.removeprefix("criteria/")
    decide_all(draft, anna)
    studio.remove(version=draft, path=path, by=anna)

    version = publish(draft, anna)

    assert not version.matches.filter(key=key).exists()


def test_nothing_is_published_twice(draft, anna):
    version = publish(draft, anna)

    with pytest.raises(CannotPublishVersion, match="never changes"):
        publish_draft(version=version, change_note="Again", by=anna)
    with pytest.raises(CannotDecideMatch, match="never changes"):
        decide_all(version, anna)


# -- What may be compared -------------------------------------------------------------------


def test_only_what_is_the_same_or_reworded_may_be_compared_over_a_chain(draft, published, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)
    write(draft, "criteria/9/wording", "Who keeps the accounts of the shelter?", anna)
    second = publish(draft, anna)
    third = studio.start_next_version(version=second, by=anna)
    decide_all(third, anna, **{"1": "changed"})
    third = publish_draft(version=third, change_note="Item 1 is meant otherwise.", by=anna)

    keys = comparable_keys(published, third)

    assert set(keys) == {str(number) for number in range(1, 12)} - {"1", "9"}
    assert keys == {key: key for key in keys} == comparable_keys(third, published)


def test_copies_are_compared_through_what_they_were_made_from(published, anna):
    ours, theirs = (studio.copy_to_own(version=published, title=name, short_title=name, by=anna) for name in "AB")
    write(ours, "criteria/3/wording", "Does anybody else do this already, in the same place?", anna)
    publish(ours, anna)
    publish(theirs, anna)

    assert set(comparable_keys(ours, theirs)) == {str(number) for number in range(1, 12)} - {"3"}


def test_decisions_of_a_draft_do_not_count_yet(draft, published, anna):
    decide_all(draft, anna)

    assert comparable_keys(published, draft) == {}


# -- Retiring -------------------------------------------------------------------------------


def test_a_retired_version_is_kept_by_its_rounds_and_taken_by_no_new_one(published, anna):
    old, new, admin = make_round(), make_round(), make_administrator()
    pin_instruments(round_=old, versions=[published], by=admin)

    retired = retire_version(version=published, by=anna)

    assert retired.state == "retired"
    assert retired.retired_at
    pin_instruments(round_=old, versions=[retired], by=admin)
    with pytest.raises(CannotPin):
        pin_instruments(round_=new, versions=[retired], by=admin)
    assert retired in InstrumentsForm(round_=old).by_instrument[published.instrument]
    assert published.instrument not in InstrumentsForm(round_=new).by_instrument
    event = AuditEvent.objects.get(event="instrument_retired")
    assert (event.before, event.after, event.actor_id) == ({"state": "published"}, {"state": "retired"}, anna.pk)


def test_only_a_published_version_is_retired(draft, published, anna):
    retire_version(version=published, by=anna)

    for version in (draft, published):
        with pytest.raises(CannotRetireVersion):
            retire_version(version=version, by=anna)


# -- Removing -------------------------------------------------------------------------------


def test_a_draft_is_removed_with_everything_in_it_and_the_rest_stays(draft, published, anna):
    write(draft, "criteria/5/wording", REWORDED, anna)
    decide_all(draft, anna)
    before = (published.criteria.count(), SubQuestion.objects.filter(criterion__version=published).count())

    remove_draft(version=draft, by=anna)

    assert list(InstrumentVersion.objects.all()) == [published]
    assert (Criterion.objects.count(), SubQuestion.objects.count()) == before
    assert not CriterionMatch.objects.exists()
    assert not DraftEdit.objects.exists()
    event = AuditEvent.objects.get(event="draft_removed")
    assert (event.actor_id, event.before["criteria"]) == (anna.pk, 11)


def test_an_instrument_without_any_version_goes_with_its_only_draft(published, anna):
    draft = studio.copy_to_own(version=published, title="Ours", short_title="Ours", by=anna)
    studio.add(version=draft, path="domains", by=anna)

    remove_draft(version=draft, by=anna)

    assert list(Instrument.objects.values_list("slug", flat=True)) == ["siren-donor-checklist"]


def test_what_was_published_is_never_removed(published, draft, anna):
    with pytest.raises(CannotRemoveDraft, match="never changes"):
        remove_draft(version=published, by=anna)
    remove_draft(version=draft, by=anna)
    with pytest.raises(CannotRemoveDraft, match="was removed"):
        remove_draft(version=draft, by=anna)


# -- What the database holds ----------------------------------------------------------------


CHANGES = {
    "criterion": lambda version: Criterion.objects.filter(version=version, key="5").update(wording="Other"),
    "new criterion": lambda version: Criterion.objects.create(
        version=version, key="x", number="x", position=99, short_title="x", wording="x", kind="yes_no", reason_rule="always"
    ),
    "sub-question": lambda version: SubQuestion.objects.filter(criterion__version=version).update(wording="Other"),
    "level": lambda version: Level.objects.filter(criterion__version=version).update(label="Other"),
    "translation": lambda version: version.translations.update(text="Other"),
    "domain": lambda version: version.domains.create(key="x", title="x", position=9),
    "decision": lambda version: version.matches.update(verdict="changed"),
    "removed decision": lambda version: version.matches.all().delete(),
    "number": lambda version: InstrumentVersion.objects.filter(pk=version.pk).update(number=77),
    "hash": lambda version: InstrumentVersion.objects.filter(pk=version.pk).update(content_hash="x"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_the_database_lets_a_draft_change_and_refuses_a_published_version(draft, anna, name):
    decide_all(draft, anna)
    with transaction.atomic():
        CHANGES[name](draft)
        transaction.set_rollback(True)

    publish_draft(version=draft, change_note="As it was", by=anna)

    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        CHANGES[name](draft)


def test_the_database_lets_a_published_version_be_retired_and_nothing_else(published):
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        InstrumentVersion.objects.filter(pk=published.pk).update(state="retired", title="Other")
    InstrumentVersion.objects.filter(pk=published.pk).update(state="retired")
    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        InstrumentVersion.objects.filter(pk=published.pk).update(state="draft", published_at=None)
