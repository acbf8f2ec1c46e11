"""Addresses of the pages. The first part is the language; without it, `/` picks one."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from cases.api.urls import IdConverter
from cases.web.home import Home, choose_language
from cases.web.languages import LanguageConverter
from cases.web.records.case import CasePage
from cases.web.records.reference import ReferencePage
from cases.web.records.source import SourcePage
from cases.web.records.statistic import StatisticList, StatisticPage

app_name = "web"
register_converter(LanguageConverter, "language")
register_converter(IdConverter, "record")

# What records refer to, by the filter that asks for it.
REFERENCE = {
    "region": "regions",
    "court": "courts",
    "formation": "formations",
    "article": "articles",
    "publisher": "publishers",
}

pages: list[URLPattern | URLResolver] = [
    path("", Home.as_view(), name="home"),
    path("", include("cases.web.explorer.urls")),
    path("cases/<record:public_id>/", CasePage.as_view(), name="case"),
    path("sources/<record:public_id>/", SourcePage.as_view(), name="source"),
    path("statistics/", StatisticList.as_view(), name="statistics"),
    path("statistics/<record:public_id>/", StatisticPage.as_view(), name="statistic"),
    *(
        path(
            f"{plural}/<record:public_id>/",
            ReferencePage.as_view(plural=plural, parameter=name),
            name=name,
        )
        for name, plural in REFERENCE.items()
    ),
]

urlpatterns = [
    path("", choose_language),
    path("<language:language>/", include(pages)),
]
