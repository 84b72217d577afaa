"""A report on one page, to be sent on: HTML, PDF, and a table for spreadsheets."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from html import escape
from io import BytesIO, StringIO
from math import isnan
from typing import TYPE_CHECKING, Any, Final

from sim.files import write_bytes
from sim.pictures.brief import font_file, panels_picture
from sim.reports.page import Picture, address_of, rendered
from sim.reports.report import page_of
from sim.rules.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.outcomes.own import OwnOutcome
    from sim.reports.page import Cells, Page
    from sim.rules.behaviour import Kind

NAME: Final = "brief"
_WIDEST: Final = 30.0
"""Letters of a cell of the sheet of paper from which it has more lines, not more room.
"""
_ZOOMS: Final = tuple(percent / 100.0 for percent in range(100, 44, -4))
"""How large the sheet of paper is written: the first with which all is on it."""


@dataclass(frozen=True)
class Brief:
    """The files of a brief, and what it says."""

    html: Path
    """The page, which opens without a network."""
    pdf: Path
    """The same on one sheet of A4."""
    table: Path
    """The figures as CSV, to four digits, for spreadsheets."""
    question: str
    answer: tuple[str, ...]
    """A few sentences."""
    would_change: tuple[str, ...]
    how_sure: tuple[str, ...]
    assumptions: tuple[str, ...] = ()
    """What the answer takes for granted, as an experiment's file says."""
    command: str = ""
    """What a reader runs next; empty where nothing was left to be asked."""

    def __repr__(self) -> str:
        return f"<Brief: {self.html}, {self.pdf.name} and {self.table.name} beside it>"

    def _repr_html_(self) -> str:
        points = (
            *self.answer, *self.assumptions, *self.would_change, *self.how_sure
        )  # fmt: skip
        listed = "".join(f"<li>{escape(text)}</li>" for text in points)
        files = ", ".join(str(file) for file in (self.html, self.pdf, self.table))
        head = escape(self.question or self.html.stem)
        return f"<p><b>{head}</b></p><ul>{listed}</ul><p>{escape(files)}</p>"


def write_brief(
    path: Path,
    out: Path | None = None,
    *,
    question: str = "",
    kinds: Mapping[str, Kind] = KINDS,
    own: Mapping[str, OwnOutcome] | None = None,
) -> Brief:
    """Write the brief of a run, a comparison or a sweep.

    Parameters
    ----------
    path
        The folder that it left.
    out
        Folder for ``brief.html``, ``brief.pdf`` and ``brief.csv``; by default that of
        the study.
    question
        In place of the one that the folder says was asked.
    kinds, own
        Kinds of actor, and outcomes, of the user's own that the study used.

    Returns
    -------
    Brief
        The three files, and the sentences.

    Raises
    ------
    StudyError
        If the folder holds no study, or an incomplete one.
    RunError
        If a part cannot be read, or a file not be written.
    """
    folder = path if out is None else out
    page = page_of(path, question, kinds, own)
    files = [folder / f"{NAME}.{suffix}" for suffix in ("html", "pdf", "csv")]
    html, pdf, table = files
    picture = None
    if panels := page.headline.panels:
        title = "; ".join(panel.title for panel in panels)
        picture = Picture(title, "", address_of(panels_picture(panels, "svg")))
    write_bytes(html, rendered(page, "brief.html.j2", picture=picture).encode())
    write_bytes(pdf, _pdf(page))
    write_bytes(table, _csv(page.headline.figures).encode("utf-8-sig"))
    top = page.headline
    return Brief(
        html=html,
        pdf=pdf,
        table=table,
        question=page.question,
        answer=top.answer,
        would_change=top.would_change,
        how_sure=top.how_sure,
        assumptions=top.assumptions,
        command=top.command,
    )


def _csv(rows: tuple[dict[str, Any], ...]) -> str:
    """Return rows as CSV: numbers to four digits, blank where undefined."""
    text = StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = csv.DictWriter(text, names, lineterminator="\r\n")
    table.writeheader()
    for row in rows:
        table.writerow({name: _plain(value) for name, value in row.items()})
    return text.getvalue()


def _plain(value: Any) -> Any:
    """Return a cell: of nan nothing, of a large number every whole digit."""
    if not isinstance(value, float):
        return value
    if isnan(value):
        return ""
    return f"{value:.0f}" if abs(value) >= 1e4 else f"{value:.4g}"


