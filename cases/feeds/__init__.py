"""Atom feeds of what changes: of the whole ledger, and of any selection of records.

Readers of feeds keep entries for ever, where no redaction reaches them. So an entry says no name
and no text about a person: what a record is, where it stands, and where to read it.
"""
