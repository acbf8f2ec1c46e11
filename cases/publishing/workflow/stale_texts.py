"""Texts that may still contain the former value of a field: a warning, never a refusal.

A former value is looked for as digits and as number words in English, Russian and Kazakh, months
also as years and months, dates by the part that changed, names and places as they were written.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cases import dates
from cases.models.fields import LANGUAGES
from cases.publishing.documents.build import Json, citing_objects
from cases.publishing.rules import STRUCTURE
from cases.publishing.workflow.confirmations import differs, plain, shown

RULE = "texts_follow_values"

# Values in several languages that other texts repeat; texts of any other field are prose.
NAMED = {"residence_place", "detained_place", "place", "recruited_by", "places", "counted_by"}


class Stale(NamedTuple):
    """A text that may be stale. subject, field: where it is. phrase: what it still contains.

    changed: "id.field" of the value. former: what it was.
    """

    subject: str
    field: str
    language: str
    phrase: str
    changed: str
    former: Any

    def __str__(self) -> str:
        return (
            f"still says “{self.phrase}” ({self.language}), but {self.changed} is no longer "
            f"{shown(self.former)}"
        )


def stale(content: Json, before: Json | None) -> Iterator[Stale]:
    """Texts of a record that contain the former value of a field that changed since it was
    published. before: what was published last; None = nothing was."""
    if before is None:
        return
    old = {citing["id"]: citing for _, citing in citing_objects(before)}
    texts = list(_texts(content))
    for _, citing in citing_objects(content):
        was = old.get(citing["id"], {})
        for field, value in citing.items():
            if field in STRUCTURE or field not in was:
                continue
            if _is_text(value) and field not in NAMED:
                continue
            if not differs(plain(was[field]), plain(value)):
                continue
            for former, patterns in _former(field, was[field], value):
                for subject, where, language, text in texts:
                    if found := _found(patterns, text):
                        changed = f"{citing['id']}.{field}"
                        yield Stale(subject, where, language, found, changed, former)


def _found(patterns: list[str], text: str) -> str | None:
    for pattern in patterns:
        if match := re.search(pattern, text, re.IGNORECASE):
            return match[0]
    return None


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == set(LANGUAGES)


def _texts(content: Json) -> Iterator[tuple[str, str, str, str]]:
    """Every text of the editors: id of the object, field, language, text."""
    for _, citing in citing_objects(content):
        for field, value in citing.items():
            if field in STRUCTURE:
                continue
            for part in (value, *(value.values() if isinstance(value, dict) else ())):
                if _is_text(part):
                    for language, text in part.items():
                        if text:
                            said = text if isinstance(text, str) else "; ".join(text)
                            yield citing["id"], field, language, said


def _former(field: str, was: Any, now: Any) -> Iterator[tuple[Any, list[str]]]:
    """What is no longer stated, each with the patterns to find it by."""
    if _is_text(was) and field in NAMED:
        after = now if _is_text(now) else {}
        for language, text in was.items():
            if text and text != after.get(language):
                yield from _former(field, text, after.get(language))
    elif isinstance(was, list):
        for item in was:
            if item not in (now or []):
                yield from _former(field, item, None)
    elif isinstance(was, dict) and was.keys() == {"value", "earliest", "latest"}:
        after = now["value"] if isinstance(now, dict) else None
        yield was["value"], _of_date(was["value"], after)
    elif isinstance(was, dict) and isinstance(was.get("name"), dict):
        names = [name for name in was["name"].values() if name]
        yield names[0] if names else plain(was), [rf"\b{re.escape(name)}" for name in names]
    elif isinstance(was, dict) and "text" in was:
        yield was["text"], [rf"\b{re.escape(was['text'])}"]
    elif isinstance(was, dict) and not _is_text(was):
        for key, part in was.items():
            after = now.get(key) if isinstance(now, dict) else None
            if part is not None and part != after:
                yield from _former(key, part, after)
    elif isinstance(was, int) and not isinstance(was, bool):
        yield was, [*(_of_months(was) if field.endswith("_months") else ()), *_of_number(was)]
    elif isinstance(was, str) and (" " in was or was[:1].isupper()):
        # Codes are no words of a text.
        yield was, [rf"\b{re.escape(was)}"]


def _of_number(number: int) -> list[str]:
    digits = rf"{number:,}".replace(",", "[,. \u00a0\u202f]?")
    return [rf"(?<![\d.,]){digits}(?![.,]?\d)", *(rf"\b{word}\b" for word in words(number))]


_YEARS = r"[\s-]*(?:years?|лет|год|жыл)\w*"
_MONTHS = r"[\s-]*(?:months?|месяц|ай)\w*"


def _of_months(number: int) -> list[str]:
    years, months = divmod(number, 12)
    found = [rf"\b(?:{_either(number)}){_MONTHS}"]
    if years and months:
        found.append(rf"\b(?:{_either(years)}){_YEARS}\W+(?:\w+ )?(?:{_either(months)}){_MONTHS}")
    elif years:
        found.append(rf"\b(?:{_either(years)}){_YEARS}")
    return found


def _either(number: int) -> str:
    return "|".join([str(number), *words(number)])


def _of_date(was: str, now: str | None) -> list[str]:
    """The part of a date that changed, if it is one day, month or year."""
    parts = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", was)
    if parts is None:
        return [re.escape(was)]
    after = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", now or "")
    for place in (1, 2, 3):
        if parts[place] is None:
            break
        if after is None or parts[place] != after[place]:
            number = int(parts[place])
            return [_MONTH_NAMES[number - 1]] if place == 2 else [rf"\b{number}\b"]
    return [re.escape(dates.parse(was).value)]


_MONTH_NAMES = [
    rf"\b(?:{names})"
    for names in (
        *("January|январ|қаңтар", "February|феврал|ақпан", "March|март|наурыз"),
        *("April|апрел|сәуір", r"May\b|ма[йяе]\b|мамыр", "June|июн|маусым", "July|июл|шілде"),
        *("August|август|тамыз", "September|сентябр|қыркүйек", "October|октябр|қазан"),
        *("November|ноябр|қараша", "December|декабр|желтоқсан"),
    )
]

_ENGLISH = re.split(
    r"\s+",
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen""",
)
_ENGLISH_TENS = re.split(" ", "twenty thirty forty fifty sixty seventy eighty ninety")
_RUSSIAN = re.split(
    r"\s+",
    r"""нол\w+ од(?:ин|н\w+) дв(?:а|е|ух|ум|умя) тр(?:и|[её]х|[её]м) четыр(?:е|[её]х|[её]м)
    пят[ьи]ю? шест[ьи]ю? сем[ьи]ю? вос[ье]?м[ьи]ю? девят[ьи]ю? десят[ьи]ю? одиннадцат[ьи]
    двенадцат[ьи] тринадцат[ьи] четырнадцат[ьи] пятнадцат[ьи] шестнадцат[ьи] семнадцат[ьи]
    восемнадцат[ьи] девятнадцат[ьи]""",
)
_RUSSIAN_TENS = re.split(
    r"\s+",
    r"""двадцат[ьи] тридцат[ьи] сорока? пят[ьи]десяти? шест[ьи]десяти? сем[ьи]десяти?
    вос[ье]?м[ьи]десяти? девяност[оа]""",
)
_KAZAKH = re.split(" ", "нөл бір екі үш төрт бес алты жеті сегіз тоғыз")
_KAZAKH_TENS = re.split(" ", "он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан")


def words(number: int) -> list[str]:
    """Patterns of a number in words, in each language; none above 99 and below 2, as "one" is
    often no number."""
    if not 2 <= number <= 99:
        return []
    tens, ones = divmod(number, 10)
    if number < 20:
        english, russian = _ENGLISH[number], _RUSSIAN[number]
    else:
        english, russian = _ENGLISH_TENS[tens - 2], _RUSSIAN_TENS[tens - 2]
        if ones:
            english += rf"[\s-]{_ENGLISH[ones]}"
            russian += rf"\s*{_RUSSIAN[ones]}"
    kazakh = [_KAZAKH_TENS[tens - 1]] if tens else []
    if ones or not tens:
        kazakh.append(_KAZAKH[ones])
    return [english, russian, r"\s".join(kazakh)]
