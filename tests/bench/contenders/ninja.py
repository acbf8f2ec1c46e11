"""django-ninja over the working copy, with the same prefetch; pydantic in place of serializers."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casesapi.settings")
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
django.setup()

from django.shortcuts import get_object_or_404  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import ModelSchema, NinjaAPI, Schema  # noqa: E402
from ninja.pagination import PageNumberPagination, paginate  # noqa: E402

from cases.models import (  # noqa: E402
    Article,
    Case,
    Court,
    Defendant,
    Formation,
    Name,
    Region,
    Service,
    Verdict,
)
from cases.publishing.documents.build import _cases  # noqa: E402


def of(shown, *fields, without=()):
    """A schema of a model with all its own columns and these nested ones."""

    class Shown(ModelSchema):
        class Meta:
            model = shown
            exclude = list(without)

    nested = {name: schema for name, schema in fields}
    namespace = {"__annotations__": nested}
    return type(f"{shown.__name__}Schema", (Shown,), namespace)


RegionSchema = of(Region, without=["parent"])
ArticleSchema = of(Article, without=["parent", "country", "sources"])
CourtSchema = of(Court, ("region", RegionSchema | None), without=["region"])
FormationSchema = of(Formation, without=["parent", "sources"])


class CitationSchema(Schema):
    fields: list[str]
    source_id: str
    locator: str | None
    rank: str


Citations = ("citations", list[CitationSchema])
NameSchema = of(Name, without=["defendant", "folded"])
ServiceSchema = of(
    Service,
    ("formation", FormationSchema | None),
    Citations,
    without=["defendant", "formation"],
)
DefendantSchema = of(
    Defendant,
    ("names", list[NameSchema]),
    ("services", list[ServiceSchema]),
    ("residence_region", RegionSchema | None),
    ("citizenships", list[RegionSchema]),
    Citations,
    without=["case", "residence_region", "citizenships"],
)
VerdictSchema = of(
    Verdict,
    ("court", CourtSchema | None),
    ("articles", list[ArticleSchema]),
    Citations,
    without=["case", "court", "articles"],
)
CaseSchema = of(
    Case,
    ("region", RegionSchema | None),
    ("court", CourtSchema | None),
    ("charges", list[ArticleSchema]),
    ("defendants", list[DefendantSchema]),
    ("verdicts", list[VerdictSchema]),
    Citations,
    without=["region", "court", "charges"],
)

api = NinjaAPI()
ROWS = _cases().order_by("-pk")


@api.get("/cases/", response=list[CaseSchema])
@paginate(PageNumberPagination, page_size=25)
def cases(request):
    return ROWS.all()


@api.get("/cases/{public_id}/", response=CaseSchema)
def case(request, public_id: str):
    return get_object_or_404(ROWS, pk=public_id)


urlpatterns = [path("api/v1/", api.urls)]

application = get_wsgi_application()
