"""What every verb shares: options, tables, numbers, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import zip_longest
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli import completion
from sim.errors import Exit
from sim.verbs.watch import say

if TYPE_CHECKING:
    from sim.ledger.against_record import AgainstRecord


PIPE_WIDTH: Final = 160
"""Most columns of a table that goes to a file or a pipe."""
NARROW: Final = 110
"""A terminal with fewer columns breaks long names."""
NARROWEST: Final = 12
"""Width down to which a column is broken."""


def _no_study_folder(file: str) -> str:
    """Refuse the folder of a study, but name the scenario that it keeps."""
    folder = Path(file)
    if (folder / "manifest.json").exists():
        scenarios = sorted(map(str, folder.glob("*.yaml")))
        hint = f"; the scenario that it ran is {scenarios[0]}" if scenarios else ""
        message = f"{file!r} is the folder of a study, not a file{hint}"
        raise typer.BadParameter(message)
    return file


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        message = f"{text!r} is not a whole number"
        raise typer.BadParameter(message) from None


def integer_option(*names: str, **rest: Any) -> Any:
    """Return a typer option that takes a whole number."""
    rest.setdefault("metavar", "<int>")
    return typer.Option(*names, parser=_integer, **rest)


FileArgument = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        callback=_no_study_folder,
        autocompletion=completion.files,
        help="Scenario file, or the id of a shipped scenario.",
    ),
]
StudyArgument = Annotated[
    Path,
    typer.Argument(
        metavar="RUN",
        help="Folder of a run, a comparison (--out) or a sweep.",
        autocompletion=completion.studies,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON on stdout, and nothing else there.")
]
RootSeedOption = Annotated[
    int,
    integer_option(help="The one integer all chance hangs on, 0 to 2**64 - 1."),
]
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="auto|simpy|compiled",
        help="Which engine runs; results do not depend on it.",
    ),
]
PluginOption = Annotated[
    list[str] | None,
    typer.Option(
        "--plugin",
        metavar="MODULE",
        help="Import kinds of actor from a module of yours; may be repeated.",
    ),
]
OutcomePluginOption = Annotated[
    list[str] | None,
    typer.Option(
        "--plugin",
        metavar="MODULE",
        help="Import kinds of actor, or outcomes, from a module of yours; may be "
        "repeated.",
    ),
]


def _paths_and_values(texts: list[str] | None) -> list[str] | None:
    """Refuse an option in two words while the first of them can still be named."""
    for text in texts or ():
        if "=" not in text:
            message = f"{text!r} is not of the form path=value: write {text}=VALUE"
            raise typer.BadParameter(message)
    return texts


SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        callback=_paths_and_values,
        autocompletion=completion.paths,
        help="Change a value, as in actors.iraq.ability=0.5; may be repeated.",
    ),
]
FromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="DATE",
        help="Put the coded record in up to this date, and run free from then on.",
    ),
]

PastOption = Annotated[
    str | None,
    typer.Option(
        "--past",
        metavar="injected|filtered",
        help="How the record is put in: as it is, into whatever world (injected); or "
        "into worlds chosen by how likely it was in them (filtered). Default: as the "
        "scenario says, else injected.",
    ),
]

ParticlesOption = Annotated[
    int | None,
    integer_option(
        metavar="N", help="Worlds among which a filtered past is chosen (1000)."
    ),
]

UntilOption = Annotated[
    str | None,
    typer.Option(
        metavar="DATE|DAYS",
        help="Simulate to this date (2020-03-01) or for so many days; default: all.",
    ),
]

LineageOption = Annotated[
    list[str] | None,
    typer.Option(
        "--lineage",
        metavar="DATE=NUMBER",
        help="From this date (or day) on key what is drawn by another replication "
        "number; may be repeated.",
    ),
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="INCIDENT",
        help="Leave an incident out: its identity, act=NAME, or act=NAME@DATE from a "
        "date on; may be repeated.",
    ),
]


VerboseOption = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Print the longer tables as well."),
]

SHOWN: Final = (
    "n_rocket_attacks", "n_rocket_attacks_true", "n_thwarted", "n_attacks_with_deaths",
    "n_coalition_deaths", "n_wounded_all", "n_killed_militia_true",
    "n_killed_civilian_true", "n_air_strikes", "n_direct_strikes", "n_raids",
    "n_persons_arrested", "n_persons_released", "n_shows_of_force", "n_accusations",
    "n_demands_to_leave", "peak_rung_true", "time_to_first_attack_days_true",
    "time_to_first_coalition_death_days_true", "time_to_first_strike_days_true",
    "first_strike_happened_true", "direct_exchange_happened_true",
)  # fmt: skip
"""Outcomes that ``--verbose`` shows; ``--json`` and summary.csv hold all."""


def print_json(data: Any) -> None:
    """Print data as JSON; what is not a finite number becomes null."""
    from sim.files import plain

    print(json.dumps(plain(data), indent=2, ensure_ascii=False, allow_nan=False))


def is_narrow() -> bool:
    """Whether stdout is a terminal too narrow for long rows."""
    from shutil import get_terminal_size

    return sys.stdout.isatty() and get_terminal_size().columns < NARROW


SCREEN: Final = 100
"""Columns that what is printed for people to read keeps to."""


def wrapped(text: str) -> str:
    """Break a text for the screen, at most `SCREEN` columns wide."""
    from shutil import get_terminal_size
    from textwrap import fill

    room = get_terminal_size().columns if sys.stdout.isatty() else SCREEN
    return fill(text, min(room, SCREEN), break_on_hyphens=False)


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int] = (),
    whole: Sequence[int] = (),
    width: int = PIPE_WIDTH,
) -> None:
    """Print a table on stdout.

    `numbers` are the places of columns that are aligned to the right and never broken,
    `whole` those of others that are never broken; `width` is that of no terminal.
    """
    from shutil import get_terminal_size
    from textwrap import wrap

    from rich.cells import cell_len

    room = get_terminal_size().columns if sys.stdout.isatty() else width
    every = [tuple(columns), *map(tuple, rows)]
    widths = [max(map(cell_len, column)) for column in zip(*every, strict=True)]
    unbroken = {*numbers, *(() if is_narrow() else whole)}
    broken = [place for place in range(len(columns)) if place not in unbroken]
    excess = sum(widths) + 3 * len(widths) - 1 - room
    is_plain = all(cell.isprintable() for row in every for cell in row)
    is_hard = len(broken) != 1 or widths[broken[0]] - excess < max(
        NARROWEST,
        *(cell_len(word) for row in every for word in row[broken[0]].split()),
    )
    if not is_plain or (excess > 0 and is_hard):
        _print_folded(columns, rows, numbers, whole, room)
        return
    if excess > 0:
        widths[broken[0]] -= excess
    lines = [""]
    for n, row in enumerate(every):
        pieces = [
            wrap(cell, wide, break_on_hyphens=False)
            if cell_len(cell) > wide
            else [cell]
            for cell, wide in zip(row, widths, strict=True)
        ]
        for line in zip_longest(*pieces, fillvalue=""):
            cells: list[str] = []
            for place, (cell, wide) in enumerate(zip(line, widths, strict=True)):
                blank = " " * (wide - cell_len(cell))
                cells.append(blank + cell if place in numbers else cell + blank)
            lines.append(f" {'   '.join(cells)}".rstrip())
        if n == 0:
            lines.append(" " + "─" * (sum(widths) + 3 * len(widths) - 3))
    print("\n".join([*lines, ""]))


def _print_folded(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    whole: Sequence[int],
    room: int,
) -> None:
    """Print a table of which several columns must be broken."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=room)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    for place, name in enumerate(columns):
        right = place in numbers
        table.add_column(
            name,
            justify="right" if right else "left",
            no_wrap=right or (place in whole and not is_narrow()),
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        print(line.rstrip())


def parse_changes(texts: Sequence[str] | None) -> dict[str, Any]:
    """Read ``--set`` options; the values are read as they would be in a file.

    >>> parse_changes(["actors.iraq.ability=0.5", "actors.iraq.raid_rate=1/week"])
    {'actors.iraq.ability': 0.5, 'actors.iraq.raid_rate': '1/week'}
    """
    from sim.errors import StudyError
    from sim.reading.scalar import plain_value

    changes: dict[str, Any] = {}
    for text in texts or ():
        path, equals, value = text.partition("=")
        path, value = path.strip(), value.strip()
        if not equals or not path or not value:
            message = f"--set {text!r} is not of the form path=value"
            raise StudyError(message)
        if path in changes:
            message = f"--set gives {path!r} twice"
            raise StudyError(message)
        try:
            changes[path] = plain_value(value)
        except ValueError as error:
            message = f"--set {text!r}: {error}"
            raise StudyError(message) from error
    return changes


def end_with_failures(text: str) -> None:
    """Say that replications failed, if any did, and end with the code for it."""
    if text:
        say(f"escalade: {text}")
        raise typer.Exit(Exit.BROKEN)


def print_record(record: AgainstRecord, *, verbose: bool = False) -> None:
    """Print how the record lies among the replications, if there is any, in words.

    What lies outside is told one by one; with `verbose` all stands in a table.
    """
    if not record.rows:
        return
    from sim.digits import short
    from sim.record.table import outside_text, percentile_text, range_text

    print("The record beside the model\n")
    if verbose:
        cells = [
            (
                f"{row.meaning}{'' if row.unit in ('', '1') else f' ({row.unit})'}",
                short(row.value),
                range_text(row.low, row.high),
                percentile_text(row.percentile),
                f"{short(row.model_low)} to {short(row.model_high)}",
                "" if row.is_inside else "outside",
                "set from it" if row.used_to_set else "",
            )
            for row in record.rows
        ]
        heads = ("statistic", "record", "its 95 %", "perc.", "model 5-95 %", "", "")
        print_table(heads, cells, numbers=(1, 2, 3, 4), whole=(5, 6), width=SCREEN)
        print(
            wrapped(
                "perc.: the record's percentile among replications, ties counted half. "
                "set from it: a number of the scenario was, so that it tests nothing. "
                "record.md has all columns."
            )
        )
    print(wrapped(record.notes[0]))
    outside = [r for r in record.rows if not r.is_inside and isfinite(r.percentile)]
    if outside and not verbose:
        print("Outside:")
    for row in () if verbose else outside:
        print(wrapped(f"- {outside_text(row)}"))
    for note in record.notes[1:] if verbose else ():
        print(wrapped(note))
    print()
