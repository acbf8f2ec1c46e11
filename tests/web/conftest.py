"""The fixtures of the API's tests: pages ask the API, as the reader of the public."""

from tests.api.conftest import (  # noqa: F401
    _loaded_dataset,
    _nothing_remembered,
    _published_world,
    _the_api_reads_as_the_reader,
    client,
    dataset,
    empty,
    shared_database,
    world,
)
