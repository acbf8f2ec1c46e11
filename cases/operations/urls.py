"""Addresses for those who run the program, and the key that proves its ledger."""

from django.urls import path

from cases.operations.health import live, ready
from cases.operations.ledger_key import public_key
from cases.operations.metrics import metrics

urlpatterns = [
    path("health/live", live),
    path("health/ready", ready),
    path("metrics", metrics),
    path(".well-known/cases-ledger.pem", public_key),
]
