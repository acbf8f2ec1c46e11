"""Entity tags as clients send them back."""

import re


def tags(if_none_match: str) -> list[str]:
    """The tags in If-None-Match, as they were before compression, which marks them."""
    return [plain(tag.strip()) for tag in if_none_match.split(",")]


def coded(tag: str, coding: str | None) -> str:
    """The tag of an answer as it was compressed: other bytes, another strong tag. coding: None or
    identity = it was not."""
    return f'{tag[:-1]}-{coding}"' if coding and coding != "identity" else tag


def plain(tag: str) -> str:
    """A tag of the answer itself out of that of a compressed one."""
    return re.sub('-(gzip|br|zstd)"$', '"', tag.removeprefix("W/"))
