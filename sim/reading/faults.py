"""Collects what is wrong with a file, each fault at its line and dotted path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sim.errors import Fault, Hinted, ScenarioError
from sim.reading.scalar import shorten
from sim.reading.slot import as_list, as_mapping, development_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from sim.reading.syntax import Mark
    from sim.reading.tree import Keys, Plain


class Readable(Protocol):
    """A file's data, and where each value stands; edited or as it was read."""

    @property
    def path(self) -> str:
        """The file's name."""
        ...

    @property
    def data(self) -> Plain:
        """What the file says."""
        ...

    def position(self, keys: Keys) -> Mark:
        """Return line and column of a value, 0 when it is not in the file."""
        ...

    def key_position(self, keys: Keys) -> Mark:
        """Return line and column of a value's key."""
        ...


class FaultList:
    """The faults found so far in one file."""

    def __init__(self, document: Readable) -> None:
        self.document = document
        self.faults: set[Fault] = set()
        self.places: set[Keys] = set()
        """Keys of the values that are faulty."""
        self.n_more = 0
        """Faults that are counted and not noted."""

    def add(self, keys: Keys, message: str, *, at_key: bool = False) -> None:
        """Note a fault of the value at `keys`, or of its key."""
        self.places.add(keys)
        document = self.document
        mark = document.key_position(keys) if at_key else document.position(keys)
        self.faults.add(Fault(*mark, where(document.data, keys), message))

    def has_below(self, keys: Keys) -> bool:
        """Whether the value at `keys`, or any in it, is faulty."""
        return any(place[: len(keys)] == keys for place in self.places)

    def distinct(self, keys: Keys, data: object) -> list[str]:
        """Return the texts of a list; note those that are listed twice."""
        names: dict[str, None] = {}
        for place, item in enumerate(as_list(data)):
            if isinstance(item, str) and item in names:
                self.add((*keys, place), f"{shorten(str(item))!r} is listed twice")
            elif isinstance(item, str):
                names[item] = None
        return list(names)

    def known(
        self,
        keys: Keys,
        data: object,
        allowed: Collection[str],
        noun: str,
        otherwise: str = "",
    ) -> list[str]:
        """Return the texts of a list that are allowed; note the others, and doubles.

        `noun` says what each is to be; `otherwise` ends a message without a near name.
        """
        for place, item in enumerate(as_list(data)):
            if isinstance(item, str) and item not in allowed:
                message = f"{shorten(item)!r} is not {noun}"
                self.add((*keys, place), Hinted(message, item, allowed, otherwise))
        return [name for name in self.distinct(keys, data) if name in allowed]

    def stop_if_any(self) -> None:
        """Raise a ScenarioError that carries all the faults, if there are any."""
        if self.faults:
            raise ScenarioError(self.document.path, self.faults, self.n_more)


def where(data: Plain, keys: Keys) -> str:
    """Return the dotted path of a value; a development goes by its id.

    >>> where({"developments": [{"id": "vote"}]}, ("developments", 0, "date"))
    'developments.vote.date'
    """
    if isinstance(data, list):  # the row of a table goes by its line
        return ".".join(shorten(str(key)) for key in keys[1:])
    names = [shorten(str(key)) for key in keys]
    if len(keys) > 1 and keys[0] == "developments" and isinstance(keys[1], int):
        entries = as_list(as_mapping(data).get("developments"))
        names[1] = shorten(development_name(keys[1], entries[keys[1]]))
    return ".".join(names)
