"""Random edits by two people, then everything undone: the draft says what it said."""

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist import fitting, scoring
from checklist.actions import studio
from checklist.enums import CriticalRule
from checklist.models import InstrumentVersion
from checklist.selectors.draft_content import content, value_at
from checklist.selectors.instruments import sheet

pytestmark = pytest.mark.django_db

WORDS = st.sampled_from(["", "One", "One two", "  Three\r\nfour ", "Ключ", "د", "1", "0.5"])
KINDS = st.sampled_from(sorted(scoring.ANSWER_KINDS))
FIELDS = st.sampled_from(
    [
        "wording", "guidance", "weight", "about_harm", "critical_scope", "domain",
        "sub/a/wording", "levels/yes/label", "levels/no/descriptor", "levels/linked/label",
    ]
)  # fmt: skip
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("text"), st.integers(0, 20), FIELDS, WORDS),
        st.tuples(st.just("kind"), st.integers(0, 20), KINDS),
        st.tuples(st.just("sub-kind"), st.integers(0, 20), KINDS),
        st.tuples(st.just("critical"), st.integers(0, 20), st.sampled_from(CriticalRule.values)),
        st.tuples(st.just("version"), st.sampled_from(["title", "source", "language", "applies_to"]), WORDS),
        st.tuples(st.just("translate"), st.integers(0, 20), FIELDS, WORDS),
        st.tuples(st.just("official"), st.sampled_from(["", "1"])),
        st.tuples(st.just("add"), st.sampled_from(["criteria", "domains", "sub"]), st.integers(0, 20)),
        st.tuples(st.just("copy"), st.sampled_from(["criteria", "domains", "sub"]), st.integers(0, 20)),
        st.tuples(st.just("remove"), st.sampled_from(["criteria", "domains", "sub"]), st.integers(0, 20)),
        st.tuples(st.just("move"), st.sampled_from(["criteria", "domains"]), st.integers(0, 20)),
        st.tuples(st.just("number")),
        st.tuples(st.just("undo")),
    ),
    max_size=12,
)


class Hand:
    """Does one random step to a draft, at a place that is there."""

    def __init__(self, version):
        self.version = version

    def do(self, step, by):
        word, *rest = step
        try:
            getattr(self, word.replace("-", "_"))(*rest, by=by)
        except (studio.CannotChangeDraft, studio.CannotUndo):
            return  # what does not fit is refused, and nothing changed

    def _change(self, path, text, by):
        before = studio.values.as_text(value_at(self.version, path))
        studio.change(version=self.version, path=path, before=before, after=text, by=by)

    def _item(self, index):
        keys = value_at(self.version, "criteria")
        return f"criteria/{keys[index % len(keys)]}" if keys else "criteria/none"

    def _whole(self, which, index):
        path = f"{self._item(index)}/sub" if which == "sub" else which
        keys = value_at(self.version, path)
        return f"{path}/{keys[index % len(keys)]}" if keys else f"{path}/none"

    def text(self, index, field, words, by):
        self._change(f"{self._item(index)}/{field}", words, by)

    def kind(self, index, kind, by):
        self._change(f"{self._item(index)}/kind", kind, by)

    def sub_kind(self, index, kind, by):
        self._change(f"{self._item(index)}/sub/a/kind", kind, by)

    def critical(self, index, rule, by):
        self._change(f"{self._item(index)}/critical_rule", rule, by)

    def version_(self, field, words, by):
        self._change(field, words, by)

    def translate(self, index, field, words, by):
        self._change(f"translations/fr/{self._item(index)}/{field}", words, by)

    def official(self, mark, by):
        self._change("translations/fr/is_official", mark, by)

    def add(self, which, index, by):
        path = f"{self._item(index)}/sub" if which == "sub" else which
        studio.add(version=self.version, path=path, by=by)

    def copy(self, which, index, by):
        studio.duplicate(version=self.version, path=self._whole(which, index), by=by)

    def remove(self, which, index, by):
        studio.remove(version=self.version, path=self._whole(which, index), by=by)

    def move(self, which, index, by):
        before = value_at(self.version, which)
        at = index % len(before) if before else 0
        studio.move(version=self.version, path=which, before=before, after=before[at:] + before[:at], by=by)

    def number(self, by):
        studio.renumber(version=self.version, by=by)

    def undo(self, by):
        studio.undo(version=self.version, by=by)


# The steps and their undoing are the same everywhere; PostgreSQL takes eight times as long for their many queries.
EXAMPLES = 15 if "sqlite3" in django_settings.DATABASES["default"]["ENGINE"] else 4


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.booleans(), STEPS), max_size=3))
def test_random_edits_undone_leave_the_same_content(draft, anna, ben, steps):
    # One database for all examples: each ends as it began.
    hand, before = Hand(draft), content(draft)

    for is_anna, some in steps:
        for step in some:
            step = ("version_", *step[1:]) if step[0] == "version" else step
            hand.do(step, anna if is_anna else ben)
    _is_sound(draft)
    while draft.edits.filter(undone_at=None).exists():
        studio.undo(version=draft, by=anna)

    assert content(draft) == before


def _is_sound(draft):
    """Whatever was done: every criterion can be shown and derived, by rules that fit its answers."""
    fresh = InstrumentVersion.objects.get(pk=draft.pk)
    for item in sheet(fresh.pk, fresh.language).spec.items:
        assert fitting.kind_fits(item.answer_kind, scoring.ResultKind(fresh.result_kind))
        assert item.polarity in fitting.polarities_for(item.answer_kind)
        assert bool(item.combining) == bool(item.subs)
        if item.subs:
            assert item.combining in {rule.code for rule in fitting.combining_rules_for(item)}
        assert set(item.critical.scope) <= {sub.key for sub in item.subs}
