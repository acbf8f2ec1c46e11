"""Everything that the desk shows."""

from cases.admin import accounts, cases, quality, reference, sources

__all__ = ["accounts", "cases", "quality", "reference", "sources"]
