"""Links between pages of the desk."""

from django.urls import reverse
from django.utils.html import format_html


def link(kind: str, pk: str) -> str:
    """A link to the form of a record. kind: case, source or statistic."""
    return format_html('<a href="{}">{}</a>', reverse(f"admin:cases_{kind}_change", args=[pk]), pk)
