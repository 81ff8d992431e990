"""Writes values to the places of a draft: the reverse of `checklist.selectors.draft_content`.

Nothing is checked here. `checklist.actions.studio.editing` and its neighbours do that first.
"""

from checklist import scoring
from checklist.models import Criterion, Domain, Level, SubQuestion, Translation
from checklist.paths import LANGUAGE_MARK, parse
from checklist.selectors.draft_content import row_at, rows_of


def write(version, values):
    """Make {path: value} stand in the version, in an order in which nothing hangs in the air."""
    places = [(parse(path), value) for path, value in values.items()]
    for place, value in places:
        if _is_whole(place) and value is not None:
            _create(version, place, value)
    for place, value in places:
        if place.field:
            _set_field(version, place, value)
    for place, value in places:
        if _is_whole(place) and value is None:
            _delete(version, place)
    for place, value in places:
        if place.list:
            _set_order(version, place, value)


def write_content(version, content):
    """Fill an empty version with domains, criteria and translations as `content` holds them."""
    for key, tree in content["domains"]:
        _create(version, parse(f"domains/{key}"), {**tree, "translations": []})
    for key, tree in content["criteria"]:
        _create(version, parse(f"criteria/{key}"), {**tree, "translations": []})
    _add_translations(version, "", content["translations"])


def _is_whole(place):
    return not (place.field or place.list or place.language)


def _create(version, place, tree):
    siblings = f"criteria/{place.criterion}/sub" if place.sub else "criteria" if place.criterion else "domains"
    position = _last_position(version, parse(siblings)) + 1
    if place.sub:
        criterion = version.criteria.get(key=place.criterion)
        SubQuestion.objects.create(criterion=criterion, key=place.sub, position=position, **tree["fields"])
    elif place.criterion:
        _create_criterion(version, place.criterion, position, tree)
    else:
        Domain.objects.create(version=version, key=place.domain, position=position, **tree["fields"])
    _add_translations(version, f"{place.path}/", tree["translations"])


def _create_criterion(version, key, position, tree):
    fields = dict(tree["fields"])
    domain = version.domains.filter(key=fields.pop("domain")).first()
    criterion = Criterion.objects.create(version=version, key=key, position=position, domain=domain, **fields)
    SubQuestion.objects.bulk_create(
        SubQuestion(criterion=criterion, key=sub_key, position=place, **sub_fields)
        for place, (sub_key, sub_fields) in enumerate(tree["sub"], start=1)
    )
    Level.objects.bulk_create(
        Level(criterion=criterion, code=code, position=_place_of(criterion, code), label=label, descriptor=descriptor)
        for code, label, descriptor in tree["levels"]
    )


def _add_translations(version, prefix, rows):
    Translation.objects.bulk_create(
        Translation(version=version, language=language, path=f"{prefix}{rest}", text=text, is_official=official)
        for language, rest, text, official in rows
    )


def _last_position(version, place):
    return max(rows_of(version, place).values_list("position", flat=True), default=0)


def _place_of(criterion, code):
    """The place of an answer among those of its kind."""
    codes = [option.code for option in scoring.ANSWER_KINDS[criterion.kind].options]
    return codes.index(code) + 1 if code in codes else len(codes) + 1


def _set_field(version, place, value):
    if place.language:
        _set_translation(version, place, value)
    elif place.level:
        _set_level(version, place, value)
    else:
        row = row_at(version, place)
        if place.field == "domain":
            value = version.domains.filter(key=value).first()
        setattr(row, place.field, value)
        row.save(update_fields=[place.field])


def _set_level(version, place, value):
    """One text of a level; a row with neither text is as good as none."""
    criterion = version.criteria.get(key=place.criterion)
    level = criterion.levels.filter(code=place.level).first()
    if level is None:
        if not value:
            return
        level = Level(criterion=criterion, code=place.level, position=_place_of(criterion, place.level))
    setattr(level, place.field, value)
    if level.label or level.descriptor:
        level.save()
    elif level.pk:
        level.delete()


def _set_translation(version, place, value):
    rows = version.translations.filter(language=place.language)
    if place.field == LANGUAGE_MARK:
        rows.update(is_official=value)
    elif value is None:
        rows.filter(path=place.original).delete()
    else:
        Translation.objects.update_or_create(
            version=version,
            language=place.language,
            path=place.original,
            defaults={"text": value["text"], "is_official": value["official"]},
        )


def _delete(version, place):
    prefix = f"{place.path}/"
    under = [row.pk for row in version.translations.filter(path__startswith=prefix) if row.path.startswith(prefix)]
    version.translations.filter(pk__in=under).delete()
    row = row_at(version, place)
    if row is not None:
        row.delete()


def _set_order(version, place, keys):
    places = {key: position for position, key in enumerate(keys, start=1)}
    rows = list(rows_of(version, place))
    for row in rows:
        row.position = places.get(row.key, len(places) + 1)
    rows_of(version, place).bulk_update(rows, ["position"])
