from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("cases.api.urls")),
    path("desk/", admin.site.urls),
]

handler400 = "cases.api.errors.bad_request"
handler404 = "cases.api.errors.not_found"
handler500 = "cases.api.errors.server_error"
