"""Writes an instrument as the text of a file: the reverse of `checklist.instrument_files`. Pure, no Django.

The text is canonical: names in the order of fixtures/instruments/README.md, what is left out is what
the reader takes for granted. The same content always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from checklist.instrument_content import CriterionText, InstrumentFile, SubText
from checklist.instrument_files import FORMAT
from checklist.scales import Polarity
from checklist.specs import CriticalCondition, CriticalMode, InstrumentScope

HEAD = "# One version of an instrument. fixtures/instruments/README.md explains the format.\n"
WIDTH = 110


def to_yaml(content: InstrumentFile) -> str:
    """The text of the instrument's file, all languages included.

    A draft may lack what a file must have; its text then shows the gap and cannot be read back.
    """
    parts = [HEAD, _dump(_top(content))]
    parts += [_list("domains", [{"key": each.key, "title": each.title} for each in content.domains])]
    parts += [_list("criteria", [_criterion(criterion) for criterion in content.criteria])]
    translations = _translations(content)
    if translations:
        parts.append("\n" + _dump({"translations": translations}))
    return "".join(parts)


def weight_text(criterion: CriterionText) -> str:
    """The weight as it is written: "1", "0.5"."""
    return f"{float(criterion.spec.weight):g}"


def _top(content: InstrumentFile) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "slug": content.slug,
        "version": str(content.version),
        "language": content.language,
        "result": content.result_kind.value,
        **_unless("applies_to", content.applies_to.value, InstrumentScope.ALL.value),
        **_unless("default", "true" if content.is_default else "false", "false"),
        "title": content.title,
        "short_title": content.short_title,
        "source": content.source,
        **_unless("introduction", content.introduction),
        "interpretation_note": content.interpretation_note,
        **_unless("change_note", content.change_note),
    }


def _criterion(criterion: CriterionText) -> dict[str, Any]:
    spec = criterion.spec
    return {
        "key": criterion.key,
        **_unless("number", criterion.number, criterion.key),
        **_unless("domain", criterion.domain),
        "title": criterion.title,
        "wording": criterion.wording,
        **_unless("guidance", criterion.guidance),
        **_unless("look_for", list(criterion.look_for)),
        **_unless("warning_signs", list(criterion.warning_signs)),
        "kind": spec.kind,
        **_unless("polarity", spec.polarity.value, Polarity.YES_IS_GOOD.value),
        **_unless("weight", weight_text(criterion), "1"),
        "reasons": spec.reason_rule,
        **_unless("critical", _critical(criterion)),
        **_unless("about_harm", "true" if spec.about_harm else "false", "false"),
        **_unless("combining", spec.combining or ""),
        **_unless("sub_questions", [_sub(sub) for sub in criterion.subs]),
        **_unless(
            "answers",
            {
                answer.code: _unless("label", answer.label) | _unless("descriptor", answer.descriptor)
                for answer in criterion.answers
            },
        ),
    }


def _critical(criterion: CriterionText) -> dict[str, Any]:
    rule = criterion.spec.critical
    named: dict[str, Any] = {
        **_unless("when", rule.condition.value, CriticalCondition.ALWAYS.value),
        **_unless("scope", list(rule.scope)),
    }
    return {"rule": rule.mode.value, **named} if named or rule.mode is not CriticalMode.NONE else {}


def _sub(sub: SubText) -> dict[str, Any]:
    return {"key": sub.key, "kind": sub.kind, "wording": sub.wording, **_unless("hint", sub.hint)}


def _unless(name: str, value: Any, default: Any = None) -> dict[str, Any]:
    """The name with its value, or nothing where the reader would take that value anyway."""
    return {} if not value or value == default else {name: value}


# -- translations -----------------------------------------------------------------------------


def _translations(content: InstrumentFile) -> dict[str, Any]:
    """{language: tree}; a text whose original is gone belongs nowhere and is left out."""
    known = {path for path, _text in content.texts()}
    trees: dict[str, Any] = {}
    unofficial = {each.language for each in content.translations if not each.is_official}
    for each in content.translations:
        if each.path in known:
            tree = trees.setdefault(each.language, {"official": "false" if each.language in unofficial else "true"})
            _place(tree, each.path, each.text)
    return trees


def _place(tree: dict[str, Any], path: str, text: str) -> None:
    """Put a text where the file has it: the short title of a criterion is its `title`, levels are `answers`."""
    *parents, name = path.split("/")
    for parent in parents:
        tree = tree.setdefault({"sub": "sub_questions", "levels": "answers"}.get(parent, parent), {})
    if parents and name == "short_title":
        name = "title"
    tree[name] = text.split("\n") if name in ("look_for", "warning_signs") else text


# -- YAML -------------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """Lists indented below their name, texts of several lines as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)


def _dump(values: Mapping[str, Any]) -> str:
    return yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)


def _list(name: str, items: list[dict[str, Any]]) -> str:
    """A list with an empty line before every mapping, as people write it; nothing when it is empty."""
    if not items:
        return ""
    texts = (_dump({name: [item]}).partition("\n")[2] for item in items)
    return f"\n{name}:\n" + ("" if name == "domains" else "\n").join(texts)
