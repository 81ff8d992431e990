"""A form beside what is saved: what is new in it, what changed in both places, what stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checklist.selectors.drafts import Draft

from .plan import VIEW, Content, digest, saved_content

# What became of one criterion.
SAME, NEW, BOTH, STAYS = "same", "new", "both", "stays"
# The parts of an answer that somebody wrote, and did not choose.
TEXTS = {"rationale", "text", "reason", "override_reason"}
# What counts of the two.
IN_FORM, SAVED = "form", "saved"


@dataclass(frozen=True)
class Compared:
    """One criterion, or the overall view, in the form and as it is saved."""

    owner: str
    kind: str
    in_form: dict
    saved: dict
    revision: int

    @property
    def choice(self) -> str:
        """What counts unless she says otherwise; "" where she has to say. An empty form erases nothing by itself."""
        if self.kind != NEW or (self.is_filled_in and self.drops_a_text):
            return ""
        return IN_FORM if self.is_filled_in else SAVED

    @property
    def is_filled_in(self) -> bool:
        return any(True for _part in _said(self.in_form))

    @property
    def drops_a_text(self) -> bool:
        """Whether a text that is saved has nothing in its place in the form, such as the reason of an answer."""
        return any(path[-1] in TEXTS for path in set(_said(self.saved)) - set(_said(self.in_form)))


def compare(draft: Draft, content: Content, bases: Mapping[str, str]) -> list[Compared]:
    """Every criterion in order, then the overall view.

    `bases` holds what the form said of each when it was handed out, or last taken over, as digests: so
    what was changed in the form is told apart from what was changed here since.
    """
    saved = saved_content(draft)
    revisions = {str(place.criterion.pk): place.stored.revision for place in draft.places()}
    revisions[VIEW] = draft.content.assessment.conclusion_revision
    return [
        Compared(owner, _kind(content[owner], said, bases.get(owner, "")), content[owner], said, revisions[owner])
        for owner, said in saved.items()
        if owner in content
    ]


def open_numbers(draft: Draft, compared: list[Compared]) -> list[tuple[str, list[str]]]:
    """(instrument, numbers) of the questions that neither the form nor what is saved answers."""
    said = {each.owner for each in compared if _is_answered(each.in_form) or _is_answered(each.saved)}
    found: dict[str, list[str]] = {}
    for place in draft.places():
        if str(place.criterion.pk) not in said:
            found.setdefault(place.instrument.sheet.short_title, []).append(place.criterion.number)
    return list(found.items())


def _said(said: Mapping, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The places in which something is said."""
    for key, value in said.items():
        if isinstance(value, Mapping):
            yield from _said(value, (*path, key))
        elif value:
            yield (*path, key)


def _is_answered(said):
    return bool(said.get("answer") or any(sub["answer"] for sub in said.get("subs", {}).values()))


def _kind(in_form, saved, base):
    mine, theirs = digest(in_form), digest(saved)
    if mine == theirs:
        return SAME
    if mine == base:
        return STAYS
    return NEW if theirs == base else BOTH


def bases_of(revisions: Mapping[str, list], taken: list[Content]) -> dict[str, str]:
    """{owner: digest} of what the form said last: as handed out, then as it was taken over in turn."""
    found = {owner: known[1] for owner, known in revisions.items()}
    for content in taken:
        found.update({owner: digest(said) for owner, said in content.items()})
    return found
