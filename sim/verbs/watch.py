"""Who is told how far a verb is; nobody, unless the command line or a notebook asks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


class Watch:
    """One who is told how far a verb is, and keeps silent: override what is to show."""

    def say(self, sentence: str) -> None:
        """Take note of a sentence: which engine runs, what a scenario's status is."""

    @contextmanager
    def stage(self, label: str) -> Generator[Callable[[int, int], None]]:
        """Give what is called with (done, asked) while a stage of the work lasts."""
        yield _ignore

    def keep(self, text: str) -> None:
        """Take note of what is kept if the work is broken off.

        ``{done}`` in it stands for how much of the stage is done by then.
        """


def _ignore(done: int, asked: int) -> None:
    """Take note of nothing."""


SILENT = Watch()
