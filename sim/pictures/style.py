"""How every picture looks: colours, sizes, the line that says where it is from."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from itertools import accumulate
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import matplotlib
import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure

from sim.files import plain_failure, sweep_up, write_whole
from sim.pictures.palette import DEATH_COLOUR, GRID, MUTED

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping
    from pathlib import Path

    from matplotlib.text import Text

    from sim.scenario.scenario import Scenario

    Pictures = Mapping[str, Callable[[], Figure]]
    """What plots each of several pictures, by name."""

DOTS_PER_INCH: Final = 100
"""A picture 12 inches wide is 1200 pixels wide."""

_STYLE: Final[dict[Any, Any]] = {
    # The first comes with matplotlib: texts are as wide wherever they are plotted. The
    # other is for whoever shows an SVG and has not got it.
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 10.0,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "svg.hashsalt": "escalade",  # names inside an SVG are hashes; the same every time
    "svg.fonttype": "none",  # text stays text: it can be searched, and compared
    "path.simplify": False,
}


_NOTES: Final = {
    "draft": "DRAFT: the numbers of whoever wrote it",
    "provisional": "PROVISIONAL: not yet checked by a second coding",
}
"""What a picture says of a scenario that is not checked, by its status."""


class Making(NamedTuple):
    """Where the numbers of a picture come from."""

    root_seed: int
    replications: str
    """Such as ``1000 replications`` or ``replication 412``."""
    until: float
    """Days simulated."""
    changes: tuple[str, ...] = ()
    """``path=value`` of what differs from the file."""


@contextmanager
def house_style() -> Generator[None]:
    """Plot in the house's style, whatever the user's own settings are."""
    with rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


class Picture(Figure):
    """A figure that notebooks show, and whose head and foot stay where they belong.

    At any size, and with any title (``figure.suptitle``), the margins keep their
    inches: what lies between them gives way. Head and foot wrap where they are too
    long, and titles of axes (``axes.set_title``) get room below the head.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.head: list[Text] = []
        """Title, and the lines below it."""
        self.foot: list[Text] = []
        """Where it is from, and whether that is provisional."""
        self._plain: dict[Text, tuple[str, str]] = {}
        self._room = (0.0, 0.0)

    def suptitle(self, t: str, **kwargs: Any) -> Text:
        """Set the title, at its place."""
        if not self.head:
            self.head = [self.text(0.01, 1.0, "", size=12, weight="bold")]
            self._suptitle = self.head[0]
        self.head[0].set(text=t, **kwargs)
        self.place()
        return self.head[0]

    def set_size_inches(
        self, w: Any, h: float | None = None, forward: bool = True
    ) -> None:
        """Change the size, and keep the margins."""
        margins, old = self._margins(), self.get_size_inches()
        super().set_size_inches(w, h, forward)
        self._keep(old, margins, margins)
        self.place()

    def draw(self, renderer: Any) -> None:
        """Draw it, once there is room for head and foot."""
        self._make_room(renderer)
        super().draw(renderer)

    def _make_room(self, renderer: Any) -> None:
        """Wrap head and foot, and let what is between them give way."""
        width, height = self.bbox.width, self.get_size_inches()[1]
        for text in self.head:
            self._wrap(text, 0.98 * width, renderer)
        for text in self.foot:
            self._wrap(text, 0.98 * width, renderer)
        widths = [text.get_window_extent(renderer).width for text in self.foot]
        self._is_stacked = sum(widths) > 0.97 * width
        below = self.place()
        n_lines = len(self.head) - 1
        before = 0.42 + _ROWS * n_lines if n_lines else 0.36  # were no row wrapped
        crossed = [
            each.get_window_extent(renderer).y1 / self.dpi - height + below
            for axes in self.axes
            for each in (axes.title, axes._left_title, axes._right_title)  # pyright: ignore
            if self.head and each.get_text()
        ]
        top = max([below - before, *(self._room[0] + by for by in crossed if by > 0)])
        rows = sum(_rows(text) for text in self.foot) if self._is_stacked else 1
        room = (max(top, 0.0) if self.head else 0.0, _ROW * max(rows - _FOOT_ROWS, 0))
        if max(abs(a - b) for a, b in zip(room, self._room, strict=True)) > 1e-3:
            left, bottom, right, over = self._margins()
            grown = (
                left,
                bottom + room[1] - self._room[1],
                right,
                over + room[0] - self._room[0],
            )
            size = self.get_size_inches()
            self._keep(size, (left, bottom, right, over), grown)
            self._room = room

    def _wrap(self, text: Text, most: float, renderer: Any) -> None:
        plain, wrapped = self._plain.get(text, ("", ""))
        if text.get_text() != wrapped:
            plain = text.get_text()
        text.set_text(plain)
        wide = text.get_window_extent(renderer).width
        if wide > most:
            text.set_text("\n".join(wrap(plain, int(0.97 * len(plain) * most / wide))))
        self._plain[text] = plain, text.get_text()

    _is_stacked = False

    def place(self) -> float:
        """Put head and foot at their places; return the inches down to below the head.

        Matplotlib places texts of several rows by the last.
        """
        height = self.get_size_inches()[1]
        y = last = 0.30
        for place, text in enumerate(self.head):
            last = y + (_rows(text) - 1) * (_ROW if place else 0.22)
            text.set_y(1 - last / height)
            y = last + (_ROWS if place else 0.25)
        up = 0.08
        for text in reversed(self.foot) if self._is_stacked else self.foot:
            text.set_y(up / height)
            up += _ROW * _rows(text) if self._is_stacked else 0.0
        return last + 0.06

    def _margins(self) -> tuple[float, float, float, float]:
        """Return the inches left of all axes, below, right and above."""
        width, height = self.get_size_inches()
        boxes = [axes.get_position(original=True) for axes in self.axes]
        if not boxes:
            return 0.0, 0.0, 0.0, 0.0
        return (
            min(box.x0 for box in boxes) * width,
            min(box.y0 for box in boxes) * height,
            (1 - max(box.x1 for box in boxes)) * width,
            (1 - max(box.y1 for box in boxes)) * height,
        )

    def _keep(
        self,
        old: Any,
        before: tuple[float, float, float, float],
        after: tuple[float, float, float, float],
    ) -> None:
        """Move all that has a place: margins of `before` become those of `after`.

        Gaps between axes keep their inches too; the axes themselves give way.
        """
        size = self.get_size_inches()
        boxes = [axes.get_position(original=True).get_points() for axes in self.axes]
        ends: list[tuple[list[float], list[float]]] = []
        for n in (0, 1):
            spans = _joined((box[0][n] * old[n], box[1][n] * old[n]) for box in boxes)
            was = [0.0, *(x for span in spans for x in span), float(old[n])]
            steps = np.diff(was)
            steps[0] += after[n] - before[n]
            steps[-1] += after[n + 2] - before[n + 2]
            filled, gaps = sum(steps[1::2]), sum(steps[::2])
            if filled and size[n] - gaps > 0.5:
                steps[1::2] *= (size[n] - gaps) / filled
            else:  # no room for the gaps: all shrinks alike
                steps *= size[n] / sum(steps)
            ends.append((was, [0.0, *accumulate(map(float, steps))]))

        def moved(n: int, share: float) -> float:
            return float(np.interp(share * old[n], *ends[n])) / size[n]

        for axes in self.axes:
            (x0, y0), (x1, y1) = axes.get_position(original=True).get_points()
            x0, y0, x1, y1 = moved(0, x0), moved(1, y0), moved(0, x1), moved(1, y1)
            axes.set_position((x0, y0, x1 - x0, y1 - y0))
        for text in self.texts:
            if text not in (*self.head, *self.foot):
                x, y = text.get_position()
                text.set_position((moved(0, x), moved(1, y)))
        for legend in self.legends:
            box = legend.get_bbox_to_anchor().transformed(self.transFigure.inverted())
            if not box.width:  # else it is anchored to the whole
                place = moved(0, box.x0), moved(1, box.y0)
                legend.set_bbox_to_anchor(place, self.transFigure)

    def _repr_png_(self) -> bytes:
        stream = BytesIO()
        self.savefig(stream, format="png", metadata={"Software": None})
        return stream.getvalue()


