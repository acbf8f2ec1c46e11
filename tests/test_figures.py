"""Figures that are added up before they are written: nothing is lost, nothing counts twice."""

import threading
from concurrent.futures import ThreadPoolExecutor

from prometheus_client import CollectorRegistry, Counter, Histogram

from casesapi.http.metrics import Latencies, Number, Series

BOUNDS = (0.001, 0.01, 0.1)


def values(registry):
    """Value by name and bucket of all samples, without the times at which they were made."""
    return {
        (sample.name, sample.labels.get("le")): sample.value
        for metric in registry.collect()
        for sample in metric.samples
        if not sample.name.endswith("_created")
    }


def series(registry):
    counter = Counter("asked", "Of a test.", registry=registry)
    return Series(counter, Latencies("took", "Of a test.", buckets=BOUNDS, registry=registry))


def test_a_series_says_what_prometheus_own_histogram_would_say():
    registry, own = CollectorRegistry(), CollectorRegistry()
    observed = series(registry)
    counter = Counter("asked", "Of a test.", registry=own)
    histogram = Histogram("took", "Of a test.", buckets=BOUNDS, registry=own)
    # On the edges too, and beyond the last one.
    for round in ((0.0, 0.0005, 0.001), (0.0011, 0.01, 0.25), ()):
        for seconds in round:
            observed.observe(seconds)
            histogram.observe(seconds)
            counter.inc()
        observed.write()
        assert values(registry) == values(own)


def test_nothing_is_written_before_its_time():
    registry = CollectorRegistry()
    observed = series(registry)
    observed.observe(0.5)
    assert values(registry)["asked_total", None] == 0
    observed.write()
    assert values(registry)["asked_total", None] == 1
    assert values(registry)["took_bucket", "+Inf"] == 1


def test_threads_that_count_while_another_one_writes_lose_nothing():
    registry = CollectorRegistry()
    observed = series(registry)
    number = Number(Counter("kept", "Of a test.", registry=registry))
    done = threading.Event()

    def write():
        while not done.is_set():
            observed.write()
            number.write()

    writer = threading.Thread(target=write)
    writer.start()

    def count(_):
        for _ in range(2_000):
            observed.observe(0.05)
            number.inc()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    done.set()
    writer.join()
    observed.write()
    number.write()
    found = values(registry)
    assert found["asked_total", None] == found["kept_total", None] == 8_000
    assert found["took_bucket", "0.1"] == found["took_count", None] == 8_000
    assert round(found["took_sum", None], 6) == 400
