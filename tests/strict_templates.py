"""An undefined variable in one of our templates fails the test that renders it."""

import copy
import inspect
from pathlib import Path
from types import FrameType

from django.template.base import FilterExpression, Node

OURS = Path(__file__).resolve().parent.parent / "templates"
FILTERS_FOR_MISSING = {"default", "default_if_none"}


class UndefinedTemplateVariable(Exception):
    """The template names something that its context does not hold."""


class UndefinedVariable(str):
    """The `string_if_invalid` of the test settings.

    Django formats it with the name of the variable; that is where it raises. A variable
    followed by `|default` may be missing, and so may any in the templates of other packages
    (crispy, allauth): for those the value is what Django gives without this setting.
    """

    __slots__ = ()

    def __mod__(self, missing: object) -> str:
        frame = inspect.currentframe()
        caller = frame.f_back if frame else None
        if caller is None or not isinstance(caller.f_locals.get("self"), FilterExpression):
            return ""
        expression = caller.f_locals["self"]
        first_filter = expression.filters[0][0].__name__ if expression.filters else ""
        origin = _origin_of_rendering_node(caller)
        if origin is not None and origin.is_relative_to(OURS) and first_filter not in FILTERS_FOR_MISSING:
            raise UndefinedTemplateVariable(f"{missing} is not defined (in {origin.relative_to(OURS)})")
        blank = copy.copy(expression)
        blank.var, blank.is_var = "", False
        return blank.resolve(caller.f_locals["context"])


def _origin_of_rendering_node(frame: FrameType | None) -> Path | None:
    """The file of the innermost template node on the stack."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return Path(node.origin.name)
        frame = frame.f_back
    return None
