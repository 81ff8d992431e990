"""The JSON Schema of instrument files, made from the tables that also check them. Pure, no Django.

It helps whoever writes a file in an editor. It says less than `checklist.instrument_files`: that a
name points to something in the same file (a domain, a sub-question) cannot be said in a schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from checklist.answer_kinds import ANSWER_KINDS
from checklist.combining import COMBINING_RULES
from checklist.instrument_content import KEY, LANGUAGE, LARGEST_NUMBER, LIMITS, SLUG, WEIGHT
from checklist.instrument_files import FORMAT
from checklist.item_rules import REASON_RULES
from checklist.scales import AnswerKind, Polarity, ResultKind
from checklist.specs import CriticalCondition, CriticalMode, InstrumentScope

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema_text() -> str:
    """The schema as the text of fixtures/instruments/schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> Schema:
    """The schema of one instrument file."""
    needed = ("format", "slug", "version", "result", "title", "short_title", "source", "criteria")
    named = {"domain": _domain(), "criterion": _criterion(), "sub_question": _sub(), "translation": _translation()}
    return {
        "$schema": DRAFT,
        "$id": "instrument",
        "title": "An instrument",
        **_object({**_head(), **_texts(), **_members()}, required=needed),
        "allOf": [_kinds_of(result) for result in ResultKind],
        "$defs": named,
    }


def _head() -> Schema:
    """What the program goes by."""
    number = [
        {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER},
        {"type": "string", "pattern": "^0*[1-9][0-9]*$"},
    ]
    return {
        "format": {"enum": [FORMAT, int(FORMAT)]},
        "slug": _pattern(SLUG, LIMITS["slug"], "Stable name of the instrument over all its versions."),
        "version": {"anyOf": number},
        "language": _pattern(LANGUAGE, LIMITS["language"], "Of the original texts; en if left out."),
        "result": _enum(ResultKind, "What the answers come to; results are never added over instruments."),
        "applies_to": _enum(InstrumentScope, "Which proposals it is for; all if left out."),
        "default": _flag("Offered first when a round is set up."),
    }


def _texts() -> Schema:
    """What people read."""
    return {
        "title": _text(LIMITS["title"]),
        "short_title": _text(LIMITS["short_title"], "On tabs and in tables."),
        "source": _text(about="Full citation."),
        "introduction": _text(about="Quoted from the source.", may_be_empty=True),
        "interpretation_note": _text(about="What is not from the source.", may_be_empty=True),
        "change_note": _text(about="What changed since the version before.", may_be_empty=True),
    }


def _members() -> Schema:
    """What an instrument consists of."""
    return {
        "domains": {"type": "array", "items": {"$ref": "#/$defs/domain"}},
        "criteria": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/criterion"}},
        "translations": {
            "type": "object",
            "propertyNames": {"pattern": f"^{LANGUAGE}$", "maxLength": LIMITS["language"]},
            "additionalProperties": {"$ref": "#/$defs/translation"},
        },
    }


def _criterion() -> Schema:
    kinds = [kind for kind in ANSWER_KINDS.values() if not kind.for_sub_questions]
    criterion = _object(
        {
            "key": _key("criterion/key"),
            "number": _text(LIMITS["criterion/number"], "As printed; the key if left out.", may_be_empty=True),
            "domain": _key("domain/key"),
            "title": _text(LIMITS["criterion/title"]),
            "wording": _text(about="The question as printed in the source."),
            "guidance": _text(may_be_empty=True),
            "look_for": _lines(),
            "warning_signs": _lines(),
            "kind": _coded((kind.code, kind.label) for kind in kinds),
            "polarity": _enum(Polarity, "yes_is_good if left out."),
            "weight": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 9999.99}, _pattern(WEIGHT)]},
            "reasons": _coded((rule.code, rule.sentence) for rule in REASON_RULES.values()),
            "critical": _object(
                {
                    "rule": _enum(CriticalMode),
                    "when": _enum(CriticalCondition, "always if left out."),
                    "scope": {"type": "array", "items": _key("sub/key"), "uniqueItems": True},
                },
                required=("rule",),
            ),
            "about_harm": _flag("Harm to people stands above any score."),
            "combining": _coded((rule.code, rule.sentence) for rule in COMBINING_RULES.values()),
            "sub_questions": {"type": "array", "items": {"$ref": "#/$defs/sub_question"}},
            "answers": {"type": "object", "additionalProperties": _answer()},
        },
        required=("key", "title", "wording", "kind", "reasons"),
    )
    together = {"dependentRequired": {"combining": ["sub_questions"], "sub_questions": ["combining"]}}
    return {**criterion, **together, "allOf": [*map(_of_kind, kinds), *_roles()]}


