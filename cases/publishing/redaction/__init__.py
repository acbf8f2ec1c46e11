"""Redaction: a person's name and identity vanish from everything, past and present, for good.

`person` knows the name in all its forms, `bodies` takes it out of documents, `rows` out of the
working copy and of what the desk keeps, `memory` refuses its return; `redacting` does it all.
"""
