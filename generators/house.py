"""The house: which rooms the package has, and the arrows between them.

Rows are the layers of the contract in ``pyproject.toml``, arrows are what modules
import, words are those of each room's ``__init__``. All is read from the package as it
lies; nothing is written here that it does not say.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import grimp
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Curve
from model_tables import code, table

from sim.pictures.palette import MUTED
from sim.pictures.style import house_style

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURE: Final = ROOT / "docs" / "pictures" / "house.svg"

Arrow = tuple[str, str]
"""A room, and one that it imports."""

WIDTH, HEIGHT, BEND, SPACE, ROW = 2.0, 0.54, 0.1, 0.2, 0.96
"""Of a box, of the place of an arrow that passes a row, and between; in units."""
INCH: Final = 0.72
ORDERS, SWEEPS = 60, 60
FOLDER_COLOUR, FILE_COLOUR, ARROW_COLOUR = "#dcebf5", "#ffffff", "#8a8a8a"


class Room(NamedTuple):
    """A folder of the package, or a single file of it."""

    name: str
    files: int
    """0 for a room that is one file."""
    lines: int
    lives: str
    """What lives there."""
    barred: str
    """What may not enter."""


# What there is.


def layers() -> list[list[str]]:
    """Return the rows of the contract of layers, from the top down."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (contract,) = (each for each in contracts if each["type"] == "layers")
    return [
        [name.strip(" ()") for name in re.split(r"[|:]", row)]
        for row in contract["layers"]
    ]


def rooms() -> dict[str, Room]:
    """Return every room, from the top down."""
    return {name: _room(name) for row in layers() for name in row}


def _room(name: str) -> Room:
    folder = ROOT / "sim" / name
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else []
    first = folder / "__init__.py" if files else folder.with_suffix(".py")
    texts = [file.read_text("utf-8") for file in files or [first]]
    parts = (ast.get_docstring(ast.parse(first.read_text("utf-8"))) or "").split("\n\n")
    lives, barred = (" ".join(part.split()) for part in (*parts, "", "")[:2])
    return Room(
        name=name,
        files=len(files),
        lines=sum(text.count("\n") for text in texts),
        lives=lives.rstrip(":"),
        barred=barred[: barred.rfind(".") + 1] if files else "",
    )


def arrows() -> dict[Arrow, int]:
    """Return how many modules of a room import one of another, by the two rooms."""
    graph = grimp.build_graph("sim", cache_dir=None)
    count: Counter[Arrow] = Counter()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            pair = _room_of(module), _room_of(imported)
            if pair[0] != pair[1] and all(pair):
                count[pair] += 1
    return {pair: n for pair, n in count.items() if pair[0] != "__main__"}


def _room_of(module: str) -> str:
    return f"{module}.".split(".")[1]


def plain_arrows(every: Collection[Arrow]) -> list[Arrow]:
    """Return the arrows that no longer way implies, sorted.

    Raises
    ------
    ValueError
        If the arrows go in a circle.

    Examples
    --------
    >>> plain_arrows([("a", "b"), ("b", "c"), ("a", "c")])
    [('a', 'b'), ('b', 'c')]
    """
    below: dict[str, set[str]] = {}
    for importer, imported in every:
        below.setdefault(importer, set()).add(imported)

    def reached(room: str, way: tuple[str, ...] = ()) -> set[str]:
        if room in way:
            message = f"the imports go in a circle: {' -> '.join((*way, room))}"
            raise ValueError(message)
        return below.get(room, set()).union(
            *(reached(next_room, (*way, room)) for next_room in below.get(room, ()))
        )

    far = {room: reached(room) for room in sorted({*below, *(b for _, b in every)})}
    return sorted(
        (importer, imported)
        for importer, direct in below.items()
        for imported in direct
        if not any(imported in far[other] for other in direct)
    )


# What the page says of it.


