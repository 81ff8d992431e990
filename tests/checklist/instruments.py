"""The shipped instruments as the scoring sees them, read from their files once."""

from pathlib import Path

from checklist.instrument_files import read_crosswalk, read_instrument
from checklist.scoring import ItemAnswer, RoundContext, Stage, SubAnswer
from checklist.tension_files import read_tensions

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "instruments"


def read(name):
    """One instrument file, parsed and checked."""
    return read_instrument((FOLDER / name).read_text(encoding="utf-8"), name)


NAMES = sorted(file.name for file in FOLDER.glob("*.yaml") if file.name not in ("crosswalk.yaml", "tensions.yaml"))
ALL = {spec.slug: spec for spec in (read(name).spec for name in NAMES)}
CHECKLIST = read("siren-donor-checklist.yaml").spec
PRINCIPLES = read("six-guiding-principles.yaml").spec
CROSSWALK = read_crosswalk((FOLDER / "crosswalk.yaml").read_text(encoding="utf-8"), "crosswalk.yaml")
KNOWN = {slug: {item.key: item.kind for item in spec.items} for slug, spec in ALL.items()}
TENSIONS = read_tensions((FOLDER / "tensions.yaml").read_text(encoding="utf-8"), "tensions.yaml", KNOWN)

FULL_STAGE = RoundContext(Stage.FULL, direct_contact=True)
CONCEPT = RoundContext(Stage.CONCEPT, direct_contact=False)


def item_answer(answer=None, rationale="", **subs):
    """An ItemAnswer; subs as a="yes" or c=("adequate", "tested in March with 12 women")."""
    given = {key: SubAnswer(*value) if isinstance(value, tuple) else SubAnswer(value) for key, value in subs.items()}
    return ItemAnswer(answer, rationale, given)


def straight(code="yes", **changes):
    """The same code for every item that has it; item 7 takes "linked"; `changes` as i3="no"."""
    codes = {item.key: code if item.answer_kind.has(code) else "linked" for item in CHECKLIST.items}
    codes |= {key.removeprefix("i"): value for key, value in changes.items()}
    return {key: ItemAnswer(value, "because") for key, value in codes.items() if value is not None}
