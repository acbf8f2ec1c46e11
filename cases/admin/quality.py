"""The lists behind the quality board. Nothing is typed here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet

from cases.admin.links import link
from cases.models import DEAD, Citation, Finding, LikelyDuplicate, LinkCheck
from cases.vocabulary import Rank


class ListAdmin(admin.ModelAdmin):
    """A list that editors read, each line with a way to the record."""

    list_per_page = 50
    show_full_result_count = False
    list_display_links = None

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Finding)
class FindingAdmin(ListAdmin):
    list_display = ("record", "subject", "field", "detail", "rule")
    list_filter = ("rule",)
    ordering = ("subject", "field")

    def record(self, finding: Finding) -> str:
        if finding.case_id:
            return link("case", finding.case_id)
        return link("statistic", str(finding.statistic_id))


class DeadFilter(admin.SimpleListFilter):
    title = "dead"
    parameter_name = "dead"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "dead links")]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state__in=DEAD) if self.value() == "yes" else queryset


@admin.register(LinkCheck)
class LinkCheckAdmin(ListAdmin):
    list_display = ("of", "address", "state", "status", "detail", "failing_since", "checked_at")
    list_filter = (DeadFilter, "state")
    ordering = ("source",)

    def of(self, check: LinkCheck) -> str:
        return link("source", check.source_id)


class DismissedFilter(admin.SimpleListFilter):
    title = "decided"
    parameter_name = "dismissed"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "not yet"), ("yes", "two different cases")]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(dismissed=self.value() == "yes")


class ReasonForm(ActionForm):
    reason = forms.CharField(required=False, label="Reason")


@admin.register(LikelyDuplicate)
class LikelyDuplicateAdmin(ListAdmin):
    list_display = ("one", "other", "likeness", "dismissed", "reason")
    action_form = ReasonForm
    list_filter = (DismissedFilter, "likeness")
    ordering = ("first", "second")
    actions = ("dismiss",)

    def one(self, pair: LikelyDuplicate) -> str:
        return link("case", pair.first_id)

    def other(self, pair: LikelyDuplicate) -> str:
        return link("case", pair.second_id)

    def has_dismiss_permission(self, request: Any) -> bool:
        return bool(request.user.has_perm("cases.change_likelyduplicate"))

    @admin.action(description="These are two different cases", permissions=["dismiss"])
    def dismiss(self, request: Any, queryset: QuerySet[LikelyDuplicate]) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            messages.error(request, "Say why these are different cases; nothing was changed.")
            return
        count = queryset.update(dismissed=True, reason=reason)
        messages.success(request, f"{count} marked as different cases.")


class OtherwiseFilter(admin.SimpleListFilter):
    title = "disputed"
    parameter_name = "disputed"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "states something else")]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.exclude(values={}).exclude(rank=Rank.DEPRECATED)
        return queryset


@admin.register(Citation)
class CitationAdmin(ListAdmin):
    """Reached from the board, to see what is disputed."""

    list_display = ("of", "source", "locator", "says")
    list_filter = (OtherwiseFilter,)
    list_select_related = ("source", "defendant", "service__defendant", "verdict")
    ordering = ("id",)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return bool(request.user.has_perm("cases.view_case"))

    def of(self, citation: Citation) -> str:
        if citation.statistic_id:
            return link("statistic", citation.statistic_id)
        if citation.case_id:
            return link("case", citation.case_id)
        owner = citation.defendant or citation.verdict or citation.service.defendant  # type: ignore[union-attr]
        return link("case", owner.case_id)

    def says(self, citation: Citation) -> str:
        return ", ".join(f"{field}: {value}" for field, value in citation.values.items())
