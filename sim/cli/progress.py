"""How far a verb is, and the time left: on stderr, and only when it takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final

from sim.cli.present import say

PATIENCE_SECONDS: Final = 2.0
"""Work that takes longer shows how far it is."""
LINE_SECONDS: Final = 10.0
"""Between two lines of progress where no bar can be drawn."""


class Progress:
    """How far the work is, with the time left; silent for the first two seconds."""

    def __init__(self, what: str) -> None:
        self.what = what
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
        if sys.stderr.isatty():
            self._draw(done, asked)
        elif now - self.last_line >= LINE_SECONDS:
            self.last_line = now
            say(f"{self.what}: {done} of {asked} done{self._left(now, asked)}")

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
            self.task = self.bar.add_task(self.what, total=asked)
            self.bar.start()
        self.bar.update(self.task, completed=done, total=asked)

    def stop(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.stop()


@contextmanager
def progress(what: str) -> Generator[Progress]:
    """Show the progress of what is done within."""
    shown = Progress(what)
    try:
        yield shown
    finally:
        shown.stop()


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
