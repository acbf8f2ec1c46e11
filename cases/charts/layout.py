"""The whole picture: title, what is selected, the drawing, notes, and where it is from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from cases.api.exports.response import LICENCE
from cases.api.request.snapshots import Snapshot
from cases.charts.look import FONT, MARGIN, Look
from cases.charts.rendering import printable
from cases.charts.words import day

Spec = dict[str, Any]


@dataclass(frozen=True)
class Drawing:
    """What a chart says. spec: Vega-Lite, null = nothing is selected. numbers: the same in words,
    for who cannot see it. notes: what must be known to read it."""

    title: str
    spec: Spec | None
    numbers: Sequence[str] = ()
    notes: Sequence[str] = field(default=())


class Style(NamedTuple):
    size: int
    leading: int
    bold: bool = False


TITLE, SUBTITLE, NOTE = Style(21, 27, True), Style(14, 20), Style(12, 17)
# Numbers that are read out; a picture with more of them is better read as data.
MOST_READ = 60


class Line(NamedTuple):
    text: str
    x: int
    y: int
    style: Style
    fill: str


def framed(
    drawing: Drawing, plot: str, selection: list[str], look: Look, snapshot: Snapshot
) -> str:
    """SVG. plot: that of the drawing, "" = there is none."""
    lines: list[Line] = []
    subtitle = " · ".join(selection) or gettext("All that is published")
    y = _set(lines, [drawing.title], TITLE, look.text, look, MARGIN)
    y = _set(lines, [subtitle], SUBTITLE, look.muted, look, y + 4) + 14
    top = y
    if plot:
        y += int(float(re.search(r'height="([0-9.]+)"', plot)[1]))  # type: ignore[index]
    else:
        y = _set(
            lines,
            [gettext("There is nothing to draw for this selection.")],
            SUBTITLE,
            look.text,
            look,
            y,
        )
    y = _set(lines, drawing.notes, NOTE, look.muted, look, y + 12) + 14
    rule = y
    y = _set(lines, [source(snapshot)], NOTE, look.muted, look, y + 10)
    read = list(drawing.numbers[:MOST_READ])
    if len(drawing.numbers) > MOST_READ:
        read.append("…")
    return render_to_string(
        "charts/frame.svg",
        {
            "lang": get_language(),
            "title": printable(f"{drawing.title}. {subtitle}"),
            "description": printable("; ".join([*read, *drawing.notes, source(snapshot)])),
            "font": FONT,
            "width": look.width,
            "height": y + MARGIN - 8,
            "look": look,
            "lines": lines,
            "margin": MARGIN,
            "right": look.width - MARGIN,
            "rule": rule,
            # Vega escapes what it draws.
            "plot": mark_safe(  # nosec B308 B703
                plot.replace("<svg ", f'<svg x="{MARGIN}" y="{top}" ', 1)
            ),
        },
    )


def source(snapshot: Snapshot) -> str:
    if snapshot.published_at is None:
        said = gettext("Nothing is published yet.")
    else:
        at = {"number": snapshot.publication, "date": day(snapshot.published_at)}
        said = gettext("publication %(number)s, %(date)s") % at
    return f"{gettext('Source')}: Cases API, {said} · {LICENCE[0]}"


def _set(
    lines: list[Line], texts: Iterable[str], style: Style, fill: str, look: Look, top: int
) -> int:
    """Sets texts one below the other, broken into lines; the place below them."""
    for text in texts:
        for part in broken(printable(text), look.inner, style.size, bold=style.bold):
            top += style.leading
            lines.append(Line(part, MARGIN, top - (style.leading - style.size) // 2, style, fill))
    return top


def broken(text: str, width: int, size: int, *, bold: bool = False) -> list[str]:
    """The text in lines that fit into a width."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and extent(longer, size, bold=bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


NARROW, WIDE = "ijl.,:;'|!()[]ftrI· іІ-", "mwMWжшщюыфмЖШЩЮЫФМ@%—ңҢ"


def extent(text: str, size: int, *, bold: bool = False) -> float:
    """About how wide a text is, rather too much than too little."""
    units = sum(
        0.31 if sign in NARROW else 0.84 if sign in WIDE else 0.71 if sign.isupper() else 0.565
        for sign in text
    )
    return units * size * (1.06 if bold else 1)
