"""Everything that the desk shows."""

from cases.admin import accounts, cases, keys, quality, reference, sources

__all__ = ["accounts", "cases", "keys", "quality", "reference", "sources"]
