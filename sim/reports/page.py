"""The page that a report is: its parts, and the template that writes them as HTML.

One file, which opens without a network: style, script, data and pictures are inside it,
and a content security policy forbids the browser to load anything else. Jinja escapes
every text; data for the script stand in a JSON block in which no tag can begin.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sim.pictures.panel import Panel

FORM: Final = Path(__file__).resolve().parent / "form"
"""Template, style and script; package data."""


@dataclass(frozen=True)
class Passage:
    """Some sentences under a heading."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """An interactive chart; without JavaScript nothing of it is shown."""

    id: str
    title: str
    intro: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """A static picture, shown whether or not there is JavaScript."""

    title: str
    caption: str
    address: str
    """A ``data:`` address that holds the picture."""
    is_twin: bool = False
    """Whether an interactive chart shows the same, so that it is for no script only."""
    is_covered: bool = False
    """Whether charts or tables show the same, so that a narrow screen has no need."""
    narrow: str = ""
    """The picture that a narrow screen shows in its place, an address likewise."""


@dataclass(frozen=True)
class Cells:
    """A table as text."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    """Places of the columns of numbers."""
    note: str = ""


@dataclass(frozen=True)
class Section:
    """One part of the page, reached from the list on top."""

    id: str
    title: str
    intro: str = ""
    charts: tuple[Chart, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Cells, ...] = ()
    is_searchable: bool = False
    """Whether a box above its tables narrows their rows."""
    folded: tuple[Cells, ...] = ()
    """Tables that are shown on demand."""
    passages: tuple[Passage, ...] = ()
    """Sentences that are shown on demand."""
    sources: tuple[Any, ...] = ()
    """Entries of the bibliography."""
    code: tuple[tuple[str, str], ...] = ()
    """Headings and texts that are shown on demand as they are."""


@dataclass(frozen=True)
class Headline:
    """What stands on top of a report, and is the whole of a brief."""

    answer: tuple[str, ...]
    would_change: tuple[str, ...]
    how_sure: tuple[str, ...]
    policies: tuple[str, ...] = ()
    """What each policy is, one line each."""
    assumptions: tuple[str, ...] = ()
    """What the answer takes for granted."""
    command: str = ""
    """What a reader runs next, to be copied; `would_change` ends in what it does."""
    panels: tuple[Panel, ...] = ()
    """What the picture of a brief shows."""
    table: Cells | None = None
    """The few figures of a brief."""
    figures: tuple[dict[str, Any], ...] = ()
    """All figures, one row a line of a spreadsheet."""


@dataclass(frozen=True)
class Page:
    """A report before it is written."""

    kind: str
    """What it reports: a run, a comparison, a sweep."""
    title: str
    question: str
    headline: Headline
    """The answer in three sentences, what would change it, and how sure it is."""
    caution: str
    """Why not to rely on it; empty when checked."""
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...] = field(default=())
    horizon: str = ""
    """Over which days the question is asked, such as "over 60 days"."""


def rendered(
    page: Page, form: str = "report.html.j2", picture: Picture | None = None
) -> str:
    """Return a page as HTML, in the form of a report or of a brief with its picture."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    room = Environment(
        loader=FileSystemLoader(FORM),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_unbroken,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room.filters["breakable"] = _breakable
    style = (FORM / "report.css").read_text("utf-8")
    names = ("axes.js", "charts.js", "report.js")
    script = "".join((FORM / name).read_text("utf-8") for name in names)
    script = f'(function () {{\n"use strict";\n{script}}})();\n'
    charts = {c.id: c.data for section in page.sections for c in section.charts}
    return room.get_template(form).render(
        page=page,
        picture=picture,
        style=Markup(style),  # our own file
        script=Markup(script),  # our own file
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        data=Markup(json_block(charts)),  # holds no < > &
    )


def _unbroken(value: Any) -> Any:
    """Keep a number and its percent sign on one line; leave our own files alone."""
    return value.replace(" %", "\u00a0%") if type(value) is str else value


def _breakable(text: str) -> Any:
    """Let a long path break after its dots and underscores, and nowhere else."""
    from markupsafe import Markup, escape

    if " " in text or not any(sign.isalpha() for sign in text):
        return text
    broken = str(escape(text)).replace(".", ".<wbr>").replace("_", "_<wbr>")
    return Markup(broken)  # escaped above


def json_block(data: Any) -> str:
    r"""Return data as JSON that can stand in a script element.

    >>> json_block({"a": ["</script>", float("nan"), 1.0]})
    '{"a":["\\u003c/script\\u003e",null,1]}'
    """
    text = json.dumps(
        short_numbers(data), ensure_ascii=True, allow_nan=False, separators=(",", ":")
    )
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def short_numbers(data: Any) -> Any:
    """Return data with numbers of six digits; null for what is not finite."""
    if isinstance(data, dict):
        return {str(key): short_numbers(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [short_numbers(value) for value in data]
    if isinstance(data, float):
        if not isfinite(data):
            return None
        return (
            int(data)
            if data.is_integer() and abs(data) < 1e15
            else float(f"{data:.6g}")
        )
    return data


def picture_of(file: Path, title: str, caption: str, **more: Any) -> Picture:
    """Return an SVG file as a picture that is part of the page."""
    return Picture(title, caption, address_of(file.read_bytes()), **more)


def address_of(svg: bytes) -> str:
    """Return an SVG as an address that holds it."""
    return f"data:image/svg+xml;base64,{b64encode(svg).decode()}"
