"""What stands at the places of a version, as plain JSON values.

A text is a string, a mark True or False, an order a list of keys. A criterion, sub-question or
domain as a whole is a tree: its fields, what lies under it, and its texts in other languages, so
that it can be put back exactly. A translation is None or {"text", "official"}. What is not there
is None.
"""

from checklist.models import Criterion, Domain, Level, SubQuestion
from checklist.paths import (
    CRITERION_FIELDS,
    DOMAIN_FIELDS,
    LANGUAGE_MARK,
    SUB_FIELDS,
    VERSION_FIELDS,
    parse,
)


def value_at(version, path):
    """What stands at this place of the version now."""
    place = parse(path)
    if place.language:
        return _translation(version, place)
    if place.list:
        return order_of(version, place)
    if place.level:
        level = Level.objects.filter(
            criterion__version=version, criterion__key=place.criterion, code=place.level
        ).first()
        return getattr(level, place.field) if level else ""
    owner = row_at(version, place)
    if owner is None:
        return None
    return field_value(owner, place.field) if place.field else tree(owner)


def row_at(version, place):
    """The version, domain, criterion or sub-question that a place lies in; None when it is gone."""
    if place.sub:
        return SubQuestion.objects.filter(
            criterion__version=version, criterion__key=place.criterion, key=place.sub
        ).first()
    if place.criterion:
        return version.criteria.select_related("domain").filter(key=place.criterion).first()
    if place.domain:
        return version.domains.filter(key=place.domain).first()
    # Anew, because the caller's copy may be older than what somebody else saved.
    return type(version).objects.get(pk=version.pk)


def rows_of(version, place):
    """The rows that an order is about."""
    if place.list == "sub":
        return SubQuestion.objects.filter(criterion__version=version, criterion__key=place.criterion)
    return version.domains.all() if place.list == "domains" else version.criteria.all()


def order_of(version, place):
    """The keys of what a list holds, in their order."""
    return list(rows_of(version, place).order_by("position", "pk").values_list("key", flat=True))


def field_value(row, field):
    """One field of a row as a JSON value."""
    if field == "domain":
        return row.domain.key if row.domain else ""
    value = getattr(row, field)
    return f"{float(value):g}" if field == "weight" else value


def tree(row):
    """A domain, criterion or sub-question with all that belongs to it."""
    if isinstance(row, Domain):
        texts = _texts_under(row.version, f"domains/{row.key}/")
        return {"fields": _fields(row, DOMAIN_FIELDS), "translations": texts}
    if isinstance(row, SubQuestion):
        texts = _texts_under(row.criterion.version, f"criteria/{row.criterion.key}/sub/{row.key}/")
        return {"fields": _fields(row, SUB_FIELDS), "translations": texts}
    subs = row.sub_questions.order_by("position", "pk")
    return {
        "fields": _fields(row, CRITERION_FIELDS),
        "sub": [[sub.key, _fields(sub, SUB_FIELDS)] for sub in subs],
        "levels": [[level.code, level.label, level.descriptor] for level in row.levels.order_by("position", "pk")],
        "translations": _texts_under(row.version, f"criteria/{row.key}/"),
    }


def content(version):
    """Everything that a version says, for copying it and for comparing two."""
    return {
        "fields": _fields(version, VERSION_FIELDS),
        "domains": [[each.key, tree(each)] for each in version.domains.order_by("position", "pk")],
        "criteria": [
            [each.key, tree(each)]
            for each in Criterion.objects.filter(version=version).select_related("domain").order_by("position", "pk")
        ],
        "translations": _rows(version.translations.all()),
    }


def flat(path, value):
    """A value as {path: what stands there}, a tree taken apart: to be read in the audit trail."""
    if not isinstance(value, dict):
        return {path: ", ".join(value) if isinstance(value, list) else value}
    if "text" in value:
        return {path: value["text"]}
    found = {f"{path}/{field}": text for field, text in value["fields"].items() if text not in ("", None)}
    for key, fields in value.get("sub", ()):
        found |= {f"{path}/sub/{key}/{field}": text for field, text in fields.items() if text}
    for code, label, descriptor in value.get("levels", ()):
        texts = {f"{path}/levels/{code}/label": label, f"{path}/levels/{code}/descriptor": descriptor}
        found |= {place: text for place, text in texts.items() if text}
    return found | {f"translations/{code}/{path}/{rest}": text for code, rest, text, _ in value["translations"]}


def _fields(row, table):
    return {field: field_value(row, field) for field in table}


def _translation(version, place):
    rows = version.translations.filter(language=place.language)
    if place.field == LANGUAGE_MARK:
        marks = list(rows.values_list("is_official", flat=True))
        return bool(marks) and all(marks)
    row = rows.filter(path=place.original).first()
    return {"text": row.text, "official": row.is_official} if row else None


def _texts_under(version, prefix):
    """[language, rest of the path, text, official] of every translation below a place."""
    # Compared here, because a database may take "p1" and "P1" for the same beginning.
    rows = [row for row in version.translations.filter(path__startswith=prefix) if row.path.startswith(prefix)]
    return [[code, path.removeprefix(prefix), text, official] for code, path, text, official in _rows(rows)]


def _rows(rows):
    return sorted([row.language, row.path, row.text, row.is_official] for row in rows)
