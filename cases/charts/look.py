"""How charts look: sizes in pixels, and colours that are told apart by people who see few."""

from dataclasses import dataclass
from typing import Any

# The one that comes with the renderer, so a picture is the same on every machine, in Cyrillic and
# Kazakh too. Arial has the same widths, so an SVG fits where this font is not installed.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
MARGIN = 24

THEMES = ["light", "dark"]
DEFAULT_WIDTH, LEAST_WIDTH, MOST_WIDTH = 800, 320, 1600


@dataclass(frozen=True)
class Look:
    """width: of the whole picture. series: colours of what is compared, the first for one alone."""

    width: int
    background: str
    text: str
    muted: str
    grid: str
    series: tuple[str, ...]

    @property
    def inner(self) -> int:
        return self.width - 2 * MARGIN

    @property
    def config(self) -> dict[str, Any]:
        """Of Vega-Lite."""
        axis = {
            "labelColor": self.text,
            "titleColor": self.muted,
            "gridColor": self.grid,
            "domainColor": self.muted,
            "tickColor": self.muted,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
        }
        return {
            "font": FONT,
            "background": "transparent",
            "view": {"stroke": None},
            "axis": axis,
            "legend": {
                "labelColor": self.text,
                "titleColor": self.muted,
                "labelFontSize": 12,
                "labelLimit": self.inner - 70,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
            },
            "range": {"category": list(self.series)},
        }


# After Okabe and Ito, darkened or lightened to stand out from the background.
LIGHT = {
    "background": "#ffffff",
    "text": "#1a1a1a",
    "muted": "#595959",
    "grid": "#e3e3e3",
    "series": ("#0067a3", "#b35900", "#00785a", "#9a4a80", "#6b6b00", "#3f3f9f", "#7a2e2e"),
}
DARK = {
    "background": "#15181d",
    "text": "#f1f1f1",
    "muted": "#b4b8bf",
    "grid": "#363b43",
    "series": ("#63b3e8", "#f0a040", "#3ec9a0", "#e29ac6", "#d8d450", "#a3a3f5", "#e08a8a"),
}


def look(theme: str, width: int) -> Look:
    return Look(width=width, **(DARK if theme == "dark" else LIGHT))  # type: ignore[arg-type]