_ROWS: Final = 0.19
"""Inches between two lines of a head."""
_ROW: Final = 0.17
"""Inches between two rows of a line that is wrapped."""
_FOOT_ROWS: Final = 2
"""Rows of a foot for which every picture has room."""


def _joined(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return spans in order, those that touch as one.

    >>> _joined([(3.0, 4.0), (0.0, 1.0), (0.5, 2.0)])
    [(0.0, 2.0), (3.0, 4.0)]
    """
    joined: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return joined


def _rows(text: Text) -> int:
    return text.get_text().count("\n") + 1


def new_figure(width: float, height: float) -> Picture:
    """Return an empty figure of a size in inches, rendered by Agg."""
    figure = Picture(figsize=(width, height), dpi=DOTS_PER_INCH, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def head(figure: Picture, title: str, *lines: str) -> None:
    """Write the title of a picture, and below it how it is to be read."""
    figure.suptitle(title)
    figure.head += [figure.text(0.01, 1.0, text, size=9, color=MUTED) for text in lines]
    figure.place()


def sign(figure: Picture, scenario: Scenario, making: Making) -> None:
    """Write below a picture where it is from, and whether it is provisional."""
    try:
        program = f"escalade {version('escalade')}"
    except PackageNotFoundError:
        program = "escalade"
    parts = [
        f"Scenario {scenario.name} ({scenario.status}), digest {scenario.digest[:12]}",
        f"root_seed {making.root_seed}",
        making.replications,
        f"{making.until:g} days",
        program,
    ]
    if making.changes:
        parts.insert(1, "changed: " + shorten(", ".join(making.changes), 60))
    line = " · ".join(parts)
    figure.foot = [figure.text(0.01, 0.0, line, size=8.5, color=MUTED)]
    if note := _NOTES.get(scenario.status):
        looks: dict[str, Any] = {"size": 8.5, "color": DEATH_COLOUR, "ha": "right"}
        figure.foot.insert(0, figure.text(0.99, 0.0, note, **looks))
    figure.place()


def shorten(text: str, most: int) -> str:
    """Return a text of at most so many characters.

    >>> shorten("a long label", 7)
    'a long…'
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


_METADATA: Final[dict[str, dict[str, Any]]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}
"""What a file would say of its making, taken out."""


def save(figure: Figure, stem: Path) -> list[Path]:
    """Write a figure as SVG and PNG; equal figures give equal bytes.

    The stem is a path without suffix. Plot the figure within `house_style`.
    """
    files: list[Path] = []
    for suffix, words in _METADATA.items():
        file = stem.with_name(f"{stem.name}.{suffix}")
        with plain_failure(file):
            stem.parent.mkdir(parents=True, exist_ok=True)
            sweep_up(file)
        write_whole(
            file,
            lambda stream, suffix=suffix, words=words: figure.savefig(
                stream, format=suffix, metadata=words
            ),
        )
        files.append(file)
    return files


def figure_bytes(plot: Callable[[], Figure], form: str = "svg") -> bytes:
    """Plot a figure in the house's style; return it as ``svg``, or ``png`` to print.

    Equal figures give equal bytes.
    """
    stream = BytesIO()
    with house_style():
        plot().savefig(stream, format=form, metadata=_METADATA[form], dpi=250)
    return stream.getvalue()


def plot_and_save(plot: Callable[[], Figure], stem: Path) -> list[Path]:
    """Plot a figure in the house's style and write it."""
    with house_style():
        return save(plot(), stem)


def save_all(pictures: Pictures, folder: Path) -> list[Path]:
    """Plot figures one by one, and write each into a folder under its name."""
    files: list[Path] = []
    for name, plot in pictures.items():
        files += plot_and_save(plot, folder / name)
    return files


def on_dates(scenario: Scenario) -> Callable[[float], float]:
    """Return what gives a day of a scenario its place on an axis of dates."""
    midnight = datetime.combine(scenario.start, time())

    def at(days: float) -> float:
        return float(date2num(midnight + timedelta(days=days)))

    return at


def write_dates(axes: Any, least: int, most: int) -> None:
    """Write dates below an axis, so many as there is room for."""
    locator = AutoDateLocator(minticks=least, maxticks=most)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
