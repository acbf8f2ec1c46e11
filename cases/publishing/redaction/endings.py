"""Endings that a name has in a text: of Люфт, Люфта and Люфтом."""

from collections.abc import Collection, Iterable

# Case endings stand behind a name: of Люфт, Люфта and Люфтом. Behind a long one also those of
# adjectives made of it: -овского.
SHORTEST_INFLECTED, LONGEST_ENDING = 4, 4
SHORTEST_DERIVED, LONGEST_DERIVED_ENDING = 6, 8
_VOWELS = "aeiou"


def is_form(heard: Collection[str], form: str) -> bool:
    """Whether a word, heard in any of these ways, is a word of a name, or has an ending more."""
    if form in heard:
        return True
    stem = stem_of(form)
    if len(stem) < SHORTEST_INFLECTED:
        return False
    longest = LONGEST_DERIVED_ENDING if len(stem) >= SHORTEST_DERIVED else LONGEST_ENDING
    return any(word.startswith(stem) and len(word) - len(stem) <= longest for word in heard)


def stem_of(form: str) -> str:
    """The part of a word that endings are added to: of Люфта, Люфт."""
    stem = form.rstrip(_VOWELS)
    return stem if len(stem) >= SHORTEST_INFLECTED else form


def stems(heard: Iterable[str]) -> set[str]:
    """Every form that a word may be, if it has an ending: `is_form` says yes to a form exactly if
    the form or its stem is among these."""
    return {
        word[: len(word) - cut]
        for word in heard
        for cut in range(LONGEST_DERIVED_ENDING + 1)
        if cut == 0
        or len(word) - cut >= (SHORTEST_INFLECTED if cut <= LONGEST_ENDING else SHORTEST_DERIVED)
    }
