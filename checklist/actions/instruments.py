"""Changes to instruments: loading a file, publishing a version, setting the cross-walk."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import VersionState
from checklist.models import (
    Criterion,
    CrossWalk,
    Domain,
    Instrument,
    InstrumentVersion,
    Level,
    SubQuestion,
    Translation,
)
from screening import audit


class CannotLoadInstrument(Exception):
    """The file cannot be loaded; the message says why and what to do."""


class OwnVersionThere(CannotLoadInstrument):
    """Somebody wrote a version with this number in the application; hers stays and the file waits."""


class CannotPublishVersion(Exception):
    """The version cannot be published; the message says why."""


class CannotSetCrossWalk(Exception):
    """The cross-walk names something that is not there; the message says what."""


@dataclass(frozen=True)
class Loaded:
    """A version and whether this call made it; False means that it was there, the same."""

    version: InstrumentVersion
    is_new: bool


@transaction.atomic
def load_instrument(*, source, by):
    """Create and publish the version in `source` (an InstrumentFile), once.

    A version that is there with the same content is left alone. Raises CannotLoadInstrument when
    its content differs: what is published never changes, and a draft is somebody's work. It is the
    subclass OwnVersionThere where the other content was written in the application.
    """
    there = InstrumentVersion.objects.filter(instrument__slug=source.slug, number=source.version).first()
    if there:
        if there.content_hash == source.content_hash and there.state != VersionState.DRAFT:
            return Loaded(there, is_new=False)
        is_own = there.based_on_id is not None or there.created_by_id is not None
        raise (OwnVersionThere if is_own else CannotLoadInstrument)(_refusal(there, source))
    instrument = _instrument(source)
    version = InstrumentVersion.objects.create(
        instrument=instrument,
        number=source.version,
        content_hash=source.content_hash,
        **version_fields(source),
    )
    add_content(version, source)
    audit.record("instrument_loaded", version, by=by, after={"content_hash": source.content_hash})
    publish_version(version=version, by=by)
    return Loaded(version, is_new=True)


@transaction.atomic
def publish_version(*, version, by):
    """Freeze a draft so that rounds can use it, and return it."""
    if version.state != VersionState.DRAFT:
        raise CannotPublishVersion(_("Only a draft can be published."))
    if not version.criteria.exists():
        raise CannotPublishVersion(_("A version without criteria cannot be published."))
    version.state, version.published_at = VersionState.PUBLISHED, timezone.now()
    version.save(update_fields=["state", "published_at"])
    audit.record(
        "instrument_published",
        version,
        by=by,
        before={"state": VersionState.DRAFT.value},
        after={
            "state": VersionState.PUBLISHED.value,
            "content_hash": version.content_hash,
            "change_note": version.change_note,
        },
    )
    return version


@transaction.atomic
def set_cross_walk(*, rows, by):
    """Make `rows` (CrossWalkRow) the links between the instruments they name; True if that changed any.

    Raises CannotSetCrossWalk when an instrument or a criterion is not there.
    """
    instruments = _linked_instruments(rows)
    pairs = {(row.source_instrument, row.target_instrument) for row in rows}
    changed = False
    for pair in sorted(pairs):
        of_pair = [row for row in rows if (row.source_instrument, row.target_instrument) == pair]
        changed |= _replace_links(instruments[pair[0]], instruments[pair[1]], of_pair, by)
    return changed


def _refusal(there, source):
    if there.state == VersionState.DRAFT:
        text = _("%(slug)s version %(number)s is a draft in the application. Give the file another version number.")
    else:
        text = _(
            "%(slug)s version %(number)s is published and the file differs from it. "
            "Published versions never change: raise the version number in the file."
        )
    return text % {"slug": source.slug, "number": source.version}


def _instrument(source):
    """The instrument over all versions; its title follows the newest version."""
    instrument, is_new = Instrument.objects.get_or_create(
        slug=source.slug, defaults={"title": source.title, "is_default": source.is_default}
    )
    if not is_new and not instrument.versions.filter(number__gt=source.version).exists():
        instrument.title, instrument.is_default = source.title, source.is_default
        instrument.save(update_fields=["title", "is_default"])
    return instrument


def version_fields(source):
    """What an InstrumentFile says of the version as a whole, by the names of the model's fields."""
    return {
        "result_kind": source.result_kind.value,
        "applies_to": source.applies_to.value,
        "title": source.title,
        "short_title": source.short_title,
        "language": source.language,
        "introduction": source.introduction,
        "source": source.source,
        "interpretation_note": source.interpretation_note,
        "change_note": source.change_note,
    }


