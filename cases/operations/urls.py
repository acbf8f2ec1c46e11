"""Addresses for those who run the program, not for the public."""

from django.urls import path

from cases.operations.health import live, ready
from cases.operations.metrics import metrics

urlpatterns = [
    path("health/live", live),
    path("health/ready", ready),
    path("metrics", metrics),
]
