"""Form fields of the domain: partial dates, text in several languages, lists, rival values."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases import dates
from cases.models.fields import LANGUAGES

LANGUAGE_NAMES = {"en": "English", "ru": "Russian", "kk": "Kazakh"}


class EdtfInput(forms.TextInput):
    """Says beside the input how the date was understood. The script asks the server the same."""

    template_name = "cases/widgets/edtf.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["hint"] = understood(value)["text"] if value else ""
        context["widget"]["attrs"] |= {"class": "edtf", "autocomplete": "off"}
        return context


def understood(value: str) -> dict[str, Any]:
    """`{"ok", "text"}`: how a date is understood, or what is wrong and what is allowed."""
    try:
        return {"ok": True, "text": dates.in_words(value.strip())}
    except ValueError as error:
        return {"ok": False, "text": str(error)}


class MultilingualInput(forms.MultiWidget):
    template_name = "cases/widgets/multilingual.html"

    def __init__(self, rows: int = 2) -> None:
        area: dict[str, Any] = {
            language: forms.Textarea({"rows": rows, "lang": language}) for language in LANGUAGES
        }
        super().__init__(area)

    def decompress(self, value: Any) -> list[str | None]:
        value = value if isinstance(value, dict) else {}
        return [value.get(language) for language in LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for language, part in zip(LANGUAGES, context["widget"]["subwidgets"], strict=True):
            part["language"] = LANGUAGE_NAMES[language]
            part["attrs"]["aria-label"] = LANGUAGE_NAMES[language]
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else ""


class MultilingualFormField(forms.MultiValueField):
    """Three inputs; empty ones are unknown, and three empty ones are null."""

    def __init__(self, *, rows: int = 2, **options: Any) -> None:
        fields = [forms.CharField(required=False) for _ in LANGUAGES]
        options.setdefault("widget", MultilingualInput(rows))
        super().__init__(fields, require_all_fields=False, **options)

    def compress(self, data_list: list[str]) -> dict[str, str] | None:
        texts = {language: text for language, text in zip(LANGUAGES, data_list, strict=False)}
        return {language: text for language, text in texts.items() if text} or None

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.widget.decompress(initial)
        after = data if isinstance(data, list) else self.widget.decompress(data)
        return [text or "" for text in before] != [(text or "").strip() for text in after]


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea({"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return _lines(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class MultilingualListFormField(MultilingualFormField):
    """A list of texts in each language, one a line."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {language: "\n".join(items) for language, items in value.items()}

    def compress(self, data_list: list[str]) -> Any:
        texts = super().compress(data_list) or {}
        return {language: _lines(text) for language, text in texts.items() if _lines(text)} or None

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.widget.decompress(self.prepare_value(initial))
        after = data if isinstance(data, list) else self.widget.decompress(data)
        return [_lines(text) for text in before] != [_lines(text) for text in after]


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


class ValuesField(forms.CharField):
    """`{"field": value}` as one `field: value` a line; what is no plain text stands as JSON."""

    widget = forms.Textarea({"rows": 2, "placeholder": "age: 26"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{field}: {_as_line(stated)}" for field, stated in value.items())

    def to_python(self, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        stated: dict[str, Any] = {}
        for line in (value or "").splitlines():
            if not line.strip():
                continue
            field, colon, text = (part.strip() for part in line.partition(":"))
            if not (colon and field and text):
                raise ValidationError(
                    f"“{line.strip()}” is not understood; expected a field, a colon and what this "
                    "source states, such as “age: 26”.",
                    code="values",
                )
            if field in stated:
                raise ValidationError(f"“{field}” stands here twice.", code="values")
            stated[field] = _from_line(text)
        return stated

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial or {}) != self.to_python(data))
        except ValidationError:
            return True


def _as_line(value: Any) -> str:
    # Text that would be read as something else, such as the date "2025", keeps its quotes.
    if isinstance(value, str) and _from_line(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _from_line(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
