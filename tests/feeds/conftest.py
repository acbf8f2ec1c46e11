# The world, the reader and the client of the API's tests.
from tests.api.conftest import (  # noqa: F401
    _loaded_dataset,
    _nothing_remembered,
    _published_world,
    _the_api_reads_as_the_reader,
    client,
    dataset,
    empty,
    world,
)
