"""The steps of a draft: what they change, what they refuse, and that every one can be taken back."""

import pytest
from django.utils import timezone

from checklist import paths
from checklist.actions import studio
from checklist.actions.instruments import publish_version
from checklist.models import DraftEdit, InstrumentVersion
from checklist.selectors.draft_content import content, value_at
from checklist.selectors.instruments import sheet
from screening.models import AuditEvent

pytestmark = pytest.mark.django_db


def change(draft, path, after, by, before=None):
    stood = studio.values.as_text(value_at(draft, path)) if before is None else before
    return studio.change(version=draft, path=path, before=stood, after=after, by=by)


def events(draft, event="draft_changed"):
    return AuditEvent.objects.filter(event=event, subject_id=str(draft.pk)).order_by("pk")


# -- Starting -------------------------------------------------------------------------------


def test_the_next_version_says_the_same_and_points_back(published, anna):
    before = content(published)

    draft = studio.start_next_version(version=published, by=anna)

    assert content(draft) == {**before, "fields": {**before["fields"], "change_note": ""}}
    assert (draft.number, draft.state, draft.based_on, draft.created_by) == (2, "draft", published, anna)
    assert draft.content_hash == ""
    assert content(published) == before
    assert events(draft, "draft_started").get().after["based_on"] == str(published)


def test_one_draft_of_an_instrument_at_a_time(draft, published, anna):
    with pytest.raises(studio.CannotStartDraft, match="Version 2"):
        studio.start_next_version(version=published, by=anna)


def test_a_draft_does_not_start_from_a_draft(draft, anna):
    with pytest.raises(studio.CannotStartDraft, match="draft itself"):
        studio.copy_to_own(version=draft, title="Ours", short_title="Ours", by=anna)


def test_a_donors_own_version_is_another_instrument(published, anna):
    first = studio.copy_to_own(version=published, title="Checklist of Donor X", short_title="Donor X", by=anna)
    second = studio.copy_to_own(version=published, title="Checklist of Donor X", short_title="Donor X", by=anna)

    assert (first.instrument.slug, first.number) == ("checklist-of-donor-x", 1)
    assert second.instrument.slug == "checklist-of-donor-x-2"
    assert first.based_on == published
    assert [key for key, _ in content(first)["criteria"]] == [str(n) for n in range(1, 12)]
    assert not first.instrument.is_default


def test_an_empty_sheet_takes_items(anna):
    draft = studio.start_empty(
        title="Field safety", short_title="Safety", source="Our own", result_kind="profile", language="en", by=anna
    )

    assert studio.add(version=draft, path="criteria", by=anna) == "criteria/1"
    assert studio.add(version=draft, path="criteria", by=anna) == "criteria/2"
    assert value_at(draft, "criteria/1/kind") == "level_0_4"
    assert sheet(draft.pk).spec.items[1].key == "2"


def test_a_file_becomes_a_draft_of_the_next_version(published, source, anna):
    draft = studio.start_from_file(source=source, by=anna)

    assert (draft.number, draft.state, draft.based_on) == (2, "draft", published)
    assert content(draft)["criteria"] == content(published)["criteria"]
    assert events(draft, "draft_imported").exists()
    with pytest.raises(studio.CannotStartDraft, match="Version 2"):
        studio.start_from_file(source=source, by=anna)


# -- Changing -------------------------------------------------------------------------------


def test_a_change_is_stored_with_its_step_and_its_audit_row(draft, anna):
    before = value_at(draft, "criteria/5/wording")

    changed = change(draft, "criteria/5/wording", "  Is the target group defined?\r\n", anna)

    assert value_at(draft, "criteria/5/wording") == "Is the target group defined?"
    assert (changed.step.kind, changed.step.number, changed.step.by) == ("text", 1, anna)
    assert (changed.step.before, changed.step.after) == (before, "Is the target group defined?")
    row = events(draft).get()
    assert row.before == {"criteria/5/wording": before}
    assert row.after == {"criteria/5/wording": "Is the target group defined?"}


def test_the_same_text_again_is_no_step(draft, anna):
    stood = value_at(draft, "criteria/5/wording")

    assert studio.change(version=draft, path="criteria/5/wording", before="x", after=stood, by=anna).step is None
    assert not DraftEdit.objects.exists()
    assert not events(draft).exists()


