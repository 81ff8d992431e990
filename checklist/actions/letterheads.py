"""How reports and letters look: the donor's name, logo, colour and address; and the wording of letters."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from checklist import letters
from checklist.contrast import LEAST, contrast_with_white
from checklist.models import Letterhead, LetterText
from checklist.models.reports import COLOUR
from checklist.report_rules import can_change_house_letterhead, can_issue_in_round
from screening import audit


class CannotChangeLetterhead(Exception):
    """The letterhead is not taken; `field` says where and the message why."""

    def __init__(self, field, message):
        super().__init__(message)
        self.field = field


class CannotChangeLetter(Exception):
    """The wording is not taken; the message says why."""


class MayNotWordLetter(CannotChangeLetter, PermissionDenied):
    """Whoever asks does not issue reports in the round."""


@dataclass(frozen=True)
class LetterheadGiven:
    """What somebody says of a letterhead. `logo` is a `pictures.Logo`, or None to keep what is there."""

    name: str
    colour: str = ""
    address: str = ""
    footer: str = ""
    paper: str = "a4"
    logo: object = None
    logo_description: str = ""
    removes_logo: bool = False


@transaction.atomic
def set_letterhead(*, given, by, round_=None):
    """Set the letterhead of a round, or that of the house without one. Returns the Letterhead.

    Raises CannotChangeLetterhead, for whoever does not look after it too.
    """
    may = can_issue_in_round(by, round_) if round_ else can_change_house_letterhead(by)
    if not may:
        raise CannotChangeLetterhead(None, _("Only somebody who looks after this letterhead can change it."))
    row = Letterhead.objects.filter(round=round_).first() or Letterhead(round=round_)
    _check(given, row)
    fields = ("name", "colour", "address", "footer", "paper")
    before = {field: getattr(row, field) for field in fields}
    for field in fields:
        setattr(row, field, getattr(given, field))
    after = {field: getattr(row, field) for field in fields}
    row.logo_description = given.logo_description
    old = row.logo.name
    if given.logo:
        row.logo.save("logo", ContentFile(given.logo.data), save=False)
        row.logo_media_type = given.logo.media_type
    elif given.removes_logo:
        row.logo, row.logo_media_type, row.logo_description = "", "", ""
    row.save()
    if old and old != row.logo.name:
        storage = Letterhead._meta.get_field("logo").storage
        transaction.on_commit(lambda: storage.delete(old))
    changed = [field for field in fields if before[field] != after[field]]
    before, after = ({field: each[field] for field in changed} for each in (before, after))
    if row.logo.name != old:
        before["logo"], after["logo"] = bool(old), bool(row.logo.name)
    audit.record(
        "letterhead_changed",
        round_ or row,
        by=by,
        round_id=round_.pk if round_ else None,
        label=str(round_) if round_ else _("of the house"),
        before=before,
        after=after,
    )
    return row


@transaction.atomic
def set_letter_text(*, round_, kind, language, subject, body, by):
    """Word one kind of letter of a round in one language. Returns the LetterText.

    Raises CannotChangeLetter; MayNotWordLetter for whoever does not issue reports in the round.
    """
    _check_wording(round_, by)
    if kind not in letters.KINDS:
        raise CannotChangeLetter(_("There is no such kind of letter."))
    wrong = letters.wrong_places(kind, subject) + letters.wrong_places(kind, body)
    missing = letters.missing_places(kind, body)
    if wrong or missing:
        raise CannotChangeLetter(
            _("These places are wrong or missing: %(places)s") % {"places": ", ".join(wrong + missing)}
        )
    row = LetterText.objects.filter(round=round_, kind=kind, language=language).first()
    before = {"subject": row.subject, "body": row.body} if row else None
    row = row or LetterText(round=round_, kind=kind, language=language)
    row.subject, row.body = subject, body
    row.save()
    _record_text(round_, kind, language, by, before, {"subject": subject, "body": body})
    return row


@transaction.atomic
def drop_letter_text(*, round_, kind, language, by):
    """Go back to our wording of one kind of letter. Raises MayNotWordLetter."""
    _check_wording(round_, by)
    row = LetterText.objects.filter(round=round_, kind=kind, language=language).first()
    if row is None:
        return
    row.delete()
    _record_text(round_, kind, language, by, {"subject": row.subject, "body": row.body}, None)


def _check_wording(round_, by):
    if not can_issue_in_round(by, round_):
        raise MayNotWordLetter(_("Only somebody who issues reports in the round changes the text of its letters."))


def _record_text(round_, kind, language, by, before, after):
    note = f"{kind} ({language})"
    audit.record("letter_text_changed", round_, by=by, round_id=round_.pk, before=before, after=after, note=note)


def _check(given, row):
    if given.colour:
        if not COLOUR.regex.fullmatch(given.colour):
            raise CannotChangeLetterhead("colour", str(COLOUR.message))
        ratio = contrast_with_white(given.colour)
        if ratio < LEAST:
            raise CannotChangeLetterhead(
                "colour",
                _("This colour is too light to be read on white paper: %(ratio)s to 1, and %(least)s is needed.")
                % {"ratio": f"{ratio:.1f}", "least": LEAST},
            )
    keeps = row.logo and not given.removes_logo
    if (given.logo or keeps) and not given.logo_description.strip():
        raise CannotChangeLetterhead(
            "logo_description", _("Say what the logo shows, for people who do not see it. The donor's name is enough.")
        )
    if not given.name.strip():
        raise CannotChangeLetterhead("name", _("A letterhead needs a name."))
