"""Names of the places in a version of an instrument, one grammar for editing, undo, checks and links.

    title  source  result_kind ...          a text or a choice of the version itself
    domains  domains/<key>  domains/<key>/title
    criteria  criteria/<key>  criteria/<key>/wording ...
    criteria/<key>/sub  criteria/<key>/sub/<key>  criteria/<key>/sub/<key>/wording ...
    criteria/<key>/levels/<code>/label  criteria/<key>/levels/<code>/descriptor
    translations/<language>/<any text above>  translations/<language>/is_official

`domains`, `criteria` and `criteria/<key>/sub` stand for the order of what they hold. The part of a
translation behind the language is the `path` of `checklist.models.Translation`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from checklist.languages import language_name

VERSION_FIELDS: Mapping[str, object] = {
    "title": gettext_lazy("title"),
    "short_title": gettext_lazy("short title"),
    "introduction": gettext_lazy("introduction"),
    "source": gettext_lazy("source"),
    "interpretation_note": gettext_lazy("what is our interpretation"),
    "change_note": gettext_lazy("what changed"),
    "result_kind": gettext_lazy("kind of result"),
    "applies_to": gettext_lazy("which proposals"),
    "language": gettext_lazy("language of the original"),
}
DOMAIN_FIELDS: Mapping[str, object] = {"title": gettext_lazy("heading")}
CRITERION_FIELDS: Mapping[str, object] = {
    "number": gettext_lazy("number"),
    "short_title": gettext_lazy("short title"),
    "domain": gettext_lazy("group"),
    "wording": gettext_lazy("wording"),
    "guidance": gettext_lazy("guidance"),
    "look_for": gettext_lazy("what to look for"),
    "warning_signs": gettext_lazy("warning signs"),
    "kind": gettext_lazy("kind of answer"),
    "polarity": gettext_lazy("which answer is favourable"),
    "weight": gettext_lazy("weight"),
    "reason_rule": gettext_lazy("when a reason is needed"),
    "critical_rule": gettext_lazy("critical rule"),
    "critical_condition": gettext_lazy("when the critical rule holds"),
    "critical_scope": gettext_lazy("what the critical rule looks at"),
    "about_harm": gettext_lazy("harm to people"),
    "combining": gettext_lazy("combining rule"),
}
SUB_FIELDS: Mapping[str, object] = {
    "wording": gettext_lazy("wording"),
    "hint": gettext_lazy("hint"),
    "kind": gettext_lazy("kind of answer"),
}
LEVEL_FIELDS: Mapping[str, object] = {"label": gettext_lazy("label"), "descriptor": gettext_lazy("description")}
LANGUAGE_MARK = "is_official"

# What can be said in another language.
TRANSLATED_VERSION_FIELDS = ("title", "short_title", "introduction", "interpretation_note")
TRANSLATED_CRITERION_FIELDS = ("short_title", "wording", "guidance", "look_for", "warning_signs")
TRANSLATED_SUB_FIELDS = ("wording", "hint")

_KEY = r"[^/]+"
_GRAMMAR = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<field>{'|'.join(VERSION_FIELDS)})",
        "(?P<list>domains|criteria)",
        rf"domains/(?P<domain>{_KEY})(/(?P<field>{'|'.join(DOMAIN_FIELDS)}))?",
        rf"criteria/(?P<criterion>{_KEY})(/(?P<field>{'|'.join(CRITERION_FIELDS)}))?",
        rf"criteria/(?P<criterion>{_KEY})/(?P<list>sub)",
        rf"criteria/(?P<criterion>{_KEY})/sub/(?P<sub>{_KEY})(/(?P<field>{'|'.join(SUB_FIELDS)}))?",
        rf"criteria/(?P<criterion>{_KEY})/levels/(?P<level>{_KEY})/(?P<field>{'|'.join(LEVEL_FIELDS)})",
    )
)


class NotAPlace(ValueError):
    """The text names no place of a version."""


@dataclass(frozen=True)
class Place:
    """A path taken apart; what it does not name is "".

    `field` is a text or a choice, `list` "domains", "criteria" or "sub" for an order. With neither
    it is a domain, a criterion or a sub-question as a whole, with `language` alone a language.
    """

    path: str
    language: str = ""
    domain: str = ""
    criterion: str = ""
    sub: str = ""
    level: str = ""
    field: str = ""
    list: str = ""

    @property
    def original(self) -> str:
        """The path of the text in the original language."""
        return self.path.removeprefix(f"translations/{self.language}/") if self.language else self.path

    @property
    def table(self) -> Mapping[str, object]:
        """The fields that stand beside this one, with their names."""
        if self.level:
            return LEVEL_FIELDS
        if self.sub:
            return SUB_FIELDS
        if self.criterion:
            return CRITERION_FIELDS
        return DOMAIN_FIELDS if self.domain else VERSION_FIELDS


def parse(path: str) -> Place:
    """The place that a path names; NotAPlace when it names none."""
    language = ""
    rest = path
    if path.startswith("translations/"):
        _, language, rest = (*path.split("/", 2), "")[:3]
        if rest in ("", LANGUAGE_MARK):
            return Place(path, language=language, field=rest)
    for pattern in _GRAMMAR:
        found = pattern.fullmatch(rest)
        if found:
            return Place(path, language=language, **{key: value or "" for key, value in found.groupdict().items()})
    raise NotAPlace(path)


def anchor(path: str) -> str:
    """The id of a place on the page where it is edited: "criteria-5-wording"."""
    return path.replace("/", "-")


def label(path: str, numbers: Mapping[str, str] | None = None) -> str:
    """The place in words: "wording of item 5". `numbers` are the criteria's numbers by key where they differ."""
    place = parse(path)
    if place.language:
        return _label_of_translation(place, numbers)
    named = str(place.table[place.field]) if place.field else ""
    if place.criterion:
        number = (numbers or {}).get(place.criterion, place.criterion)
        return _label_of_criterion(place, number, named)
    if place.domain:
        words = gettext("%(field)s of group %(key)s") if named else gettext("group %(key)s")
        return words % {"field": named, "key": place.domain}
    if place.list:
        return gettext("order of the groups") if place.list == "domains" else gettext("order of the items")
    return named


