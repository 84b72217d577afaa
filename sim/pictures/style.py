"""How every picture looks: colours, sizes, the line that says where it is from."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import matplotlib
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.files import plain_failure, sweep_up, write_whole
from sim.pictures.palette import DEATH_COLOUR, GRID, MUTED

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

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
    """A figure that notebooks show, whichever backend they have."""

    def _repr_png_(self) -> bytes:
        stream = BytesIO()
        self.savefig(stream, format="png", metadata={"Software": None})
        return stream.getvalue()


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of a size in inches, rendered by Agg."""
    figure = Picture(figsize=(width, height), dpi=DOTS_PER_INCH, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def head(figure: Figure, title: str, *lines: str) -> None:
    """Write the title of a picture, and below it how it is to be read."""
    height = figure.get_size_inches()[1]
    figure.text(0.01, 1 - 0.30 / height, shorten(title, 110), size=12, weight="bold")
    for place, text in enumerate(lines):
        y = 1 - (0.55 + 0.19 * place) / height
        figure.text(0.01, y, text, size=9, color=MUTED)


def sign(figure: Figure, scenario: Scenario, making: Making) -> None:
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
    height = figure.get_size_inches()[1]
    line = figure.text(0.01, 0.08 / height, " · ".join(parts), size=8.5, color=MUTED)
    if scenario.status in _NOTES:
        note = figure.text(
            0.99,
            0.08 / height,
            _NOTES[scenario.status],
            size=8.5,
            color=DEATH_COLOUR,
            ha="right",
        )
        if line.get_window_extent().x1 > note.get_window_extent().x0:
            note.set_y(0.25 / height)  # no room beside: above


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
