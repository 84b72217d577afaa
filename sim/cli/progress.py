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
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.present import integer_option
from sim.errors import Exit, Terminated
from sim.verbs.watch import Progress, Watch, say, span

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from sim.ensemble.workers import Workers


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


class Bar(Progress):
    """The same as a bar, where stderr is a terminal that may be drawn on."""

    def __init__(self, label: str, abreast: int = 1) -> None:
        super().__init__(label, abreast)
        self.bar: Any = None
        self.task: Any = None

    def show(self, done: int, asked: int, *, is_awaited: bool) -> None:
        """Draw it as soon as somebody waits, and keep it up to date."""
        if not _draws_bars():
            super().show(done, asked, is_awaited=is_awaited)
            return
        if is_awaited and self.bar is None:
            self._begin(asked)
        if self.bar is not None:
            left = self.left(asked)
            self.bar.update(self.task, completed=done, total=asked, left=left)

    def _begin(self, asked: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Rich

        self.bar = Rich(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self.task = self.bar.add_task(self.label, total=asked, left="")
        self.bar.start()

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.stop()


def _draws_bars() -> bool:
    """Whether stderr is a terminal that may be drawn on (see no-color.org)."""
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stderr.isatty() and not is_plain


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
    def stage(
        self, label: str, workers: Workers = 1
    ) -> Generator[Callable[[int, int], None]]:
        """Show how far a stage is while it lasts."""
        from sim.ensemble.executors import hands

        self.shown = Bar(label, hands(workers))
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
