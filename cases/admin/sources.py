"""Sources and published figures."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils.html import format_html

from cases.admin.citations import StatisticCitations
from cases.admin.links import link
from cases.admin.records import CheckedRecordAdmin, RecordAdmin, RecordForm, WaitingFilter
from cases.models import DEAD, Region, Source, Statistic
from cases.publishing.workflow.duplicates import same_address
from cases.vocabulary import RecordKind, RegionKind


class SourceForm(RecordForm):
    def clean(self) -> dict[str, Any]:
        """An address that another source has: the same source, unless the note says why not."""
        cleaned = super().clean() or self.cleaned_data
        changed = {"url", "original_url"} & set(self.changed_data)
        urls = {name: cleaned.get(name) for name in ("url", "original_url")}
        note = cleaned.get("note") or ""
        for other in same_address(Source(pk=self.instance.pk, **urls)) if changed else ():
            if other not in note:
                self.add_error(
                    min(changed, key=("url", "original_url").index),
                    format_html(
                        "{} has the same address. Cite that source; if this is another one, say "
                        "in the note why it is not {}.",
                        link("source", other),
                        other,
                    ),
                )
        return cleaned

    def clean_sha256(self) -> str | None:
        return (self.cleaned_data["sha256"] or "").lower() or None


class ArchiveFilter(admin.SimpleListFilter):
    title = "archive copy"
    parameter_name = "archived"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "none"), ("yes", "has one")]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "no":
            return queryset.filter(archive_url=None, url__isnull=False)
        return queryset.exclude(archive_url=None) if self.value() == "yes" else queryset


class LinkFilter(admin.SimpleListFilter):
    title = "link"
    parameter_name = "link"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("dead", "dead")]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "dead":
            return queryset.filter(link_checks__state__in=DEAD).distinct()
        return queryset


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    kind = RecordKind.SOURCE
    prefix = "SRC-"
    form = SourceForm
    autocomplete_fields = ("publisher", "cites", "parallel_of")
    list_display = ("id", "publisher", "title", "published", "state")
    list_filter = (WaitingFilter, ArchiveFilter, LinkFilter, "kind")
    list_select_related = ("publisher",)
    search_fields = ("id", "title", "url", "publisher__id", "publisher__name")
    ordering = ("id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "publisher",
                    "kind",
                    ("title", "title_language"),
                    ("language", "published"),
                    "url",
                    "original_url",
                    "archive_url",
                    "extent_read",
                    "cites",
                    "parallel_of",
                    ("captured", "sha256"),
                    "note",
                )
            },
        ),
    )

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name in ("language", "title_language"):
            field.widget = forms.TextInput({"list": "languages", "size": 6})
        if db_field.name == "sha256":
            field.widget.attrs["size"] = 64
        return field


class DisputedFilter(admin.SimpleListFilter):
    title = "disputed"
    parameter_name = "disputed"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "by another figure")]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.filter(~Q(contradicts=None)).distinct()
        return queryset


@admin.register(Statistic)
class StatisticAdmin(CheckedRecordAdmin):
    kind = RecordKind.STATISTIC
    prefix = "STAT-"
    autocomplete_fields = ("articles", "formation", "contradicts", "derived_from")
    inlines = (StatisticCitations,)
    list_display = ("id", "measure", "country", "period", "value", "counter", "state")
    list_filter = (WaitingFilter, DisputedFilter, "measure", "country")
    list_select_related = ("country",)
    search_fields = ("id", "counted", "counted_by", "measure")
    ordering = ("id",)
    fieldsets = (
        (
            "What was counted",
            {
                "fields": (
                    ("measure", "unit"),
                    "counted",
                    ("country", "period"),
                    ("qualifier", "value"),
                    ("value_min", "value_max"),
                    "counted_by",
                )
            },
        ),
        ("Only of", {"fields": ("articles", "formation", ("outcome", "procedure"))}),
        (
            "Beside other figures",
            {"fields": ("contradicts", "derived_from", "remarks", "note")},
        ),
    )

    @admin.display(description="counted by")
    def counter(self, row: Statistic) -> str:
        return next((text for text in row.counted_by.values()), "")

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "country":
            options["queryset"] = Region.objects.filter(kind=RegionKind.COUNTRY).order_by("pk")
        return super().formfield_for_foreignkey(db_field, request, **options)