def folders() -> str:
    """Return a table of the rooms: what lives there, what may not enter, imports."""
    imports = arrows()
    return table(
        ("Room", "What lives there", "What may not enter", "Imports"),
        (
            (
                code(f"{room.name}/"),
                room.lives,
                room.barred,
                ", ".join(other for other in rooms() if (room.name, other) in imports),
            )
            for room in rooms().values()
            if room.files
        ),
    )


def ground() -> str:
    """Return a table of the rooms that are one file."""
    imports = arrows()
    return table(
        ("File", "What lives there", "Imports"),
        (
            (
                code(f"sim/{room.name}.py"),
                room.lives,
                ", ".join(other for other in rooms() if (room.name, other) in imports),
            )
            for room in rooms().values()
            if not room.files
        ),
    )


# The picture.


def drawn(picture: str) -> tuple[list[str], list[Arrow]]:
    """Return the rooms and the arrows that a picture shows, sorted.

    >>> drawn('<g id="room.rules"> <g id="arrow.rules.units">')
    (['rules'], [('rules', 'units')])
    """
    boxes = re.findall(r'id="room\.(\w+)"', picture)
    lines = re.findall(r'id="arrow\.(\w+)\.(\w+)"', picture)
    return sorted(boxes), sorted(lines)


def is_stale() -> bool:
    """Tell whether the committed picture shows other rooms or arrows than there are."""
    if not PICTURE.is_file():
        return True
    now = sorted(rooms()), plain_arrows(arrows())
    return drawn(PICTURE.read_text("utf-8")) != now


def draw() -> None:
    """Draw the house: rows of rooms, and the arrows that no longer way implies."""
    with house_style():
        _figure().savefig(
            PICTURE, format="svg", metadata={"Date": None, "Creator": None}
        )
    # Matplotlib ends some lines with a space.
    lines = PICTURE.read_text("utf-8").splitlines()
    PICTURE.write_text("".join(f"{line.rstrip()}\n" for line in lines), "utf-8")


Node = str | tuple[Arrow, int]
"""A room, or the place where an arrow passes a row."""


def _figure() -> Figure:
    known, lines, rows = rooms(), plain_arrows(arrows()), layers()
    places = _places(rows, lines)
    left, right = min(places.values()) - WIDTH / 2, max(places.values()) + WIDTH / 2
    bottom = (1 - len(rows)) * ROW - HEIGHT
    figure = Figure(figsize=((right - left + 0.2) * INCH, (HEIGHT - bottom) * INCH))
    axes: Any = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(left - 0.1, right + 0.1), ylim=(bottom, HEIGHT))
    axes.set_axis_off()
    row_of = {name: number for number, row in enumerate(rows) for name in row}
    for importer, imported in lines:
        first, last = row_of[importer], row_of[imported]
        passes = [((importer, imported), row) for row in range(first + 1, last)]
        leaves = _spread(importer, imported, lines, places, is_leaving=True)
        arrives = _spread(imported, importer, lines, places, is_leaving=False)
        points = [
            (leaves, -first * ROW - HEIGHT / 2),
            *(
                (places[node], end - node[1] * ROW)
                for node in passes
                for end in (HEIGHT / 2, -HEIGHT / 2)
            ),
            (arrives, -last * ROW + HEIGHT / 2),
        ]
        curve = FancyArrowPatch(
            path=_curve(points),
            arrowstyle="-|>",
            mutation_scale=9,
            color=ARROW_COLOUR,
            linewidth=1.0,
            zorder=1,
        )
        curve.set_gid(f"arrow.{importer}.{imported}")
        axes.add_patch(curve)
    for name, room in known.items():
        x, y = places[name], -row_of[name] * ROW
        box = FancyBboxPatch(
            (x - WIDTH / 2, y - HEIGHT / 2),
            WIDTH,
            HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=FOLDER_COLOUR if room.files else FILE_COLOUR,
            edgecolor="#5b7f99" if room.files else "#9a9a9a",
            linewidth=1.0,
            zorder=2,
        )
        box.set_gid(f"room.{name}")
        axes.add_patch(box)
        text = {"ha": "center", "va": "center", "zorder": 3}
        title = f"{name}/" if room.files else f"{name}.py"
        size = f"{float(f'{room.lines:.2g}'):,.0f} lines"  # rough: the picture stays
        if room.files:
            size = f"{room.files} files, {size}"
        axes.text(x, y + 0.11, title, fontsize=10, fontweight="bold", **text)
        axes.text(x, y - 0.13, size, fontsize=8, color=MUTED, **text)
    return figure


