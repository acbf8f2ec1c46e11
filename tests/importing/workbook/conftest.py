import pytest

from tests import synthetic


@pytest.fixture
def references(db):
    """What rows point at: a court, an article, a formation, a publisher and a source."""
    synthetic.court()
    synthetic.article()
    synthetic.formation(synthetic.BRIGADE)
    synthetic.publisher()
    synthetic.source()


@pytest.fixture
def stored(references):
    """A case with a defendant, a time of service and a verdict, each fact with its source."""
    return synthetic.case()
