"""How long work will go on, by when how much of it was done."""

from __future__ import annotations


class Pace:
    """The pace of work in pieces, some of which are done side by side.

    What is done side by side ends in rounds: with four at a time the first piece ends
    when the other three nearly do. So time is taken over whole rounds, of as much work
    as the latter half of what is done: how long the start took, or another engine until
    another took over, is soon forgotten.
    """

    def __init__(self, now: float, abreast: int = 1) -> None:
        """Begin at a moment, in seconds, with so many pieces at a time, >= 1."""
        self._abreast = abreast
        self._marks = [(now, 0)]

    def note(self, now: float, done: int) -> None:
        """Take note that so much is done since the beginning."""
        if done > self._marks[-1][1]:
            self._marks.append((now, done))

    def seconds_for(self, left: int) -> float | None:
        """Return how long so much more will take; None before a round is over.

        >>> pace = Pace(now=0.0, abreast=2)
        >>> for now, done in ((9.0, 1), (10.0, 2), (14.0, 3), (15.0, 4)):
        ...     pace.note(now, done)
        >>> pace.seconds_for(6)
        15.0
        """
        rounds = (len(self._marks) - 1) // self._abreast
        if not rounds:
            return None
        # Of a second round that is not over, nothing is known yet.
        last = len(self._marks) - 1 if rounds > 1 else self._abreast
        first = last - max(1, rounds // 2) * self._abreast
        (since, before), (now, done) = self._marks[first], self._marks[last]
        return (now - since) / (done - before) * left
