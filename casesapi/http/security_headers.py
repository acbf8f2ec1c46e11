"""Headers that tell browsers to be careful, on every answer there is."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answerer = Callable[[HttpRequest], HttpResponseBase]

# What no page of ours needs.
FEATURES = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
    *("encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection"),
    *("magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock"),
    *("serial", "usb", "xr-spatial-tracking"),
)
# Scripts and styles come from files of ours. `data:` is for icons within those styles.
POLICY = (
    *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"),
    *("font-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'"),
    "frame-ancestors 'none'",
)
HEADERS = {
    "Content-Security-Policy": "; ".join(POLICY),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    # The desk's forms are refused without it, so not `no-referrer`. Other sites are told nothing.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "X-Permitted-Cross-Domain-Policies": "none",
}
# The data and its charts are for any page; all else only for our own.
RESOURCE_POLICY = "Cross-Origin-Resource-Policy"
OPEN = ("/api/", "/charts/", "/feeds/")
# What browsers keep with what they hold: a 304 repeats none of it.
HELD = frozenset({*HEADERS, "X-Frame-Options"})


def security_headers(get_response: Answerer) -> Answerer:
    """The outermost middleware, so that nothing is answered without it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == 304:
            for name in HELD:
                del response.headers[name]
        else:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        open_to_all = request.path_info.startswith(OPEN)
        response.headers.setdefault(
            RESOURCE_POLICY, "cross-origin" if open_to_all else "same-origin"
        )
        return response

    return middleware
