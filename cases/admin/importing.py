"""The import page: upload a workbook, look at what it would do, and say yes."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from psycopg.errors import SerializationFailure

from cases.importing.validating import MODELS
from cases.importing.workbook.columns import sheets
from cases.importing.workbook.decisions import Decisions
from cases.importing.workbook.limits import MAX_BYTES
from cases.importing.workbook.run import Report, import_workbook
from cases.importing.workbook.template import template
from cases.models import Upload
from cases.publishing.documents.record_refs import WORKING, RecordRef
from cases.publishing.workflow import audit
from cases.vocabulary import Deed

PERMISSION = "cases.add_case"
KEPT = timedelta(days=1)

# Where the report goes into the page around it.
GAP = "<!-- report -->"

DONE = "done.</p>\n"

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Workbook",
        help_text=f"XLSX or CSV, up to {MAX_BYTES // 1_000_000} MB. It is kept for you alone, and "
        "deleted when it is imported.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.tsv,.txt"}),
    )
    sheet = forms.ChoiceField(
        label="A CSV file is the sheet",
        required=False,
        choices=[("", "as its name says"), *((name, name) for name in sheets())],
        help_text="Only for CSV, which holds one sheet.",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                f"{file.name} is larger than {MAX_BYTES // 1_000_000} MB; split it."
            )
        return file


def urls(site: AdminSite) -> list[URLPattern]:
    """The pages of the import, for those who may add cases."""

    def allowed(view):
        def checked(request: HttpRequest, **arguments) -> HttpResponseBase:
            if not request.user.has_perm(PERMISSION):
                raise PermissionDenied
            return view(request, site, **arguments)

        return site.admin_view(checked)

    return [
        path("import/", allowed(upload), name="import_workbook"),
        path("import/template.xlsx", allowed(download), name="import_template"),
        path("import/<uuid:pk>/", allowed(check), name="import_check"),
    ]


def download(request: HttpRequest, site: AdminSite) -> FileResponse:
    file = BytesIO(template())
    return FileResponse(file, as_attachment=True, filename="cases-workbook.xlsx", content_type=XLSX)


def upload(request: HttpRequest, site: AdminSite) -> HttpResponse:
    Upload.objects.filter(uploaded_at__lt=timezone.now() - KEPT).delete()
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        assert request.user.pk is not None
        kept = Upload.objects.create(
            editor_id=request.user.pk,
            name=file.name[:200],
            sheet=form.cleaned_data["sheet"] or None,
            content=file.read(),
        )
        return redirect("admin:import_check", pk=kept.pk)
    waiting = (
        Upload.objects.filter(editor_id=request.user.pk).defer("content").order_by("-uploaded_at")
    )
    context = {
        **site.each_context(request),
        "title": "Import a workbook",
        "form": form,
        "waiting": waiting,
    }
    return render(request, "admin/importing/upload.html", context)


def check(request: HttpRequest, site: AdminSite, pk) -> HttpResponseBase:
    """The report on an upload; with `write` in the form, the import itself.

    An import takes its upload away first, so that two clicks do not import twice.
    """
    kept = get_object_or_404(Upload, pk=pk, editor_id=request.user.pk)
    asked = request.POST.get("do", "check")
    if asked == "discard":
        kept.delete()
        return redirect("admin:import_workbook")
    try:
        decided = _decisions(request)
    except ValueError as error:
        raise BadRequest("a decision names no row") from error
    if asked == "write" and not Upload.objects.filter(pk=pk).delete()[0]:
        return redirect("admin:import_workbook")
    context = {**site.each_context(request), "title": f"Import {kept.name}", "gap": GAP}
    page = render_to_string("admin/importing/check.html", context, request)
    head, tail = page.split(GAP)
    answer = StreamingHttpResponse(_page(request, kept, head, tail, decided, asked == "write"))
    # A proxy must pass the progress on as it comes.
    answer["X-Accel-Buffering"] = "no"
    return answer


def _page(
    request: HttpRequest, kept: Upload, head: str, tail: str, decided: Decisions, write: bool
) -> Iterator[str]:
    yield head
    steps = import_workbook(
        BytesIO(kept.content),
        kept.name,
        csv_sheet=kept.sheet,
        decided=decided,
        write=write,
        agreed=request.POST.get("agreed"),
        on_written=lambda report: _log(request, report),
    )
    task = ""
    report: Report | None = None
    failed = ""
    try:
        while True:
            progress = next(steps)
            if progress.task != task:
                yield (DONE if task else "") + f"<p>{progress.task} "
                task = progress.task
            elif progress.total is not None:
                yield f"{progress.done:,} of {progress.total:,} … "
            else:
                yield f"{progress.done:,} … "
    except StopIteration as finished:
        report = finished.value
    except OperationalError as error:
        if not isinstance(error.__cause__, SerializationFailure):
            raise
        failed = "Somebody saved one of these records at the same moment. Nothing was written."
    finally:
        if write and (report is None or not report.written):
            kept.save(force_insert=True)
    yield DONE
    context = {
        "upload": kept,
        "report": report,
        "failed": failed,
        "decided": [(f"decision/{sheet}/{row}", said) for (sheet, row), said in decided.items()],
        "new": sum(change.new for change in report.changes) if report else 0,
        "added": [change for change in report.changes if change.new] if report else [],
        "changed": [change for change in report.changes if not change.new] if report else [],
    }
    yield render_to_string("admin/importing/report.html", context, request)
    yield tail


def _decisions(request: HttpRequest) -> Decisions:
    """What was chosen, by sheet and row; ValueError when a form is not ours."""
    chosen = {}
    for key, decision in request.POST.items():
        if key.startswith("decision/"):
            _, sheet, row = key.split("/")
            chosen[sheet, int(row)] = str(decision)
    return chosen


def _log(request: HttpRequest, report: Report) -> None:
    """Who imported what: the rows were written past what watches the forms of the desk."""
    kinds = {model: kind for kind, model in WORKING.items()}
    for deed, new in ((Deed.ENTER, True), (Deed.CHANGE, False)):
        roots = [
            RecordRef(kinds[MODELS[change.kind]], change.id)
            for change in report.changes
            if change.new == new
        ]
        audit.record(deed, roots, request.user)  # type: ignore[arg-type]
