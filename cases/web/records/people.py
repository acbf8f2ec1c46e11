"""What to call the people of a case, and never more than was published."""

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from cases.web.records.values import Json
from cases.web.templatetags.words import in_language

# A whole name says more than initials, and those more than a letter.
KINDS = ("full", "initials", "letter")
# Scripts that readers of a language read with ease, best first.
SCRIPTS = {"en": ("Latn", "Cyrl"), "ru": ("Cyrl", "Latn"), "kk": ("Cyrl", "Latn")}


def name_of(person: Json) -> Json | None:
    """The published name that the reader reads best; null = none was published."""
    language = get_language() or "en"
    scripts = SCRIPTS[language]

    def rank(name: Json) -> tuple[int, bool, int]:
        script = scripts.index(name["script"]) if name["script"] in scripts else len(scripts)
        return KINDS.index(name["kind"]), name["language"] != language, script

    return min(person["names"], key=rank, default=None)


def called(person: Json) -> str:
    """Plain, for titles."""
    name = name_of(person)
    return name["text"] if name else nameless(person)


def called_here(person: Json) -> SafeString | str:
    """With its language, for the page."""
    name = name_of(person)
    return in_language(name["text"], name["language"]) if name else nameless(person)


def nameless(person: Json) -> str:
    return gettext("Name withheld") if person["name_withheld"] else gettext("Name not published")