def edit_url(version: object, path: str) -> str:
    """Where a place is edited: the address of its page with its anchor."""
    place = parse(path)
    args = [version.instrument.slug, version.number]  # type: ignore[attr-defined]
    if place.language:
        url = reverse("checklist:draft-language", args=[*args, place.language])
    elif place.criterion:
        url = reverse("checklist:draft-criterion", args=[*args, place.criterion])
    else:
        url = reverse("checklist:draft-edit", args=args)
    return f"{url}#{anchor(path)}"


def _label_of_translation(place: Place, numbers: Mapping[str, str] | None) -> str:
    language = language_name(place.language)
    if place.field == LANGUAGE_MARK:
        return gettext("mark of the translation into %(language)s") % {"language": language}
    if not place.field and place.path == f"translations/{place.language}":
        return gettext("translation into %(language)s") % {"language": language}
    return gettext("%(text)s, in %(language)s") % {"text": label(place.original, numbers), "language": language}


def _label_of_criterion(place: Place, number: str, named: str) -> str:
    words = {"number": number, "field": named, "sub": f"{number}{place.sub}", "level": place.level}
    if place.list:
        return gettext("order of the sub-questions of item %(number)s") % words
    if place.sub:
        return (gettext("%(field)s of sub-question %(sub)s") if named else gettext("sub-question %(sub)s")) % words
    if place.level:
        return gettext("%(field)s of the answer %(level)s of item %(number)s") % words
    return (gettext("%(field)s of item %(number)s") if named else gettext("item %(number)s")) % words


def title(path: str, numbers: Mapping[str, str] | None = None) -> str:
    """The place in words, as a line begins: "Wording of item 5"."""
    return str(capfirst(label(path, numbers)))
