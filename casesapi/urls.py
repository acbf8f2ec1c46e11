from django.contrib import admin
from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("cases.api.urls")),
    path("charts/", include("cases.charts.urls")),
    path("feeds/", include("cases.feeds.urls")),
    path("desk/", admin.site.urls),
    path("", include("cases.operations.urls")),
    # Every browser asks for it; there is none.
    path("favicon.ico", lambda request: HttpResponse(status=204)),
    path("", include("cases.web.urls")),
]

handler400 = "cases.web.errors.bad_request"
handler404 = "cases.web.errors.not_found"
handler500 = "cases.web.errors.server_error"