def test_typing_on_is_one_step_until_somebody_pauses_or_goes_elsewhere(draft, anna, ben):
    change(draft, "criteria/5/guidance", "One", anna)
    change(draft, "criteria/5/guidance", "One two", anna)
    assert DraftEdit.objects.count() == 1
    assert events(draft).count() == 2
    assert DraftEdit.objects.get().after == "One two"

    DraftEdit.objects.update(at=timezone.now() - timezone.timedelta(minutes=2))
    change(draft, "criteria/5/guidance", "One two three", anna)
    change(draft, "criteria/5/guidance", "One two three four", ben)
    change(draft, "title", "Another title", ben)
    change(draft, "criteria/5/guidance", "Five", ben)
    assert DraftEdit.objects.count() == 5


def test_two_people_never_overwrite_each_other_in_silence(draft, anna, ben):
    stood = value_at(draft, "criteria/5/wording")
    change(draft, "criteria/5/wording", "Ben's words", ben)

    with pytest.raises(studio.DraftConflict, match="Ben Editor changed this meanwhile") as conflict:
        change(draft, "criteria/5/wording", "Anna's words", anna, before=stood)

    assert (conflict.value.mine, conflict.value.theirs, conflict.value.by) == ("Anna's words", "Ben's words", ben)
    assert value_at(draft, "criteria/5/wording") == "Ben's words"
    change(draft, "criteria/5/wording", "Anna's words", anna, before="Ben's words")
    assert value_at(draft, "criteria/5/wording") == "Anna's words"


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("title", "", "cannot be empty"),
        ("short_title", "x" * 61, "At most 60"),
        ("criteria/5/weight", "much", "a number"),
        ("criteria/5/weight", "-1", "a number"),
        ("criteria/5/kind", "level_0_4", "does not fit"),
        ("criteria/5/kind", "sub_yes_no", "does not fit"),
        ("criteria/5/polarity", "sideways", "does not fit"),
        ("criteria/5/reason_rule", "ends_of_scale", "does not fit"),
        ("criteria/9/combining", "minimum", "does not fit"),
        ("criteria/2/combining", "overlap", "does not fit"),
        ("criteria/5/domain", "nowhere", "not there"),
        ("criteria/5/critical_scope", "z", "not there"),
        ("criteria/2/sub/a/kind", "yes_no", "does not fit"),
        ("result_kind", "profile", "Remove them first"),
        ("criteria/99/wording", "x", "not there"),
        ("criteria/5/levels/maybe/label", "x", "not there"),
        ("criteria/5", "x", "no such place"),
        ("criteria/5/pk", "x", "no such place"),
        ("translations/fr/criteria/99/wording", "x", "not there"),
        ("translations/en/title", "x", "language of the original"),
        ("translations/zz/title", "x", "not known"),
        ("translations/de/is_official", "1", "Translate a text first"),
    ],
)
def test_what_does_not_fit_is_refused(draft, anna, path, text, why):
    before = content(draft)

    with pytest.raises(studio.CannotChangeDraft, match=why):
        change(draft, path, text, anna, before=_stood(draft, path))

    assert content(draft) == before
    assert not DraftEdit.objects.exists()


def _stood(draft, path):
    try:
        return studio.values.as_text(value_at(draft, path))
    except (paths.NotAPlace, KeyError):  # what is no single text
        return ""


def test_a_published_version_is_never_touched(published, draft, anna):
    publish_version(version=draft, by=anna)

    for version in (published, draft):
        with pytest.raises(studio.CannotChangeDraft, match="never changes"):
            change(version, "title", "Other", anna)
        with pytest.raises(studio.CannotChangeDraft, match="never changes"):
            studio.add(version=version, path="criteria", by=anna)
        with pytest.raises(studio.CannotChangeDraft, match="never changes"):
            studio.undo(version=version, by=anna)


def test_a_removed_place_says_who_removed_it(draft, anna, ben):
    studio.remove(version=draft, path="criteria/5", by=ben)

    with pytest.raises(studio.CannotChangeDraft, match="Ben Editor removed this"):
        change(draft, "criteria/5/wording", "x", anna, before="")


