"""A ModelViewSet with prefetch over the working copy: what one writes without this design.

Its serializers are those that publishing uses, so its records say the same. They are mounted at
the addresses of the API, with offset paging, django-filter and ConditionalGet.
"""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casesapi.settings")
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = [
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
]
django.setup()

import django_filters  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.urls import include, path  # noqa: E402
from django_filters.rest_framework import DjangoFilterBackend  # noqa: E402
from rest_framework.decorators import action  # noqa: E402
from rest_framework.filters import SearchFilter  # noqa: E402
from rest_framework.negotiation import DefaultContentNegotiation  # noqa: E402
from rest_framework.pagination import PageNumberPagination  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.routers import SimpleRouter  # noqa: E402
from rest_framework.viewsets import ReadOnlyModelViewSet  # noqa: E402

from cases.models import Case, Formation  # noqa: E402
from cases.publishing.documents.build import _cases  # noqa: E402
from cases.publishing.serializers.case import CaseShape, DefendantShape, VerdictShape  # noqa: E402

FORMATIONS = dict(Formation.objects.values_list("pk", "parent"))


class NestedCase(CaseShape):
    defendants = DefendantShape(many=True)
    verdicts = VerdictShape(many=True)

    class Meta(CaseShape.Meta):
        fields = (*CaseShape.Meta.fields, "defendants", "verdicts")


class Filters(django_filters.FilterSet):
    region = django_filters.CharFilter("region")
    formation = django_filters.CharFilter("defendants__services__formation", distinct=True)
    article = django_filters.CharFilter("charges", distinct=True)
    opened_after = django_filters.CharFilter("opened", "gte")
    opened_before = django_filters.CharFilter("opened", "lte")
    kind = django_filters.CharFilter("kind")

    class Meta:
        model = Case
        fields: list[str] = []


class Pages(PageNumberPagination):
    page_size = 25
    page_size_query_param = "page_size"


class Cases(ReadOnlyModelViewSet):
    queryset = _cases().order_by("-pk")
    serializer_class = NestedCase
    pagination_class = Pages
    filter_backends = [DjangoFilterBackend, SearchFilter]
    filterset_class = Filters
    search_fields = ["defendants__names__text"]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = DefaultContentNegotiation

    def get_serializer_context(self):
        return super().get_serializer_context() | {"formations": FORMATIONS, "drafts": set()}

    @action(detail=False)
    def facets(self, request):
        rows = self.filter_queryset(Case.objects.all())
        return Response(
            {
                "region": list(rows.values("region").annotate(n=Count("pk", distinct=True))),
                "formation": list(
                    rows.values("defendants__services__formation").annotate(
                        n=Count("pk", distinct=True)
                    )
                ),
            }
        )


router = SimpleRouter()
router.register("cases", Cases)
urlpatterns = [path("api/v1/", include(router.urls))]

application = get_wsgi_application()
