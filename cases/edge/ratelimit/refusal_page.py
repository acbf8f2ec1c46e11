"""A refusal for people: a page that needs no template, no file and no database."""

from functools import lru_cache
from http import HTTPStatus

# Title and what to do, by the language that an address begins with.
_TOO_MANY = {
    "en": ("Too many requests", "Too many requests came from your network. Try again in a minute."),
    "ru": (
        "Слишком много запросов",
        "Из вашей сети поступило слишком много запросов. Повторите попытку через минуту.",
    ),
    "kk": (
        "Сұраныс тым көп",
        "Сіздің желіңізден тым көп сұраныс келді. Бір минуттан кейін қайталап көріңіз.",
    ),
}
_BUSY = {
    "en": ("The server is busy", "Try again in a few seconds."),
    "ru": ("Сервер занят", "Повторите попытку через несколько секунд."),
    "kk": ("Сервер бос емес", "Бірнеше секундтан кейін қайталап көріңіз."),
}


# Errors that have a page.
PAGES = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def refusal_page(status: int, path: str) -> bytes:
    """The page for 429 or 503, in the language of the address, else in English."""
    language = path.split("/", 2)[1] if path.startswith("/") else ""
    return _page(status, language if language in _BUSY else "en")


@lru_cache
def _page(status: int, language: str) -> bytes:
    texts = _TOO_MANY if status == HTTPStatus.TOO_MANY_REQUESTS else _BUSY
    title, text = texts[language]
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<h1>{title}</h1><p>{text}</p></html>"
    ).encode()
