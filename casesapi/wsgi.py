import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casesapi.settings")
django_application = get_wsgi_application()

# These need the settings.
from django.conf import settings  # noqa: E402

from cases.api.caching.files import finished  # noqa: E402
from cases.api.caching.head import watch  # noqa: E402
from cases.api.caching.shared import SharedAnswers  # noqa: E402
from cases.api.caching.wsgi import CachedAnswers  # noqa: E402
from cases.api.quotas.computing import Computing  # noqa: E402
from cases.api.quotas.standing import meter  # noqa: E402
from cases.api.quotas.turns import Turns  # noqa: E402
from cases.api.quotas.wsgi import Metered  # noqa: E402
from cases.web.explorer import ahead  # noqa: E402
from casesapi.observed import Observed  # noqa: E402

watch.moved.append(finished.forget_others)
watch.moved.append(ahead.prepare)
shared = SharedAnswers(settings.CACHE_URL) if settings.CACHE_URL else None
turns = Turns()
cached = CachedAnswers(
    django_application,
    watch,
    settings.ANSWER_CACHE_BYTES,
    shared,
    computing=lambda application: Computing(application, meter, turns),
)
application = Observed(Metered(cached, meter))
