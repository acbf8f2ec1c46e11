"""Entity tags as clients send them back."""

import re


def tags(if_none_match: str) -> list[str]:
    """The tags in If-None-Match, as they were before compression, which marks them."""
    return [plain(tag.strip()) for tag in if_none_match.split(",")]


def plain(tag: str) -> str:
    """A tag of the answer itself out of that of a compressed one."""
    return re.sub('-(gzip|br|zstd)"$', '"', tag.removeprefix("W/"))
