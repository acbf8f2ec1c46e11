"""A bar chart as SVG: the medians on a logarithmic scale, since they differ by hundreds."""

from html import escape
from math import log10

WIDTH, BAR, GAP, LEFT = 900, 16, 5, 330
OURS, OTHERS, LIMITS = "#1f6f54", "#9aa5b1", "#d8b45c"


def chart(title: str, groups: dict[str, list[tuple[str, float, str]]]) -> str:
    """groups: title of each → (name, answers a second, colour) from top to bottom."""
    most = max(value for rows in groups.values() for _, value, _ in rows)
    scale = (WIDTH - LEFT - 90) / log10(most)
    parts, y = [], 50
    for heading, rows in groups.items():
        parts.append(f'<text x="10" y="{y}" class="heading">{escape(heading)}</text>')
        y += 12
        for name, value, colour in rows:
            width = max(1.0, log10(max(value, 1.0)) * scale)
            middle = y + BAR - 4
            parts += [
                f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end">{escape(name)}</text>',
                f'<rect x="{LEFT}" y="{y}" width="{width:.0f}" height="{BAR}" fill="{colour}"/>',
                f'<text x="{LEFT + width + 6:.0f}" y="{middle}">{value:,.0f}</text>',
            ]
            y += BAR + GAP
        y += 26
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img">'
        "<style>text{font:12px sans-serif;fill:#333}.heading{font-weight:bold;font-size:13px}"
        f'</style><rect width="{WIDTH}" height="{y}" fill="#fff"/>'
        f'<text x="10" y="24" class="heading">{escape(title)}</text>{"".join(parts)}</svg>\n'
    )