def _of_kind(kind: AnswerKind) -> Schema:
    """What else holds for a criterion of this kind: its answers, and whether it can be turned round."""
    then: Schema = {"answers": {"propertyNames": {"enum": [option.code for option in kind.options]}}}
    if not kind.is_reversible:
        then["polarity"] = {"const": Polarity.YES_IS_GOOD.value}
    return _if("kind", kind.code, {"properties": then})


def _roles() -> Iterable[Schema]:
    """The sub-questions that a combining rule speaks of by key."""
    for rule in COMBINING_RULES.values():
        if rule.roles:
            count = len(rule.roles)
            keys = {"properties": {"key": {"enum": list(rule.roles)}}}
            subs = {"minItems": count, "maxItems": count, "items": keys}
            yield _if("combining", rule.code, {"properties": {"sub_questions": subs}})


def _kinds_of(result: ResultKind) -> Schema:
    """The kinds of answer that may stand in an instrument with this result."""
    codes = [kind.code for kind in ANSWER_KINDS.values() if result in kind.results]
    items = {"properties": {"kind": {"enum": codes}}}
    return _if("result", result.value, {"properties": {"criteria": {"items": items}}})


def _domain() -> Schema:
    names = {"key": _key("domain/key"), "title": _text(LIMITS["domain/title"])}
    return _object(names, required=("key", "title"))


def _sub() -> Schema:
    kinds = ((kind.code, kind.label) for kind in ANSWER_KINDS.values() if kind.for_sub_questions)
    names = {"key": _key("sub/key"), "kind": _coded(kinds), "wording": _text(), "hint": _text(may_be_empty=True)}
    return _object(names, required=("key", "kind", "wording"))


def _answer() -> Schema:
    return _object(
        {
            "label": _text(LIMITS["answer/label"], may_be_empty=True),
            "descriptor": _text(may_be_empty=True),
        }
    )


def _translation() -> Schema:
    words = {"wording": _text(may_be_empty=True), "hint": _text(may_be_empty=True)}
    criterion = {
        "title": _text(LIMITS["criterion/title"], may_be_empty=True),
        "wording": _text(may_be_empty=True),
        "guidance": _text(may_be_empty=True),
        "look_for": _lines(),
        "warning_signs": _lines(),
        "sub_questions": {"type": "object", "additionalProperties": _object(words)},
        "answers": {"type": "object", "additionalProperties": _answer()},
    }
    title = {"title": _text(LIMITS["domain/title"], may_be_empty=True)}
    return _object(
        {
            "official": _flag("true only for a translation that the publisher has authorised."),
            "title": _text(LIMITS["title"], may_be_empty=True),
            "short_title": _text(LIMITS["short_title"], may_be_empty=True),
            "introduction": _text(may_be_empty=True),
            "interpretation_note": _text(may_be_empty=True),
            "domains": {"type": "object", "additionalProperties": _object(title)},
            "criteria": {"type": "object", "additionalProperties": _object(criterion)},
        }
    )


# -- the words of JSON Schema -----------------------------------------------------------------


def _object(names: Schema, required: tuple[str, ...] = ()) -> Schema:
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": names, **needed, "additionalProperties": False}


def _text(longest: int = 0, about: str = "", may_be_empty: bool = False) -> Schema:
    limits = ({"maxLength": longest} if longest else {}) | ({} if may_be_empty else {"pattern": r"\S"})
    # A reader of YAML takes a title such as 2016 for a number; the program takes it as it is written.
    return {"type": ["string", "number", "boolean"], **limits, **_about(about)}


def _lines() -> Schema:
    return {"type": "array", "items": _text()}


def _pattern(pattern: str, longest: int = 0, about: str = "") -> Schema:
    limit = {"maxLength": longest} if longest else {}
    return {"type": "string", "pattern": f"^{pattern}$", **limit, **_about(about)}


def _key(name: str) -> Schema:
    return {"type": ["string", "integer"], "pattern": f"^{KEY}$", "maxLength": LIMITS[name]}


def _flag(about: str) -> Schema:
    return {"enum": [True, False, "true", "false"], **_about(about)}


def _enum(codes: Iterable[str], about: str = "") -> Schema:
    return {"enum": [str(code) for code in codes], **_about(about)}


def _coded(codes: Iterable[tuple[str, str]]) -> Schema:
    """Codes with the sentence that says what each means."""
    return {"oneOf": [{"const": code, "description": sentence} for code, sentence in codes]}


def _about(text: str) -> Schema:
    return {"description": text} if text else {}


def _if(name: str, value: str, then: Schema) -> Schema:
    return {"if": {"properties": {name: {"const": value}}, "required": [name]}, "then": then}
