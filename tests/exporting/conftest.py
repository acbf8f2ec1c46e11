from tests.api.conftest import _loaded_dataset, dataset  # noqa: F401
