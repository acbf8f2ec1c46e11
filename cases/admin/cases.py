"""A case on one page: what happened, who is accused, what the court decided, and who says so."""

from typing import Any

import nested_admin
from django import forms
from django.contrib import admin, messages
from django.utils.html import format_html

from cases import names
from cases.admin import numbering
from cases.admin.citations import (
    CaseCitations,
    DefendantCitations,
    ServiceCitations,
    VerdictCitations,
)
from cases.admin.forms import DeskFields, DeskForm
from cases.admin.links import link
from cases.admin.records import CheckedRecordAdmin, WaitingFilter
from cases.admin.rows import Rows, RowSet
from cases.models import Case, Defendant, Name, Payment, Region, Service, Verdict
from cases.publishing.workflow.duplicates import undecided
from cases.quality import duplicates
from cases.vocabulary import NameKind, RecordKind, RegionKind


class NameForm(DeskForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["script"].required = False
        self.fields["kind"].initial = NameKind.FULL

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("text")
        if not text:
            return cleaned
        script = names.script_of(text)
        if script is None:
            self.add_error(
                "text",
                f"{names.stray_letter(text, whole=True) or f'“{text}” is of no known script'}. "
                "Expected all Latin, all Cyrillic or all Arabic letters.",
            )
        elif cleaned.get("script") and cleaned["script"] != script:
            self.add_error("script", f"“{text}” is written in {script.label}.")
        else:
            cleaned["script"] = script
        return cleaned


class PositionedSet(RowSet):
    numbered = True


class NameInline(DeskFields, Rows, nested_admin.NestedStackedInline):
    model = Name
    form = NameForm
    formset = PositionedSet
    extra = 1
    fields = (("text", "language", "script", "kind"),)
    verbose_name_plural = "names, as published"

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name == "language":
            field.widget = forms.TextInput({"list": "languages", "size": 6})
        return field


class PaymentInline(DeskFields, Rows, nested_admin.NestedStackedInline):
    model = Payment
    formset = PositionedSet
    fields = (("kind", "amount", "amount_max", "currency", "per"), "remark")
    verbose_name_plural = "money"


class NumberedSet(RowSet):
    """Rows whose ids are the id of what stands above them, a letter, and a number."""

    letter: str

    def prepare(self, row: Any) -> None:
        row.pk = numbering.next_id(self.model, f"{self.instance.pk}-{self.letter}")


class ServiceSet(NumberedSet):
    letter = "S"


class ServiceInline(DeskFields, Rows, nested_admin.NestedStackedInline):
    model = Service
    formset = ServiceSet
    autocomplete_fields = ("formation",)
    inlines = (ServiceCitations,)
    verbose_name_plural = "service"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "id",
                    "formation",
                    ("contract_signed", "contract_months"),
                    ("began", "ended"),
                    ("end_reason", "wounded_on", "returned_on"),
                    "places",
                    "duties",
                    "training",
                    "remarks",
                    "note",
                )
            },
        ),
    )


class VerdictSet(NumberedSet):
    letter = "V"

    def prepare(self, row: Any) -> None:
        row.case = self.instance.case
        row.pk = numbering.next_id(self.model, f"{row.case_id}-V")


class VerdictForm(DeskForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "changes" in self.fields:
            defendant = self.instance.defendant_id
            earlier = Verdict.objects.filter(defendant=defendant) if defendant else None
            choices = earlier.exclude(pk=self.instance.pk) if earlier else Verdict.objects.none()
            self.fields["changes"].queryset = choices  # type: ignore[attr-defined]


class VerdictInline(DeskFields, Rows, nested_admin.NestedStackedInline):
    model = Verdict
    form = VerdictForm
    formset = VerdictSet
    fk_name = "defendant"
    autocomplete_fields = ("court", "articles")
    inlines = (VerdictCitations,)
    verbose_name = "ruling"
    verbose_name_plural = "what the court decided"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "id",
                    "court",
                    ("instance", "outcome"),
                    ("date", "reported"),
                    "articles",
                    ("sentence_kind", "sentence_months", "sentence_days"),
                    ("probation_months", "confiscation"),
                    ("changes", "range_checked"),
                    "remarks",
                    "note",
                )
            },
        ),
    )

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name == "changes":
            field.widget.can_add_related = False
        return field


class DefendantSet(NumberedSet):
    letter = "D"


class DefendantInline(DeskFields, Rows, nested_admin.NestedStackedInline):
    model = Defendant
    formset = DefendantSet
    extra = 1
    autocomplete_fields = ("citizenships", "residence_region")
    inlines = (
        NameInline,
        PaymentInline,
        DefendantCitations,
        ServiceInline,
        VerdictInline,
    )
    verbose_name_plural = "who is accused"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "id",
                    ("name_withheld", "sex"),
                    ("born", "age", "age_as_of"),
                    "citizenships",
                    ("residence_region", "residence_place"),
                    "occupation",
                    ("plea", "fate", "voluntary_surrender"),
                    ("detained_on", "detained_place"),
                )
            },
        ),
        (
            "How the person was recruited",
            {
                "fields": (
                    ("recruitment_date", "recruitment_place"),
                    ("recruitment_channel", "recruitment_recruited_by", "recruitment_from_prison"),
                    "recruitment_promises",
                    "recruitment_coercion",
                )
            },
        ),
        ("Remarks", {"fields": ("remarks", "note")}),
    )


@admin.register(Case)
class CaseAdmin(CheckedRecordAdmin):
    kind = RecordKind.CASE
    prefix = "{record.country_id}-"
    autocomplete_fields = ("region", "court", "charges")
    inlines = (CaseCitations, DefendantInline)
    list_display = ("id", "people", "court", "status", "state")
    list_filter = (WaitingFilter, "country", "status", "kind")
    list_select_related = ("court",)
    search_fields = ("id", "court_case_number")
    ordering = ("id",)
    fieldsets = (
        (
            "What happened",
            {
                "fields": (
                    "country",
                    ("kind", "conflict", "status"),
                    ("region", "court"),
                    ("court_case_number", "procedure"),
                    ("opened", "sent_to_court"),
                    "charges",
                    "summary",
                    "remarks",
                    "note",
                )
            },
        ),
    )

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        # The number of the case begins with it.
        return ("country",) if obj else ()

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("defendants__names")

    def people(self, case: Case) -> str:
        return ", ".join(
            defendant.names.all()[0].text if defendant.names.all() else defendant.pk
            for defendant in case.defendants.all()
        )

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        """Also by a name of a defendant, however it is spelt."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        given = names.words(search_term)
        if given:
            alike = Name.objects.all()
            for word in given:
                alike = alike.filter(folded__overlap=sorted(names.readings(word)))
            found |= queryset.filter(pk__in=alike.values("defendant__case"))
        return found, distinct

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name == "country":
            options["queryset"] = Region.objects.filter(kind=RegionKind.COUNTRY).order_by("pk")
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        duplicates.refresh(form.instance)
        for likely in undecided(form.instance):
            what = "{} may be the same as {}: {}. Decide before you publish it."
            other = link("case", likely.case)
            messages.warning(request, format_html(what, form.instance.pk, other, str(likely)))
