"""The one place where the crispy helper is attached: forms stay free of mark-up."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, LayoutObject, Submit
from django.forms import BooleanField, Field, RadioSelect
from django.forms.utils import ErrorDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _


class Link(LayoutObject):
    """A quiet way out beside the button of a form."""

    def __init__(self, url: str, label: Any) -> None:
        self.url = url
        self.label = label
        self.fields: list[Any] = []

    def render(self, form: Any, context: Any, **_kwargs: Any) -> str:
        return format_html('<a class="btn btn-quiet" href="{}">{}</a>', self.url, self.label)


class Lead(LayoutObject):
    """A sentence above the fields of a form."""

    def __init__(self, text: Any) -> None:
        self.text = text
        self.fields: list[Any] = []

    def render(self, form: Any, context: Any, **_kwargs: Any) -> str:
        return format_html('<p class="quiet">{}</p>', self.text)


class HelperMixin:
    """Gives a form `self.helper`, so that a template only says {% crispy form %}.

    Put it before Form or ModelForm. A form may set:
    `submit_label` (says who does what; empty: the template brings its own buttons),
    `cancel_url` (adds a quiet way out; may be set on the instance before rendering),
    `layout_fields()` (crispy layout objects; all fields in their order by default).

    What may be left out is marked. Where that is most of the form, what is required is marked
    instead, and one sentence on top says so.
    """

    submit_label: Any = _("Save")
    cancel_url: str = ""
    form_tag: bool = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            if field.error_messages.get("required") == Field.default_error_messages["required"]:
                field.error_messages["required"] = _("This is still missing.")

    def layout_fields(self) -> list[Any]:
        return list(self.fields)  # type: ignore[attr-defined]

    def refuse(self, field: str, reason: str) -> None:
        """Show the empty form with this mistake at a field, where what was sent could not be read."""
        self.is_bound, self.cleaned_data, self._errors = True, {}, ErrorDict()
        self.add_error(field, reason)  # type: ignore[attr-defined]

    @property
    def marks_required(self) -> bool:
        """Whether fewer fields must be filled in than may be left out; ticks and radio buttons do not count."""
        fields = self.fields.values()  # type: ignore[attr-defined]
        typed = [
            each
            for each in fields
            if not (each.widget.is_hidden or isinstance(each, BooleanField) or isinstance(each.widget, RadioSelect))
        ]
        return 2 * sum(each.required for each in typed) < len(typed)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = self.form_tag
        # The server explains what is missing in our words and keeps what was typed.
        helper.attrs = {"novalidate": True}
        helper.layout = Layout(*self._lead(), *self.layout_fields(), *self._buttons())
        return helper

    def _lead(self) -> list[Any]:
        required = any(field.required for field in self.fields.values())  # type: ignore[attr-defined]
        return (
            [Lead(_("Only what is marked “required” must be filled in."))] if required and self.marks_required else []
        )

    def _buttons(self) -> list[Any]:
        if not self.submit_label:
            return []
        buttons: list[Any] = [Submit("save", self.submit_label, css_id="submit-id-save")]
        if self.cancel_url:
            buttons.append(Link(self.cancel_url, _("Cancel")))
        return [ButtonHolder(*buttons, css_class="btn-row")]
