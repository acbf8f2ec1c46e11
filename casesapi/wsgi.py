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
from cases.api.quotas.charging import Charged  # noqa: E402
from cases.api.quotas.standing import meter  # noqa: E402
from cases.api.quotas.wsgi import Metered, refused  # noqa: E402
from cases.web.explorer import ahead  # noqa: E402
from casesapi.observed import Observed  # noqa: E402

watch.moved.append(finished.forget_others)
watch.moved.append(ahead.prepare)
shared = SharedAnswers(settings.CACHE_URL) if settings.CACHE_URL else None
charged = Charged(django_application, meter)
cached = CachedAnswers(charged, watch, settings.ANSWER_CACHE_BYTES, shared)
application = Observed(Metered(cached, meter))
refusals = Observed(refused)
