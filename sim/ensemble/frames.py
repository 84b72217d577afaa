"""Logs and outcomes as tables: the one place that says how they are typed on disk."""

from __future__ import annotations

from binascii import hexlify
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from sim.engine.driver import rows_of
from sim.engine.log import COLUMNS, EFFECT_COLUMNS, Origin, RecordType
from sim.ensemble import arrow
from sim.ladder import Act
from sim.outcomes import outcomes_for
from sim.rules.behaviour import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sim.engine.cast import Cast
    from sim.engine.log import IncidentLog, Rows
    from sim.scenario.scenario import Scenario

Table = Any
"""A `pyarrow.Table`; pyarrow ships no types."""

Schema = Any
"""A `pyarrow.Schema`."""

_NAME: Final = pa.dictionary(pa.int32(), pa.string())
_NAMED: Final = (
    "record_type", "actor", "act", "target", "site", "operation", "stage",
    "reported_actor", "origin",
)  # fmt: skip
_TYPES: Final[dict[str, Any]] = {
    "replication": pa.int64(),
    "time_days": pa.float64(),
    "identity": pa.string(),
    "cause": pa.string(),
    **dict.fromkeys(_NAMED, _NAME),
    **dict.fromkeys(EFFECT_COLUMNS, pa.int32()),
    "means": _NAME,
    "force": pa.float64(),
    "confidence": pa.float64(),
    "reported": pa.bool_(),
}

LOG_SCHEMA: Final = pa.schema(
    [pa.field(name, _TYPES[name], nullable=False) for name in COLUMNS]
)
"""Typed columns of a table of logs, in the order of `sim.engine.log.COLUMNS`."""

_RECORD_TYPES: Final = tuple(each.name.lower() for each in RecordType)
_ACTS: Final = tuple("" if act == Act.NONE else act.name.lower() for act in Act)


def outcome_schema(scenario: Scenario, *, is_drawn: bool = False) -> Schema:
    """Return the typed columns of a table of outcomes.

    `replication`, and before it the `draw` of the parameters where there are such;
    `error` and `repeat` (empty unless the replication failed); then the outcomes as
    doubles, nan where undefined.
    """
    draw = [pa.field("draw", pa.int64(), nullable=False)] if is_drawn else []
    return pa.schema(
        [
            *draw,
            pa.field("replication", pa.int64(), nullable=False),
            pa.field("error", pa.string(), nullable=False),
            pa.field("repeat", pa.string(), nullable=False),
            *(
                pa.field(name, pa.float64(), nullable=False)
                for name in outcomes_for(scenario)
            ),
        ]
    )


def outcome_table(
    scenario: Scenario,
    numbers: Sequence[int],
    values: Mapping[str, Any],
    finished: Sequence[int],
    failed: Mapping[int, tuple[str, str]],
    draws: Sequence[int] | None = None,
) -> Table:
    """Return outcomes as a table, one row for each of `numbers`, in order.

    `values` has each outcome of the `finished` ones, in the order of their numbers;
    what failed is nan, with what went wrong and the command that repeats it. `draws`
    has the parameter draw of each number, where there are such.
    """
    schema = outcome_schema(scenario, is_drawn=draws is not None)
    is_finished = np.isin(np.asarray(numbers, np.int64), np.asarray(finished, np.int64))
    blank = ("", "")
    columns: dict[str, Any] = {
        "replication": arrow.numbers(np.asarray(numbers, np.int64)),
        "error": arrow.texts([failed.get(n, blank)[0] for n in numbers]),
        "repeat": arrow.texts([failed.get(n, blank)[1] for n in numbers]),
    }
    if draws is not None:
        columns["draw"] = arrow.numbers(np.asarray(draws, np.int64))
    for name in outcomes_for(scenario):
        column = np.full(len(numbers), np.nan)
        column[is_finished] = values[name]
        columns[name] = arrow.numbers(column)
    return pa.table([columns[name] for name in schema.names], schema=schema)


class Names(NamedTuple):
    """The names that stand for the numbers of a log."""

    actors: Sequence[str]
    sites: Sequence[str]
    means: Sequence[str]
    operations: Sequence[str]
    stages: Sequence[Sequence[str]]
    """Of each operation."""