def add_content(version, source):
    """Fill an empty version with the domains, criteria and translations of an InstrumentFile."""
    domains = {
        domain.key: Domain.objects.create(version=version, key=domain.key, title=domain.title, position=position)
        for position, domain in enumerate(source.domains, start=1)
    }
    for position, text in enumerate(source.criteria, start=1):
        criterion = _criterion(version, domains.get(text.domain), position, text)
        criterion.save()
        SubQuestion.objects.bulk_create(
            SubQuestion(
                criterion=criterion, key=sub.key, position=place, wording=sub.wording, hint=sub.hint, kind=sub.kind
            )
            for place, sub in enumerate(text.subs, start=1)
        )
        codes = [option.code for option in text.spec.answer_kind.options]
        Level.objects.bulk_create(
            Level(
                criterion=criterion,
                code=answer.code,
                position=codes.index(answer.code) + 1,
                label=answer.label,
                descriptor=answer.descriptor,
            )
            for answer in text.answers
        )
    Translation.objects.bulk_create(
        Translation(
            version=version, language=each.language, path=each.path, text=each.text, is_official=each.is_official
        )
        for each in source.translations
    )


def _criterion(version, domain, position, text):
    spec = text.spec
    return Criterion(
        version=version,
        domain=domain,
        key=text.key,
        number=text.number,
        position=position,
        short_title=text.title,
        wording=text.wording,
        guidance=text.guidance,
        look_for="\n".join(text.look_for),
        warning_signs="\n".join(text.warning_signs),
        kind=spec.kind,
        polarity=spec.polarity.value,
        # Two decimals at most, checked when the file is read, so nothing is rounded here.
        weight=f"{float(spec.weight):.2f}",
        reason_rule=spec.reason_rule,
        critical_rule=spec.critical.mode.value,
        critical_condition=spec.critical.condition.value,
        critical_scope=",".join(spec.critical.scope),
        combining=spec.combining or "",
        about_harm=spec.about_harm,
    )


def _linked_instruments(rows):
    slugs = {slug for row in rows for slug in (row.source_instrument, row.target_instrument)}
    instruments = {each.slug: each for each in Instrument.objects.filter(slug__in=slugs)}
    for slug in sorted(slugs - set(instruments)):
        raise CannotSetCrossWalk(_("There is no instrument %(slug)s.") % {"slug": slug})
    known = set(
        Criterion.objects.filter(version__instrument__slug__in=slugs).values_list("version__instrument__slug", "key")
    )
    wanted = {(row.source_instrument, row.source_key) for row in rows}
    wanted |= {(row.target_instrument, row.target_key) for row in rows}
    for slug, key in sorted(wanted - known):
        raise CannotSetCrossWalk(_("%(slug)s has no criterion %(key)s.") % {"slug": slug, "key": key})
    return instruments


def _replace_links(source, target, rows, by):
    links = CrossWalk.objects.filter(from_instrument=source, to_instrument=target)
    before = {f"{link.from_key}-{link.to_key}": link.strength for link in links}
    after = {f"{row.source_key}-{row.target_key}": row.strength.value for row in rows}
    if before == after:
        return False
    links.delete()
    CrossWalk.objects.bulk_create(
        CrossWalk(
            from_instrument=source,
            from_key=row.source_key,
            to_instrument=target,
            to_key=row.target_key,
            strength=row.strength.value,
        )
        for row in rows
    )
    label = _("the cross-walk from %(source)s to %(target)s") % {"source": source, "target": target}
    audit.record("instrument_loaded", source, by=by, before=before, after=after, label=label)
    return True
