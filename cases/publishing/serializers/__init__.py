"""The shapes of published objects: what of a row goes out, under which name.

Every field here is public. Unknown is null; an empty list means that none is known.
"""