def _spread(
    room: str,
    other: str,
    lines: Iterable[Arrow],
    places: Mapping[Node, float],
    *,
    is_leaving: bool,
) -> float:
    """Return where on a room's side its arrow to or from another begins or ends."""
    mine = [arrow[is_leaving] for arrow in lines if arrow[not is_leaving] == room]
    mine.sort(key=lambda name: places[name])
    step = min(0.3, 0.8 * WIDTH / len(mine))
    return places[room] + step * (mine.index(other) - (len(mine) - 1) / 2)


def _curve(points: Sequence[tuple[float, float]]) -> Curve:
    """Return a smooth line through points, upright in each."""
    vertices, codes = [points[0]], [Curve.MOVETO]
    for (x, y), (next_x, next_y) in pairwise(points):
        half = (y + next_y) / 2
        vertices += [(x, half), (next_x, half), (next_x, next_y)]
        codes += [Curve.CURVE4] * 3
    return Curve(vertices, codes)


def _places(rows: Sequence[Sequence[str]], lines: Iterable[Arrow]) -> dict[Node, float]:
    """Return the place of every room and passing arrow along its row.

    Of some orders to begin with, the one that comes to rest with the shortest arrows.
    """
    row_of = {name: number for number, row in enumerate(rows) for name in row}
    nodes: list[list[Node]] = [list(row) for row in rows]
    ways: list[tuple[Node, Node]] = []
    for arrow in lines:
        first, last = (row_of[name] for name in arrow)
        passes: list[Node] = [(arrow, row) for row in range(first + 1, last)]
        for row, node in enumerate(passes, first + 1):
            nodes[row].append(node)
        ways += pairwise((arrow[0], *passes, arrow[1]))
    tried = [_at_rest(nodes, ways, Random(order)) for order in range(ORDERS)]
    return min(tried, key=lambda places: _length(places, ways))


def _length(places: Mapping[Node, float], ways: Iterable[tuple[Node, Node]]) -> float:
    return sum((places[one] - places[other]) ** 2 for one, other in ways)


def _at_rest(
    nodes: Sequence[Sequence[Node]], ways: Iterable[tuple[Node, Node]], random: Random
) -> dict[Node, float]:
    """Return places where each node is near those it hangs on, from one first order.

    A node goes to the mean of its neighbours in other rows, and those of a row are kept
    apart; where an arrow passes rows it is held straight.
    """
    pulls: dict[Node, list[tuple[Node, float]]] = {n: [] for row in nodes for n in row}
    for one, other in ways:
        weight = 1.0 if isinstance(one, str) or isinstance(other, str) else 3.0
        pulls[one].append((other, weight))
        pulls[other].append((one, weight))
    order = [random.sample(row, len(row)) for row in nodes]
    places = {
        node: 1.0 * n - len(row) / 2 for row in order for n, node in enumerate(row)
    }
    for sweep in range(SWEEPS):
        for row in order if sweep % 2 else reversed(order):
            wanted = {
                node: sum(weight * places[other] for other, weight in pulls[node])
                / (0.02 + sum(weight for _, weight in pulls[node]))
                for node in row
            }
            row.sort(key=lambda node: wanted[node])
            at = [wanted[row[0]]]
            for node, following in pairwise(row):
                apart = _half(node) + _half(following) + SPACE
                at.append(max(at[-1] + apart, wanted[following]))
            shift = sum(wanted[node] - x for node, x in zip(row, at, strict=True))
            places |= {n: x + shift / len(row) for n, x in zip(row, at, strict=True)}
    return places


def _half(node: Node) -> float:
    return (WIDTH if isinstance(node, str) else BEND) / 2