def test_another_kind_of_answer_takes_along_what_no_longer_fits(draft, anna):
    change(draft, "criteria/3/levels/yes/descriptor", "The same thing twice", anna)
    for key in "abcd":
        studio.remove(version=draft, path=f"criteria/3/sub/{key}", by=anna)
    before = content(draft)
    assert value_at(draft, "criteria/3/polarity") == "yes_is_bad"

    changed = change(draft, "criteria/3/kind", "linked", anna)

    assert value_at(draft, "criteria/3/polarity") == "yes_is_good"
    assert value_at(draft, "criteria/3/levels/yes/descriptor") == ""
    assert "criteria/3/polarity" in changed.also
    studio.undo(version=draft, by=anna)
    assert content(draft) == before


def test_a_translation_is_kept_and_emptied(draft, anna, ben):
    change(draft, "translations/de/title", "Prüfliste", anna)
    change(draft, "translations/de/is_official", "1", anna)
    change(draft, "translations/de/criteria/5/wording", "Ist es so?", anna)
    assert sheet(draft.pk, "de").title == "Prüfliste"
    assert sheet(draft.pk, "de").is_official

    change(draft, "translations/de/criteria/5/wording", "", ben)
    assert value_at(draft, "translations/de/criteria/5/wording") is None
    studio.undo(version=draft, by=anna)
    assert value_at(draft, "translations/de/criteria/5/wording") == {"text": "Ist es so?", "official": True}


# -- Adding, copying, removing, moving ------------------------------------------------------


def test_a_new_item_has_a_key_that_was_never_used(draft, anna):
    assert studio.add(version=draft, path="criteria", by=anna) == "criteria/12"
    studio.remove(version=draft, path="criteria/12", by=anna)

    assert studio.add(version=draft, path="criteria", by=anna) == "criteria/13"


def test_sub_questions_bring_their_combining_rule_and_take_it_along(draft, anna):
    studio.add(version=draft, path="criteria/9/sub", by=anna)
    assert value_at(draft, "criteria/9/combining") == "minimum"
    assert studio.add(version=draft, path="criteria/9/sub", by=anna) == "criteria/9/sub/b"
    change(draft, "criteria/9/critical_scope", "b", anna)

    studio.remove(version=draft, path="criteria/9/sub/b", by=anna)
    assert value_at(draft, "criteria/9/critical_scope") == ""
    studio.remove(version=draft, path="criteria/9/sub/a", by=anna)
    assert value_at(draft, "criteria/9/combining") == ""


def test_a_rule_that_needs_certain_parts_gives_way_when_one_goes(draft, anna):
    assert value_at(draft, "criteria/3/combining") == "overlap"

    studio.remove(version=draft, path="criteria/3/sub/d", by=anna)

    assert value_at(draft, "criteria/3/combining") == "minimum"
    studio.undo(version=draft, by=anna)
    assert value_at(draft, "criteria/3/combining") == "overlap"


def test_a_copy_stands_behind_and_says_the_same(draft, anna):
    path = studio.duplicate(version=draft, path="criteria/2", by=anna)

    assert path == "criteria/12"
    assert value_at(draft, "criteria")[:3] == ["1", "2", "12"]
    old, new = value_at(draft, "criteria/2"), value_at(draft, "criteria/12")
    assert new == {**old, "fields": {**old["fields"], "number": "12"}}
    assert studio.duplicate(version=draft, path="criteria/2/sub/a", by=anna) == "criteria/2/sub/c"
    assert value_at(draft, "criteria/2/sub") == ["a", "c", "b"]


def test_removing_keeps_everything_for_undo(draft, anna):
    before = content(draft)
    assert any(path.startswith("criteria/2/") for _, path, _, _ in before["translations"])

    studio.remove(version=draft, path="criteria/2", by=anna)

    assert not any(path.startswith("criteria/2/") for _, path, _, _ in content(draft)["translations"])
    row = events(draft).get()
    assert "criteria/2/wording" in row.before
    assert row.after["criteria/2/wording"] is None
    studio.undo(version=draft, by=anna)
    assert content(draft) == before


