"""Who is told how far a verb is: the screen, whoever waits in Python, or nobody."""

from __future__ import annotations

import inspect
import sys
import time
import warnings
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from sim.errors import printable
from sim.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from sim.ensemble.workers import Workers

PATIENCE_SECONDS: Final = 2.0
"""Work that takes longer shows how far it is."""
LINE_SECONDS: Final = 10.0
"""Between two lines of progress where no bar can be drawn."""


class Progress:
    """How far the work is, with the time left; silent for the first two seconds."""

    def __init__(self, label: str, abreast: int = 1) -> None:
        self.label = label
        self.began = self.last_line = time.monotonic()
        self.pace = Pace(self.began, abreast)
        self.first: int | None = None
        self.done = 0

    def __call__(self, done: int, asked: int) -> None:
        """Take note that so many are done."""
        now = time.monotonic()
        if self.first is None:
            self.first = done
        self.done = done
        self.pace.note(now, done - self.first)
        is_awaited = now - self.began >= PATIENCE_SECONDS and not done >= asked > 0
        self.show(done, asked, is_awaited=is_awaited)

    def show(self, done: int, asked: int, *, is_awaited: bool) -> None:
        """Print a line now and then, where somebody waits."""
        now = time.monotonic()
        if is_awaited and now - self.last_line >= LINE_SECONDS:
            self.last_line = now
            far = f"{done} of {asked} done" if done else f"at the first of {asked}"
            left = self.left(asked)
            say(f"{self.label}: {far}{left and f', {left}'}")

    def left(self, asked: int) -> str:
        """Say how long it will take at the pace of late; empty where none is known."""
        seconds = self.pace.seconds_for(asked - self.done)
        return "" if seconds is None else f"about {span(seconds)} left"

    def close(self) -> None:
        """Take away what was drawn."""


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


def say(text: str) -> None:
    """Print a message, which is no result, on stderr."""
    sys.stderr.write(f"{printable(text)}\n")
    sys.stderr.flush()


class Watch:
    """One who is told how far a verb is, and keeps silent: override what is to show."""

    def say(self, sentence: str) -> None:
        """Take note of a sentence: which engine runs, what a scenario's status is."""

    def warn(self, sentence: str) -> None:
        """Take note of what makes an answer doubtful."""
        self.say(sentence)

    @contextmanager
    def stage(
        self, label: str, workers: Workers = 1
    ) -> Generator[Callable[[int, int], None]]:
        """Give what is called with (done, asked) while a stage of the work lasts.

        So many workers do it side by side.
        """
        yield _ignore

    def keep(self, text: str) -> None:
        """Take note of what is kept if the work is broken off.

        ``{done}`` in it stands for how much of the stage is done by then.
        """


def _is_ours(module: str) -> bool:
    return module == "sim" or module.startswith("sim.")


def _ignore(done: int, asked: int) -> None:
    """Take note of nothing."""


SILENT: Final = Watch()


class Waiting(Watch):
    """Tells whoever waits in Python; of work that is done at once it says nothing."""

    def __init__(self) -> None:
        self.unsaid: list[str] = []

    def say(self, sentence: str) -> None:
        """Keep a sentence until the work lasts."""
        self.unsaid.append(sentence)

    def warn(self, sentence: str) -> None:
        """Warn as Python does, at once, of the line that called a verb."""
        level, frame = 1, inspect.currentframe()
        while frame is not None and _is_ours(frame.f_globals.get("__name__", "")):
            level, frame = level + 1, frame.f_back
        warnings.warn(sentence, stacklevel=level)

    @contextmanager
    def stage(
        self, label: str, workers: Workers = 1
    ) -> Generator[Callable[[int, int], None]]:
        """Show how far a stage is while it lasts, and first what was to be said."""
        from sim.ensemble.executors import hands

        with closing(Progress(label, hands(workers))) as shown:

            def tell(done: int, asked: int) -> None:
                if time.monotonic() - shown.began >= PATIENCE_SECONDS:
                    while self.unsaid:
                        say(self.unsaid.pop(0))
                shown(done, asked)

            yield tell


def watch_of(watch: bool | Watch) -> Watch:
    """Return who is told: whoever waits, nobody, or one who is named."""
    if isinstance(watch, Watch):
        return watch
    return Waiting() if watch else SILENT
