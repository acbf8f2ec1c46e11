"""Dates, numbers and names of languages and countries as the reader writes them (CLDR)."""

import re
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, ngettext

from cases import countries

# Day before month in English too, as everywhere in the data.
LOCALES = {"en": "en_GB"}


def locale() -> Locale:
    language = get_language() or "en"
    return Locale.parse(LOCALES.get(language, language))


def number(value: float) -> str:
    """709; 15,000 or 15 000."""
    return format_decimal(value, locale=locale())


def partial_date(value: str) -> str:
    """An EDTF date in words: 14 February 2025; about 2025; February 2022 – 2025; 2022 – …"""
    return " – ".join(_point(point) for point in value.split("/"))


def _point(value: str) -> str:
    if value in ("", ".."):
        return "…"
    sign = value[-1] if value[-1] in "?~" else ""
    known = value.rstrip("?~").replace("-XX", "")
    text = _known(known)
    if sign == "~":
        return gettext("about %(date)s") % {"date": text}
    if sign == "?":
        return gettext("probably %(date)s") % {"date": text}
    return text


def _known(value: str) -> str:
    if value.endswith("X"):
        return gettext("the %(decade)ss") % {"decade": value.replace("X", "0")}
    if len(value) == 4:
        return value
    if len(value) == 7:
        day = date.fromisoformat(f"{value}-01")
        return _short(format_skeleton("yMMMM", day, locale=locale()))
    return day_of(value)


def day_of(value: str) -> str:
    """An ISO date or time, of which the day is said: 22 November 2026."""
    return _short(format_date(date.fromisoformat(value[:10]), "long", locale=locale()))


def _short(text: str) -> str:
    """Without the “г.” that Russian may write behind a year."""
    return re.sub(r"\sг\.$", "", text)


# As Кыргызстан; CLDR has an older name.
OWN_LANGUAGES = {("ru", "ky"): "кыргызский"}


def language_name(code: str) -> str:
    """`uk` → Ukrainian, українська in its own; the code itself if nobody named it."""
    own = OWN_LANGUAGES.get((locale().language, code))
    return own or str(locale().languages.get(code, code))


def country_name(code: str) -> str:
    """`KZ` → Kazakhstan."""
    return countries.country_name(locale(), code)


def term(months: int) -> str:
    """Months as people say them: 72 → 6 years; 78 → 6 years 6 months; 0 → 0 months."""
    years, rest = divmod(months, 12)
    parts = []
    if years:
        parts.append(ngettext("%(n)s year", "%(n)s years", years) % {"n": years})
    if rest or not years:
        parts.append(ngettext("%(n)s month", "%(n)s months", rest) % {"n": rest})
    return " ".join(parts)


def is_text(value: Any) -> bool:
    """Whether a value is a text in several languages."""
    return isinstance(value, dict) and bool(value) and value.keys() <= {"en", "ru", "kk"}
