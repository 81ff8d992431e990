"""Starting a draft: from a published version, an empty sheet or a file."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from checklist.actions.instruments import add_content, version_fields
from checklist.enums import VersionState
from checklist.languages import language_name
from checklist.models import Instrument, InstrumentVersion
from checklist.rules import can_edit_instruments
from checklist.selectors.draft_content import content
from screening import audit

from .refusals import CannotStartDraft
from .values import tidy
from .writing import write_content

LONGEST_SLUG = 60


@transaction.atomic
def start_next_version(*, version, by):
    """A draft of the next version of the same instrument, with all that `version` says; returns it.

    Raises CannotStartDraft when `version` is a draft itself, or one of the instrument is being written.
    """
    _check_editor(by)
    _check_that_it_was_published(version)
    instrument = Instrument.objects.select_for_update().get(pk=version.instrument_id)
    there = instrument.versions.filter(state=VersionState.DRAFT).first()
    if there is not None:
        raise CannotStartDraft(
            _("Version %(number)s of this instrument is being written already. Go on with that draft.")
            % {"number": there.number}
        )
    number = instrument.versions.aggregate(last=Max("number"))["last"] + 1
    return _copy(version, instrument, number, {"change_note": ""}, by)


@transaction.atomic
def copy_to_own(*, version, title, short_title, by):
    """A draft of a new instrument, a donor's own, that begins with all that `version` says; returns it.

    Results of the two are compared only where what is decided at publication says so. Raises CannotStartDraft.
    """
    _check_editor(by)
    _check_that_it_was_published(version)
    title, short_title = tidy(title), tidy(short_title)
    instrument = _new_instrument(title)
    return _copy(version, instrument, 1, {"title": title, "short_title": short_title, "change_note": ""}, by)


@transaction.atomic
def start_empty(*, title, short_title, source, result_kind, language, by):
    """A draft of a new instrument without any item; returns it. Raises CannotStartDraft."""
    _check_editor(by)
    title, short_title, source = tidy(title), tidy(short_title), tidy(source)
    version = InstrumentVersion.objects.create(
        instrument=_new_instrument(title),
        number=1,
        title=title,
        short_title=short_title,
        source=source,
        result_kind=result_kind,
        language=language,
        created_by=by,
    )
    _record(version, by, {"language": language_name(language)})
    return version


@transaction.atomic
def start_from_file(*, source, by):
    """A draft that says what an InstrumentFile says; returns it.

    A file of an instrument that is there becomes the draft of its next version, whatever number the
    file has. Raises CannotStartDraft when one is being written already.
    """
    _check_editor(by)
    Instrument.objects.get_or_create(slug=source.slug, defaults={"title": source.title})
    # Held, so that of two people who bring the same file only one starts a draft.
    instrument = Instrument.objects.select_for_update().get(slug=source.slug)
    there = instrument.versions.filter(state=VersionState.DRAFT).first()
    if there is not None:
        raise CannotStartDraft(
            _("Version %(number)s of this instrument is being written already. Publish or remove that draft first.")
            % {"number": there.number}
        )
    newest = instrument.versions.order_by("-number").first()
    version = InstrumentVersion.objects.create(
        instrument=instrument,
        number=newest.number + 1 if newest else 1,
        based_on=newest,
        created_by=by,
        **version_fields(source),
    )
    add_content(version, source)
    audit.record("draft_imported", version, by=by, after={"content_hash": source.content_hash})
    return version


def _check_editor(by):
    if not can_edit_instruments(by):
        raise CannotStartDraft(_("Only an instrument editor writes, publishes and retires versions."))


def _check_that_it_was_published(version):
    if version.state == VersionState.DRAFT:
        raise CannotStartDraft(_("This is a draft itself. Publish it first, then start from it."))


def _copy(version, instrument, number, changes, by):
    said = content(version)
    # A translated title does not fit another title.
    said["translations"] = [row for row in said["translations"] if row[1] not in changes]
    draft = InstrumentVersion.objects.create(
        instrument=instrument, number=number, based_on=version, created_by=by, **{**said["fields"], **changes}
    )
    write_content(draft, said)
    _record(draft, by, {"based_on": str(version)})
    return draft


def _record(version, by, after):
    audit.record("draft_started", version, by=by, after={"title": version.title, **after})


def _new_instrument(title):
    """An instrument of its own, with an address made from its title."""
    base = slugify(title)[: LONGEST_SLUG - 4] or "instrument"
    slugs = set(Instrument.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug = next(each for each in [base, *(f"{base}-{count}" for count in range(2, 1000))] if each not in slugs)
    try:
        with transaction.atomic():
            return Instrument.objects.create(slug=slug, title=title[:200])
    except IntegrityError as error:
        raise CannotStartDraft(
            _("Somebody started an instrument of this name at the same moment. Try again.")
        ) from error
