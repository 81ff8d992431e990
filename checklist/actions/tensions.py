"""Changes to the tensions between instruments: what is shown to reviewers beside the cross-walk."""

from django.db import transaction
from django.utils.translation import gettext as _

from checklist.models import Instrument, Tension, TensionSide, TensionText
from screening import audit


class CannotSetTensions(Exception):
    """The tensions name something that is not there; the message says what."""


@transaction.atomic
def set_tensions(*, tensions, by):
    """Make `tensions` (TensionFile) the ones that reviewers are shown; True if that changed any.

    Raises CannotSetTensions when an instrument is not there.
    """
    slugs = {slug for each in tensions for slug, _key in each.spec.places}
    instruments = {each.slug: each for each in Instrument.objects.filter(slug__in=slugs)}
    for slug in sorted(slugs - set(instruments)):
        raise CannotSetTensions(_("There is no instrument %(slug)s.") % {"slug": slug})
    before = {each.slug: _stored(each) for each in _with_rows()}
    after = {each.spec.slug: _given(each) for each in tensions}
    for tension in Tension.objects.filter(slug__in=set(before) - set(after)):
        _record(tension, by, before=before[tension.slug], after={})
        tension.delete()
    for each in tensions:
        if before.get(each.spec.slug) != after[each.spec.slug]:
            _write(each, instruments, by, before=before.get(each.spec.slug, {}))
    return before != after


def _with_rows():
    return Tension.objects.prefetch_related("texts", "sides__instrument")


def _stored(tension):
    """A stored tension as plain values, to be compared and recorded."""
    sides = sorted(tension.sides.all(), key=lambda row: (row.side, row.pk))
    return {
        "source": tension.source,
        "texts": {row.language: [row.title, row.text] for row in tension.texts.all()},
        "sides": [[row.side, row.instrument.slug, row.key, row.answers] for row in sides],
    }


def _given(file):
    rows = [
        [number, each.instrument, each.key, ",".join(sorted(each.answers))]
        for number, side in enumerate(file.spec.sides, start=1)
        for each in side
    ]
    return {
        "source": file.source,
        "texts": {text.language: [text.title, text.text] for text in file.texts},
        "sides": rows,
    }


def _write(file, instruments, by, *, before):
    tension, _is_new = Tension.objects.update_or_create(slug=file.spec.slug, defaults={"source": file.source})
    tension.texts.all().delete()
    tension.sides.all().delete()
    TensionText.objects.bulk_create(
        TensionText(tension=tension, language=text.language, title=text.title, text=text.text) for text in file.texts
    )
    after = _given(file)
    TensionSide.objects.bulk_create(
        TensionSide(tension=tension, side=side, instrument=instruments[instrument], key=key, answers=answers)
        for side, instrument, key, answers in after["sides"]
    )
    _record(tension, by, before=before, after=after)


def _record(tension, by, *, before, after):
    label = _("the tension %(slug)s") % {"slug": tension.slug}
    audit.record("instrument_loaded", tension, by=by, before=before, after=after, label=label)
