"""Where figures go: the page on performance, between marks of their own."""

from casesapi.postgres.state_dir import CHECKOUT

DOCS = CHECKOUT / "docs"


def write(begin: str, end: str, text: str) -> None:
    """Puts the text in place of what stands between the marks."""
    page = DOCS / "performance.md"
    before, _, rest = page.read_text().partition(begin)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}")
