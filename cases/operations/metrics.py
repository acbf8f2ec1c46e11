"""`/metrics`: figures for Prometheus, over all processes of one server."""

import os
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from cases.models import Publication
from casesapi.databases import router
from casesapi.http import metrics as figures

# Milliseconds; a scrape that waits longer says that the database is down.
PATIENCE = 2_000

_CONNECTIONS = """
    SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' GROUP BY 1
"""


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 without the token: nobody is told that there is something to be had."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if not token or not secrets.compare_digest(given.encode(), token.encode()):
        raise Http404
    figures.write()
    registry = CollectorRegistry()
    registry.register(DatabaseCollector())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        said = generate_latest(registry)
    else:
        said = generate_latest(REGISTRY) + generate_latest(registry)
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(said, content_type=CONTENT_TYPE_LATEST, headers=headers)


class DatabaseCollector(Collector):
    """What the database says at the moment, in three queries."""

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("cases_database_up", "Whether the database answers.")
        try:
            found = list(self._asked())
        except DatabaseError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from found

    def _asked(self) -> Iterable[Metric]:
        router.limit(connection, PATIENCE)
        head = Publication.objects.order_by("number").last()
        yield GaugeMetricFamily(
            "cases_publication",
            "Number of the newest publication; 0 = nothing is published.",
            value=head.number if head else 0,
        )
        if head:
            yield GaugeMetricFamily(
                "cases_publication_timestamp_seconds",
                "When it was published, as Unix time.",
                value=head.published_at.timestamp(),
            )
        open_now = GaugeMetricFamily(
            "cases_database_connections",
            "Connections to the database, of all clients, by what they do.",
            labels=["state"],
        )
        with connection.cursor() as cursor:
            cursor.execute(_CONNECTIONS)
            for state, count in cursor.fetchall():
                open_now.add_metric([state], count)
            cursor.execute("SELECT current_setting('max_connections')::int")
            [most] = cursor.fetchone()
        yield open_now
        yield GaugeMetricFamily(
            "cases_database_connections_max", "How many the database allows.", value=most
        )
