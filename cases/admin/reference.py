"""Reference tables: regions, courts, formations, articles, publishers."""

from itertools import chain
from typing import Any

from django.contrib import admin
from django.utils.text import slugify

from cases import names
from cases.admin.records import DeskAdmin, RecordForm
from cases.models import Article, Court, Formation, Publisher, Region
from cases.vocabulary import RecordKind, RegionKind


class SluggedForm(RecordForm):
    """A row whose id is made from its English name when it is left empty."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "id" in self.fields:
            self.fields["id"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "id" in self.fields and not cleaned.get("id") and "id" not in self.errors:
            english = (cleaned.get("name") or {}).get("en", "")
            cleaned["id"] = slugify(english)
            if not cleaned["id"]:
                self.add_error("id", "Needed, as there is no English name to make it from.")
            elif self._meta.model.objects.filter(pk=cleaned["id"]).exists():
                self.add_error("id", f"“{cleaned['id']}” is taken; is this the same one?")
        return cleaned


class ReferenceAdmin(DeskAdmin):
    """Small tables: they are searched in memory, in any spelling."""

    form = RecordForm
    ordering = ("id",)
    search_fields = ("id",)
    list_display = ("id", "__str__")

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return ("id",) if obj else ()

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        """Rows with a word that begins like each word asked for, folded as names are."""
        wanted = [names.readings(word) for word in names.words(search_term)]
        if not wanted:
            return queryset, False
        found = [row.pk for row in queryset.all() if _answers(row, wanted)]
        return queryset.filter(pk__in=found), False


def _answers(row: Any, wanted: list[frozenset[str]]) -> bool:
    texts = [row.pk.replace("-", " "), *row.name.values(), *getattr(row, "aliases", [])]
    held = set(
        chain.from_iterable(map(names.readings, chain.from_iterable(map(names.words, texts))))
    )
    return all(any(word.startswith(tuple(readings)) for word in held) for readings in wanted)


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    kind = RecordKind.REGION
    autocomplete_fields = ("sources",)
    list_filter = ("kind",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "id",
                    "name",
                    ("kind", "parent"),
                    "kato",
                    ("latitude", "longitude"),
                    "aliases",
                    "sources",
                    "note",
                )
            },
        ),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "parent":
            options["queryset"] = Region.objects.filter(kind=RegionKind.COUNTRY).order_by("pk")
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(Court)
class CourtAdmin(ReferenceAdmin):
    kind = RecordKind.COURT
    form = SluggedForm
    autocomplete_fields = ("region", "sources")
    list_filter = ("level",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "id",
                    ("region", "place"),
                    "level",
                    "aliases",
                    "sources",
                    "note",
                )
            },
        ),
    )


@admin.register(Formation)
class FormationAdmin(ReferenceAdmin):
    kind = RecordKind.FORMATION
    form = SluggedForm
    autocomplete_fields = ("parent", "sources")
    list_filter = ("kind",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "id",
                    ("kind", "parent"),
                    "active",
                    "aliases",
                    "sources",
                    "note",
                )
            },
        ),
    )


@admin.register(Article)
class ArticleAdmin(ReferenceAdmin):
    kind = RecordKind.ARTICLE
    autocomplete_fields = ("parent", "sources")
    list_filter = ("country",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "id",
                    "name",
                    ("country", "law"),
                    ("number", "part", "parent"),
                    "conduct",
                    ("min_months", "max_months"),
                    ("life", "death", "confiscation"),
                    "other_penalty",
                    ("in_force_from", "in_force_until"),
                    "url",
                    "variants",
                    "sources",
                    "note",
                )
            },
        ),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "country":
            options["queryset"] = Region.objects.filter(kind=RegionKind.COUNTRY).order_by("pk")
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(Publisher)
class PublisherAdmin(ReferenceAdmin):
    kind = RecordKind.PUBLISHER
    form = SluggedForm
    list_filter = ("kind",)
    fieldsets = ((None, {"fields": ("name", "id", "kind", "website", "note")}),)
