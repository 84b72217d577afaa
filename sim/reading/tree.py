"""Turn a parser's events into plain data, and everything unusual into faults.

Nesting and the number of faults are bounded while the events stream by: no input can
exhaust the stack, and an alias cannot multiply anything, for none is ever followed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import yaml

from sim.errors import MOST_FAULTS, Fault, ScenarioError
from sim.reading.scalar import check_text, plain_value, shorten
from sim.reading.syntax import Mark, place, syntax_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | float | bool"
Keys: TypeAlias = tuple[str | int, ...]

MOST_LEVELS = 20
_UNUSABLE = "?"  # stands for a key that was refused, so that its value is still read

# The C parser gives the same marks some ten times faster; it may not be built in.
_YAML: Any = yaml  # whose `parse` has no types
_LOADER: Any = getattr(_YAML, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class _Level:
    """A list or mapping that is still open."""

    data: dict[str, Plain] | list[Plain]
    keys: Keys
    pending: str | None = None  # the key whose value comes next; None: a key is next
    pending_mark: Mark = (0, 0)
    first_lines: dict[str, int] = field(default_factory=dict[str, int])


class TreeBuilder:
    """Turns parser events into plain data; collects faults instead of stopping."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        self.name, self.faults = name, faults
        self.marks: dict[Keys, tuple[Mark, Mark]] = {}
        self.root: Plain = ""
        self._levels: list[_Level] = []
        self._n_documents = 0

    def take_text(self, text: str) -> None:
        """Read a whole text into ``root``, ``marks`` and ``faults``."""
        for event in self._events(text):
            self._take(event)

    def _events(self, text: str) -> Iterator[yaml.Event]:
        """Yield the parser's events; its errors come out as a ScenarioError."""
        stream: Iterator[yaml.Event] = _YAML.parse(text, Loader=_LOADER)
        last = (1, 1)
        while True:
            try:
                event = next(stream, None)
            # The pure Python parser lets some errors of chr() and int() through.
            except (yaml.YAMLError, ValueError, OverflowError) as error:
                faults = [*self.faults, syntax_fault(error, last)]
                raise ScenarioError(self.name, faults) from error
            if event is None:
                return
            last = place(event.start_mark)
            yield event

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.CollectionEndEvent):
            self._levels.pop()
        elif isinstance(event, yaml.NodeEvent):
            self._take_node(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._n_documents += 1
            if self._n_documents > 1:
                message = "a second document begins here; a file holds one"
                self._stop(place(event.start_mark), (), message)

    def _take_node(self, event: yaml.NodeEvent) -> None:
        mark = place(event.start_mark)
        level = self._levels[-1] if self._levels else None
        if level is None:
            self.root = self._take_value(event, (), mark, mark)
        elif isinstance(level.data, list):
            keys = (*level.keys, len(level.data))
            level.data.append(self._take_value(event, keys, mark, mark))
        elif level.pending is None:
            self._take_key(event, mark, level)
        else:
            keys = (*level.keys, level.pending)
            value = self._take_value(event, keys, mark, level.pending_mark)
            level.data[level.pending], level.pending = value, None

    def _take_key(self, event: yaml.NodeEvent, mark: Mark, level: _Level) -> None:
        level.pending, level.pending_mark = _UNUSABLE, mark
        self._check_properties(event, level.keys, mark)
        if isinstance(event, yaml.CollectionStartEvent):
            self._fault(mark, level.keys, "a key must be text, not a list or mapping")
            self._open([], (*level.keys, _UNUSABLE), mark)
        elif isinstance(event, yaml.ScalarEvent):
            key: str = event.value
            keys = (*level.keys, key)
            message = _key_fault(key, is_plain=event.implicit[0])
            if not message and key in level.first_lines:
                first = f"first on line {level.first_lines[key]}"
                message = f"key {shorten(key)!r} is given twice; {first}"
            if message:
                self._fault(mark, keys, message)
            else:
                level.first_lines[key] = mark[0]
                level.pending = key

    def _take_value(
        self, event: yaml.NodeEvent, keys: Keys, mark: Mark, key_mark: Mark
    ) -> Plain:
        self.marks[keys] = mark, key_mark
        self._check_properties(event, keys, mark)
        if isinstance(event, yaml.MappingStartEvent):
            return self._open({}, keys, mark)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._open([], keys, mark)
        if not isinstance(event, yaml.ScalarEvent):
            return ""
        try:
            if event.implicit[0]:
                return plain_value(event.value)
            return check_text(event.value)
        except ValueError as error:
            self._fault(mark if event.value else key_mark, keys, str(error))
            return ""

    def _check_properties(self, event: yaml.NodeEvent, keys: Keys, mark: Mark) -> None:
        if isinstance(event, yaml.AliasEvent):
            property = f"alias '*{shorten(event.anchor)}'"
            self._fault(mark, keys, f"{property} is not allowed; write the value out")
        elif event.anchor is not None:
            property = f"anchor '&{shorten(event.anchor)}'"
            self._fault(mark, keys, f"{property} is not allowed; write the value out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            message = f"tag {shorten(tag)!r} is not allowed; values are plain"
            self._fault(mark, keys, message)

    def _open(
        self, data: dict[str, Plain] | list[Plain], keys: Keys, mark: Mark
    ) -> Plain:
        if len(self._levels) == MOST_LEVELS:
            self._stop(mark, keys, f"is nested deeper than {MOST_LEVELS} levels")
        self._levels.append(_Level(data, keys))
        return data

    def _fault(self, mark: Mark, keys: Keys, message: str) -> None:
        self.faults.append(Fault(*mark, _dotted(keys), message))
        if len(self.faults) >= MOST_FAULTS - 1:  # a file with more is not a scenario
            message = f"reading stopped here, after {len(self.faults)} faults"
            self._stop(mark, (), message)

    def _stop(self, mark: Mark, keys: Keys, message: str) -> NoReturn:
        fault = Fault(*mark, _dotted(keys), message)
        raise ScenarioError(self.name, [*self.faults, fault])


def _dotted(keys: Keys) -> str:
    return ".".join(shorten(str(key)) for key in keys)


def _key_fault(key: str, *, is_plain: bool) -> str:
    """Say why a word cannot be a key; say nothing if it can."""
    if is_plain and key == "<<":
        return "merge keys '<<' are not allowed"
    try:
        if isinstance(plain_value(key) if is_plain else check_text(key), str):
            return ""
    except ValueError as error:
        if not is_plain:
            return str(error)
    description = f"key {shorten(key)!r}" if key else "an empty key"
    return f"{description} is not text; put it in quotes"
