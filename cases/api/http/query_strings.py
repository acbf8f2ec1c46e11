"""Queries in one form, whatever the order of their parameters."""

from urllib.parse import unquote_plus


def canonical(query: str) -> str:
    """A query string with its parameters sorted by name.

    Values of one parameter keep their order, and nothing is written differently: two queries that
    become the same are answered with the same bytes.
    """
    if "&" not in query:
        return query
    return "&".join(sorted(query.split("&"), key=_name))


def _name(parameter: str) -> str:
    return unquote_plus(parameter.partition("=")[0])
