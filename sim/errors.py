"""Every way in which escalade refuses, and how a refusal reads.

SimError            exit_code, and a text for people
├── ScenarioError   the file is wrong (exit 2); carries all its faults
├── SourceError     a citation or target is missing or inconsistent (exit 2)
├── StudyError      the study asks for something unsound, and says why (exit 2)
└── RunError        a replication broke (exit 3); ends with how to repeat it
"""

from __future__ import annotations

import difflib
import shlex
from enum import IntEnum
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_FAULTS: Final = 100
"""Faults of a file that are told; the others are counted."""

_MOST_COMPARED: Final = 2_000
"""Names among which the nearest is sought; of more, the first."""

_WIDEST = 60  # characters of a place or name; beyond it alignment and guessing end


class Fault(NamedTuple):
    """One thing wrong in a file; line and column count from 1, 0 is all of it."""

    line: int
    column: int
    where: str  # dotted path of the value, such as `actors.us.ability`; may be empty
    message: str  # what was found, what is allowed, the nearest right thing


class Hinted(str):
    """A message that ends with the nearest right name, sought when it is told.

    To seek it is the slow part of a fault, and a file may hold 100,000 of them.
    """

    def __new__(
        cls, text: str, name: str, allowed: Iterable[str], otherwise: str = ""
    ) -> Hinted:
        """Make a message without its end; `allowed` is gone through once."""
        hinted = super().__new__(cls, text)
        hinted._name, hinted._allowed, hinted._otherwise = name, allowed, otherwise
        return hinted

    _name: str
    _allowed: Iterable[str]
    _otherwise: str

    def whole(self) -> str:
        """Return the message with its end."""
        return f"{self}{nearest(self._name, self._allowed) or self._otherwise}"


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    OURS = 1
    """A fault of escalade itself."""
    BAD_INPUT = 2
    """A file or a request is wrong."""
    BROKEN = 3
    """A replication, a worker or the disk failed."""
    INTERRUPTED = 130
    """Ctrl-C."""
    TERMINATED = 143
    """SIGTERM, by which a batch system or a service ends a process."""


class Terminated(KeyboardInterrupt):
    """SIGTERM arrived: all that Ctrl-C ends is ended, and another code returned."""


class SimError(Exception):
    """A refusal that a person can act upon; the command line shows its text.

    `ScenarioError`, `SourceError`, `StudyError` and `RunError` of `sim.errors` are
    refusals of a file, of what it cites, of a request, and of a run; `exit_code` is
    that of the command, a whole number.

    Examples
    --------
    >>> import sim
    >>> try:
    ...     sim.run("iraq_2019_202")
    ... except sim.SimError as refusal:
    ...     print(refusal)
    iraq_2019_202: 1 fault
      file  no such file, and no shipped scenario; did you mean 'iraq_2019_2020'?
    """

    exit_code: ClassVar[Exit] = Exit.BAD_INPUT


class ScenarioError(SimError):
    """A file is wrong: its first faults, sorted by line, and how many more there are.

    Parameters
    ----------
    path
        The file.
    faults
        What is wrong with it, in any order.
    n_more
        Faults that were counted and are not among them.
    ended_at
        The line after which a file with very many was not read on; 0 where it was.
    """

    def __init__(
        self, path: str, faults: Iterable[Fault], n_more: int = 0, ended_at: int = 0
    ) -> None:
        every = sorted(faults)
        self.path = path
        self.faults = tuple(
            fault._replace(message=fault.message.whole())
            if isinstance(fault.message, Hinted)
            else fault
            for fault in every[:MOST_FAULTS]
        )
        """At most `MOST_FAULTS`; a nearest name was sought for these only."""
        self.n_more = n_more + max(0, len(every) - MOST_FAULTS)
        self.ended_at = ended_at
        # The arguments rebuild it when it is unpickled.
        super().__init__(path, self.faults, self.n_more, ended_at)

    def as_changed(self) -> ScenarioError:
        """Return the same faults as those of what was made of a file."""
        path = f"{PurePath(self.path).stem} as changed"
        return ScenarioError(path, self.faults, self.n_more, self.ended_at)

    def __str__(self) -> str:
        n = len(self.faults) + self.n_more
        # A value that was changed has no line; what has no place at all is the file.
        at = [
            f"line {f.line}" if f.line else "value" if f.where else "file"
            for f in self.faults
        ]
        where = [_one_line(f.where) for f in self.faults]
        wide, wider = (max(map(len, ["", *texts])) for texts in (at, where))
        faults = "fault" if n == 1 else "faults"
        lines = [f"{_one_line(self.path)}: {n} {faults}"]
        for a, b, fault in zip(at, where, self.faults, strict=True):
            padded = f"{b:{min(wider, _WIDEST)}}   " if wider else ""
            lines.append(f"  {a:{wide}}  {padded}{_one_line(fault.message)}")
        if self.n_more:
            faults = "fault" if self.n_more == 1 else "faults"
            up_to = f" up to line {self.ended_at}" if self.ended_at else ""
            lines.append(f"  and {self.n_more:,} more {faults}{up_to}")
        return "\n".join(lines)


class SourceError(SimError):
    """A citation or a target is missing or inconsistent."""


class StudyError(SimError):
    """The study asks for something unsound; the message says why."""


class RunError(SimError):
    """A replication broke; the text ends with the command that repeats it."""

    exit_code: ClassVar[Exit] = Exit.BROKEN

    def __init__(
        self,
        message: str,
        scenario: str | None = None,
        root_seed: int | None = None,
        replication: int | None = None,
        alteration: str = "",
    ) -> None:
        super().__init__(message, scenario, root_seed, replication, alteration)

    def __str__(self) -> str:
        message, scenario, root_seed, replication, alteration = self.args
        if None in self.args:
            return message
        place = f"--root-seed {root_seed} --replication {replication} {alteration}"
        return f"{message}\n  escalade replay {shlex.quote(scenario)} {place}".rstrip()


class WorkersLostError(RunError):
    """Workers were lost time and again; the same command goes on where this ended."""


def nearest(name: str, allowed: Iterable[str]) -> str:
    """End a message with the name probably meant: ``; did you mean 'resolve'?``."""
    folded = {other.casefold(): other for other in islice(allowed, _MOST_COMPARED)}
    close = difflib.get_close_matches(name.casefold()[:_WIDEST], folded, n=1)
    return f"; did you mean {folded[close[0]]!r}?" if close else ""


def one_of(allowed: Iterable[str]) -> str:
    """List the allowed names in their order, shortened when they are very many."""
    names, most = list(allowed), 16  # a longer list no longer helps its reader
    more = f", ... ({len(names)} in all)" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def printable(text: str) -> str:
    """Return a text of lines without what would steer a terminal."""
    return "\n".join(map(_one_line, text.split("\n")))


def _one_line(text: str) -> str:  # nothing may break the line or steer the terminal
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
