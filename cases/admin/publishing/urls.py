"""Addresses below /desk/publishing/."""

from typing import Any

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from cases.admin.publishing import audit, bulk, ending, record, redaction


def patterns(site: AdminSite) -> list[URLPattern]:
    def page(address: str, view: Any, name: str) -> URLPattern:
        return path(f"publishing/{address}", site.admin_view(view), name=name)

    return [
        page("", bulk.everything, "publishing"),
        page("audit/", audit.acts, "publishing_audit"),
        page("case/<str:public_id>/merge/", ending.merge, "publishing_merge"),
        page("defendant/<str:public_id>/redact/", redaction.redact, "publishing_redact"),
        page("<str:kind>/<str:public_id>/", record.record, "publishing_record"),
        page("<str:kind>/<str:public_id>/withdraw/", ending.withdraw, "publishing_withdraw"),
    ]