def _pdf(page: Page) -> bytes:
    """Return a brief as one sheet of A4, the same bytes every time."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Frame

    stream = BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    canvas.setTitle(page.title)
    canvas.setSubject(page.question)
    canvas.setCreator("escalade")
    margins, size = (16 * mm, 13 * mm), (A4[0] - 32 * mm, A4[1] - 26 * mm)

    def fits(zoom: float, on: Canvas) -> bool:
        """Write the sheet as large as that; return whether it holds all."""
        on.scale(zoom, zoom)
        left, bottom, width, height = (x / zoom for x in (*margins, *size))
        frame = Frame(left, bottom, width, height, 0, 0, 0, 0, showBoundary=0)
        rest = _flow(page, width)
        frame.addFromList(rest, on)
        return not rest

    zoom = next((z for z in _ZOOMS if fits(z, Canvas(BytesIO()))), _ZOOMS[-1])
    fits(zoom, canvas)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _flow(page: Page, width: float) -> list[Any]:
    """Return what stands on the sheet, from top to bottom."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Image, Spacer, Table

    for name, is_bold in (("Sans", False), ("SansBold", True)):
        registerFont(TTFont(name, str(font_file(bold=is_bold))))
    registerFontFamily("Sans", normal="Sans", bold="SansBold")
    muted = HexColor("#55585e")
    plain = ParagraphStyle("plain", fontName="Sans", fontSize=9, leading=12.4,
                           spaceAfter=4)  # fmt: skip
    title = ParagraphStyle("title", plain, fontName="SansBold", fontSize=15, leading=19)
    head = ParagraphStyle("head", plain, fontName="SansBold", fontSize=9,
                          textColor=muted, spaceBefore=5, spaceAfter=2)  # fmt: skip
    large = ParagraphStyle("large", plain, fontSize=10.2, leading=14)
    small = ParagraphStyle("small", plain, fontSize=7.4, leading=9.6, textColor=muted)
    warm = ParagraphStyle("warm", plain, backColor=HexColor("#fff3e8"), borderPadding=4,
                          spaceBefore=4, spaceAfter=8)  # fmt: skip
    code = ParagraphStyle("code", plain, fontSize=8, leading=10.4, borderPadding=3,
                          backColor=HexColor("#f4f6f8"), spaceBefore=3,
                          spaceAfter=6)  # fmt: skip
    top = page.headline
    asked = page.question + (f" ({page.horizon})" if page.horizon else "")
    flow: list[Any] = [_text(page.title, title)]
    if page.caution:
        flow.append(_text(f"Caution. {page.caution}", warm))
    flow += [_text("The question", head), _text(asked, plain)]
    flow.append(_text("The answer", head))
    flow += [_text(sentence, large) for sentence in top.answer]
    if top.policies:
        flow.append(_text("The policies", head))
        flow += [_text(line, plain) for line in top.policies]
    if top.assumptions:
        flow.append(_text("What it takes for granted", head))
        flow += [_text(line, plain) for line in top.assumptions]
    if top.table is not None:
        flow += [Spacer(0, 4), _grid(top.table, width, small), Spacer(0, 2)]
        flow += [_text(top.table.note, small)] if top.table.note else []
    beside: list[Any] = [_text("What would change it", head)]
    beside += [_text(sentence, plain) for sentence in top.would_change]
    beside += [_text(top.command, code)] if top.command else []
    beside.append(_text("How sure it is", head))
    beside += [_text(sentence, plain) for sentence in top.how_sure]
    if top.panels:
        picture = Image(BytesIO(panels_picture(top.panels, "png")))
        scale = 0.47 * width / picture.imageWidth
        picture.drawWidth, picture.drawHeight = (
            scale * picture.imageWidth, scale * picture.imageHeight,
        )  # fmt: skip
        columns = Table([[picture, beside]], colWidths=[0.49 * width, 0.51 * width])
        columns.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"),
                          ("LEFTPADDING", (0, 0), (-1, -1), 0),
                          ("RIGHTPADDING", (0, 0), (-1, -1), 0)])  # fmt: skip
        flow.append(columns)
    else:
        flow += beside
    facts = " · ".join(f"{name}: {value}" for name, value in page.facts)
    flow += [Spacer(0, 4), _text(f"{facts} · escalade", small)]
    return flow


def _text(text: str, style: Any) -> Any:
    from xml.sax.saxutils import escape

    from reportlab.platypus import Paragraph

    return Paragraph(escape(text.replace(" %", "\u00a0%")), style)


def _grid(table: Cells, width: float, style: Any) -> Any:
    """Return a table of text, its columns as wide as what is in them asks for."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Table

    ink = ParagraphStyle("ink", style, textColor=HexColor("#1d1d1f"), spaceAfter=0)
    right = ParagraphStyle("right", ink, alignment=TA_RIGHT)
    bold = ParagraphStyle("bold", ink, fontName="SansBold")
    bold_right = ParagraphStyle("bold right", bold, alignment=TA_RIGHT)
    n = set(table.numbers)
    rows = [
        [_text(x, bold_right if k in n else bold) for k, x in enumerate(table.heads)]
    ]
    rows += [
        [_text(x, right if k in n else ink) for k, x in enumerate(row)]
        for row in table.rows
    ]
    columns = [table.heads, *table.rows]
    longest = [max(len(row[k]) for row in columns) for k in range(len(table.heads))]
    widths = [min(max(10.0, letters), _WIDEST) for letters in longest]
    grid = Table(rows, colWidths=[width * x / sum(widths) for x in widths])
    line = HexColor("#d5d8dd")
    grid.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, line),
                   ("VALIGN", (0, 0), (-1, -1), "TOP"),
                   ("TOPPADDING", (0, 0), (-1, -1), 1.6),
                   ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
                   ("LEFTPADDING", (0, 0), (-1, -1), 3),
                   ("RIGHTPADDING", (0, 0), (-1, -1), 3)])  # fmt: skip
    return grid