def names_of(cast: Cast) -> Names:
    """Return the names of a cast."""
    operations = [operation.name for operation in cast.operations]
    stages = [[stage.name for stage in one.stages] for one in cast.operations]
    means = [means.name for means in cast.means]
    return Names(cast.names, cast.sites, means, operations, stages)


def log_table(names: Names, rows: Rows, numbers: Any) -> Table:
    """Return rows of logs as a table, without a Python object for each of them.

    `numbers` has each row's replication.
    """
    if not len(rows.records):
        return LOG_SCHEMA.empty_table()
    records, effects = rows
    first = np.cumsum([0, *map(len, names.stages)])
    stages = [name for stages in names.stages for name in stages]
    stage = records["stage"]
    columns: dict[str, Any] = {
        "replication": arrow.numbers(np.asarray(numbers, np.int64)),
        "time_days": arrow.numbers(records["time"]),
        "record_type": coded(records["record_type"], _RECORD_TYPES),
        "identity": hexadecimals(records["low"], records["high"]),
        "cause": hexadecimals(records["cause_low"], records["cause_high"]),
        "actor": coded(records["actor"], names.actors),
        "act": coded(records["act"], _ACTS),
        "target": coded(records["target"], names.actors),
        "site": coded(records["site"], names.sites),
        "operation": coded(records["operation"], names.operations),
        "stage": coded(
            np.where(stage >= 0, first[records["operation"]] + stage, -1), stages
        ),
        "confidence": arrow.numbers(records["confidence"]),
        "reported": arrow.flags(records["is_reported"]),
        "reported_actor": coded(records["reported_actor"], names.actors),
        "origin": coded(records["origin"], [o.name.lower() for o in Origin]),
    }
    # Only incidents have effects: perceptions and stages change nothing of the world.
    at = np.flatnonzero(records["effect"])
    number = records["effect"][at]
    is_met: Any = effects.any(axis=0)
    for name in EFFECT_COLUMNS:
        field = Effect._fields.index(name)
        column: Any = np.zeros(
            len(records), np.float64 if name == "force" else np.int32
        )
        if is_met[field]:
            column[at] = effects[:, field][number]
        columns[name] = (
            coded(column - 1, names.means) if name == "means" else arrow.numbers(column)
        )
    return pa.table([columns[name] for name in COLUMNS], schema=LOG_SCHEMA)


def record_frame(log: IncidentLog) -> pd.DataFrame:
    """Return the rows of one replication's log as a DataFrame, in order.

    Its columns are the log's contract (`sim.engine.log.COLUMNS`). Names are categories,
    empty for none; times are days since the scenario's start.
    """
    names = Names(log.actors, log.sites, log.means, log.operations, log.stages)
    numbers = np.full(len(log.records), log.replication)
    return log_table(names, rows_of(log), numbers).to_pandas()


def coded(codes: Any, names: Sequence[str]) -> Any:
    """Return names by number, -1 being the empty name; names may come twice."""
    every = (*names, "")
    unique = list(dict.fromkeys(every))
    place = np.array([unique.index(name) for name in every], np.int32)
    return pa.DictionaryArray.from_arrays(
        arrow.numbers(place[codes]), arrow.texts(unique), safe=False
    )


def hexadecimals(low: Any, high: Any) -> Any:
    """Return identities as 32 hexadecimal digits, or empty texts for none.

    >>> hexadecimals(np.array([10, 0], np.uint64), np.array([1, 0], np.uint64))[0]
    <pyarrow.StringScalar: '0000000000000001000000000000000a'>
    """
    words = np.empty((len(low), 2), ">u8")
    words[:, 0], words[:, 1] = high, low
    is_one = (low != 0) | (high != 0)
    some = words if is_one.all() else words[is_one]
    digits = hexlify(some.data)
    ends = np.zeros(len(low) + 1, np.int32)
    np.cumsum(32 * is_one, out=ends[1:])
    return pa.StringArray.from_buffers(
        len(low), pa.py_buffer(ends), pa.py_buffer(digits)
    )