def test_a_group_leaves_its_items_behind(draft, anna):
    before = content(draft)
    studio.add(version=draft, path="domains", by=anna)
    change(draft, "domains/1/title", "Do no harm", anna)
    change(draft, "criteria/5/domain", "1", anna)
    change(draft, "criteria/6/domain", "1", anna)

    studio.remove(version=draft, path="domains/1", by=anna)

    assert value_at(draft, "criteria/6/domain") == ""
    studio.undo(version=draft, by=anna)
    assert value_at(draft, "criteria/6/domain") == "1"
    while draft.edits.filter(undone_at=None).exists():
        studio.undo(version=draft, by=anna)
    assert content(draft) == before


def test_a_move_is_one_step_and_meets_another_move(draft, anna, ben):
    order = value_at(draft, "criteria")
    moved = ["11", *order[:-1]]
    studio.move(version=draft, path="criteria", before=order, after=moved, by=ben)
    assert value_at(draft, "criteria") == moved

    with pytest.raises(studio.DraftConflict, match="Ben Editor"):
        studio.move(version=draft, path="criteria", before=order, after=["2", "1", *order[2:]], by=anna)
    with pytest.raises(studio.CannotChangeDraft, match="every member once"):
        studio.move(version=draft, path="criteria", before=moved, after=["1", "2"], by=anna)
    studio.move(version=draft, path="criteria", before=moved, after=moved, by=anna)
    assert DraftEdit.objects.count() == 1
    studio.undo(version=draft, by=anna)
    assert value_at(draft, "criteria") == order


def test_numbers_follow_the_order(draft, anna):
    order = value_at(draft, "criteria")
    studio.move(version=draft, path="criteria", before=order, after=["11", *order[:-1]], by=anna)
    before = content(draft)

    studio.renumber(version=draft, by=anna)

    assert value_at(draft, "criteria/11/number") == "1"
    assert value_at(draft, "criteria/10/number") == "11"
    studio.undo(version=draft, by=anna)
    assert content(draft) == before


@pytest.mark.parametrize("path", ["criteria/99", "title", "nothing", "criteria/5/wording"])
def test_only_whole_things_are_removed_and_copied(draft, anna, path):
    with pytest.raises(studio.CannotChangeDraft):
        studio.remove(version=draft, path=path, by=anna)
    with pytest.raises(studio.CannotChangeDraft):
        studio.duplicate(version=draft, path=path, by=anna)
    with pytest.raises(studio.CannotChangeDraft):
        studio.add(version=draft, path=path, by=anna)


# -- Undo -----------------------------------------------------------------------------------


def test_undo_says_what_it_did_in_the_audit_trail(draft, anna, ben):
    stood = value_at(draft, "title")
    change(draft, "title", "Another", anna)

    step = studio.undo(version=draft, by=ben)

    assert value_at(draft, "title") == stood
    assert (step.undone_by, step.by) == (ben, anna)
    row = events(draft, "draft_change_undone").get()
    assert (row.before, row.after, row.actor_id) == ({"title": "Another"}, {"title": stood}, ben.pk)


def test_undo_of_a_step_that_somebody_built_on_names_her(draft, anna, ben):
    change(draft, "title", "Anna's", anna)
    change(draft, "title", "Ben's", ben)
    change(draft, "source", "Elsewhere", ben)

    with pytest.raises(studio.CannotUndo, match="Ben Editor changed this since"):
        studio.undo(version=draft, by=anna, number=1)
    assert value_at(draft, "title") == "Ben's"


def test_undo_of_an_earlier_step_leaves_later_ones_elsewhere(draft, anna, ben):
    stood = value_at(draft, "title")
    change(draft, "title", "Anna's", anna)
    change(draft, "source", "Ben's", ben)

    studio.undo(version=draft, by=anna, number=1)

    assert (value_at(draft, "title"), value_at(draft, "source")) == (stood, "Ben's")
    with pytest.raises(studio.CannotUndo, match="already"):
        studio.undo(version=draft, by=anna, number=1)


def test_nothing_to_undo(draft, anna):
    with pytest.raises(studio.CannotUndo, match="nothing to undo"):
        studio.undo(version=draft, by=anna)


def test_a_removed_draft_is_gone(draft, anna):
    InstrumentVersion.objects.filter(pk=draft.pk).delete()

    with pytest.raises(studio.CannotChangeDraft, match="removed"):
        change(draft, "title", "Other", anna, before=draft.title)
