import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casesapi.settings")
django_application = get_wsgi_application()

# These need the settings.
from django.conf import settings  # noqa: E402

from cases.api.exports.files import finished  # noqa: E402
from cases.edge.cache.redis import SharedAnswers  # noqa: E402
from cases.edge.cache.wsgi import CachedAnswers  # noqa: E402
from cases.edge.latest import watch  # noqa: E402
from cases.edge.ratelimit.charging import Charged  # noqa: E402
from cases.edge.ratelimit.limiter import meter  # noqa: E402
from cases.edge.ratelimit.wsgi import RateLimiter, refused  # noqa: E402
from cases.web.explorer import precompute  # noqa: E402
from casesapi.http.request_log import Observed  # noqa: E402

watch.moved.append(finished.forget_others)
watch.moved.append(precompute.prepare)
shared = SharedAnswers(settings.CACHE_URL) if settings.CACHE_URL else None
charged = Charged(django_application, meter)
cached = CachedAnswers(charged, watch, settings.ANSWER_CACHE_BYTES, shared)
application = Observed(RateLimiter(cached, meter))
refusals = Observed(refused)
