"""What a draft is sent and does not take as it came: made-up buttons, pasted signs, too much of something."""

import pytest

from checklist.actions import studio
from checklist.forms.studio import UnreadableDraftForm, given_page
from checklist.instrument_files import read_instrument
from checklist.instrument_writing import to_yaml
from checklist.selectors.draft_content import value_at
from checklist.selectors.studio import file_of

from .test_editing import change

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["title", "criteria", "criteria/5/wording", "criteria/99", "nonsense", ""])
def test_only_a_group_an_item_or_a_sub_question_goes_up_or_down(draft, anna, path):
    with pytest.raises(studio.CannotChangeDraft, match="not there|no such place"):
        studio.save_page(version=draft, changes=[], by=anna, word="up", path=path)

    studio.save_page(version=draft, changes=[], by=anna, word="up", path="criteria/2")
    assert value_at(draft, "criteria")[:2] == ["2", "1"]


@pytest.mark.parametrize("number", ["²", "-1", "1" * 5000, "criteria/5"])
def test_a_step_that_is_no_number_is_not_read(number):
    with pytest.raises(UnreadableDraftForm):
        given_page({"do": f"undo:{number}"})


def test_what_pasting_brings_along_is_not_kept_so_that_a_file_can_be_read_back(draft, anna):
    assert change(draft, "criteria/9/guidance", "\ufeffOne\x0btwo\x07\u2028three \x1f", anna).text == "One\ntwo\nthree"

    written = to_yaml(file_of(draft))
    assert to_yaml(read_instrument(written, "draft.yaml")) == written


def test_a_critical_rule_looks_at_no_more_sub_questions_than_a_version_can_store(draft, anna):
    keys = [studio.add(version=draft, path="criteria/9/sub", by=anna).rpartition("/")[2] for _ in range(21)]

    with pytest.raises(studio.CannotChangeDraft, match="too many"):
        change(draft, "criteria/9/critical_scope", ",".join(keys), anna)
    assert change(draft, "criteria/9/critical_scope", ",".join(keys[:20]), anna).step
