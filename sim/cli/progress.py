"""How far a verb is, on stderr when it takes long; and what is said when it is ended.

Ctrl-C and SIGTERM end a verb alike: what is kept is said, and how to go on.
"""

from __future__ import annotations

import os
import shlex
import signal
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli.present import integer_option, say
from sim.errors import Exit, Terminated
from sim.verbs.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


PATIENCE_SECONDS: Final = 2.0
"""Work that takes longer shows how far it is."""
LINE_SECONDS: Final = 10.0
"""Between two lines of progress where no bar can be drawn."""


class Progress:
    """How far the work is, with the time left; silent for the first two seconds."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.began = self.last_line = time.monotonic()
        self.first: int | None = None
        self.done = 0
        self.bar: Any = None
        self.task: Any = None

    def __call__(self, done: int, asked: int) -> None:
        """Take note that so many are done."""
        now = time.monotonic()
        if self.first is None:
            self.first = done
        self.done = done
        if now - self.began < PATIENCE_SECONDS or self.done >= asked > 0:
            if self.bar is not None:
                self.bar.update(self.task, completed=done, total=asked)
            return
        if _draws_bars():
            self._draw(done, asked)
        elif now - self.last_line >= LINE_SECONDS:
            self.last_line = now
            far = f"{done} of {asked} done" if done else f"at the first of {asked}"
            say(f"{self.label}: {far}{self._left(now, asked)}")

    def _left(self, now: float, asked: int) -> str:
        """Return the time left, reckoned from what was done since the start."""
        new = self.done - (self.first or 0)
        if new <= 0:
            return ""
        seconds = (now - self.began) / new * (asked - self.done)
        return f", about {span(seconds)} left"

    def _draw(self, done: int, asked: int) -> None:
        if self.bar is None:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                TextColumn,
                TimeRemainingColumn,
            )
            from rich.progress import Progress as Bar

            self.bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("left"),
                console=Console(stderr=True),
                transient=True,
            )
            self.task = self.bar.add_task(self.label, total=asked)
            self.bar.start()
        self.bar.update(self.task, completed=done, total=asked)

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.stop()


def _draws_bars() -> bool:
    """Whether stderr is a terminal that may be drawn on (see no-color.org)."""
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stderr.isatty() and not is_plain


def span(seconds: float) -> str:
    """Write a duration.

    >>> [span(x) for x in (0.04, 4.2, 75.0, 5400.0)]
    ['0.0 s', '4.2 s', '1 min 15 s', '1 h 30 min']
    """
    if seconds < 60.0:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


WorkersOption = Annotated[
    int | None,
    integer_option(help="Processes; results do not depend on it. Default: all CPUs."),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        metavar="tcp://...",
        help="A Dask scheduler, whose workers work (needs escalade[cluster]).",
    ),
]


def heed_termination() -> None:
    """Let SIGTERM end the command as Ctrl-C does, not on the spot."""
    signal.signal(signal.SIGTERM, _terminate)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


class Screen(Watch):
    """Tells whoever sits before the screen: sentences, progress, what is kept."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.state = ""
        self.shown: Progress | None = None

    def say(self, sentence: str) -> None:
        """Print a sentence on stderr."""
        say(sentence)

    @contextmanager
    def stage(self, label: str) -> Generator[Callable[[int, int], None]]:
        """Show how far a stage is while it lasts."""
        self.shown = Progress(label)
        with closing(self.shown) as shown:
            yield shown

    def keep(self, text: str) -> None:
        """Remember what to say if the work is broken off."""
        self.state = text

    def done(self, where: str = "") -> None:
        """Say how long it took, and where everything is."""
        rest = f"; {where}" if where else ""
        say(f"done in {span(time.monotonic() - self.began)}{rest}")


@contextmanager
def watched() -> Generator[Screen]:
    """Tell the screen of what is done within, and say what is kept if a signal ends it.

    Where nothing is, the signal is told as of any other command.
    """
    screen = Screen()
    try:
        yield screen
    except KeyboardInterrupt as end:
        if not screen.state:
            raise
        done = 0 if screen.shown is None else screen.shown.done
        state = screen.state.replace("{done}", str(done))
        if not done and state != screen.state:
            state = "nothing is whole yet"
        say(f"{name_of(end)}: {state}; {go_on()}")
        raise typer.Exit(code_of(end)) from None


def name_of(end: KeyboardInterrupt) -> str:
    """Say which signal ended the command."""
    return "ended by SIGTERM" if isinstance(end, Terminated) else "interrupted"


def code_of(end: KeyboardInterrupt) -> Exit:
    """Return the exit code of a command that a signal ended."""
    return Exit.TERMINATED if isinstance(end, Terminated) else Exit.INTERRUPTED


def go_on() -> str:
    """Say how a command that broke off goes on."""
    return (
        "to go on, give the same command again:\n"
        f"  {shlex.join(['escalade', *sys.argv[1:]])}"
    )
