"""Rows of a driver as the table of records that a part holds, column by column.

The table is the one that `sim.ensemble.frames.record_table` makes of the same logs; it
is made without a Python object for each record.
"""

from __future__ import annotations

from binascii import hexlify
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from sim.engine.log import COLUMNS, EFFECT_COLUMNS, Origin, RecordType
from sim.ensemble import arrow
from sim.ensemble.frames import RECORD_SCHEMA, Table
from sim.ladder import Act
from sim.rules.behaviour import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine.cast import Cast
    from sim.engine.log import Rows

_ACTS: Final = tuple("" if act == Act.NONE else act.name.lower() for act in Act)


def row_table(cast: Cast, rows: Rows, numbers: Any) -> Table:
    """Return records as a table with the columns of the log's contract.

    Parameters
    ----------
    cast
        The cast that they are of.
    rows
        Records of some replications, one after another.
    numbers
        Number of each row's replication.
    """
    if not len(rows):
        return RECORD_SCHEMA.empty_table()
    first = np.cumsum([0] + [len(operation.stages) for operation in cast.operations])
    stages = [s.name for operation in cast.operations for s in operation.stages]
    stage = rows["stage"]
    operations = [operation.name for operation in cast.operations]
    columns: dict[str, Any] = {
        "replication": arrow.numbers(np.asarray(numbers, np.int64)),
        "time_days": arrow.numbers(rows["time"]),
        "record_type": coded(rows["record_type"], [t.name.lower() for t in RecordType]),
        "identity": hexadecimals(rows["low"], rows["high"]),
        "cause": hexadecimals(rows["cause_low"], rows["cause_high"]),
        "actor": coded(rows["actor"], cast.names),
        "act": coded(rows["act"], _ACTS),
        "target": coded(rows["target"], cast.names),
        "site": coded(rows["site"], cast.sites),
        "operation": coded(rows["operation"], operations),
        "stage": coded(
            np.where(stage >= 0, first[rows["operation"]] + stage, -1), stages
        ),
        "confidence": arrow.numbers(rows["confidence"]),
        "reported": arrow.flags(rows["is_reported"]),
        "reported_actor": coded(rows["reported_actor"], cast.names),
        "origin": coded(rows["origin"], [o.name.lower() for o in Origin]),
    }
    # Only incidents have effects: perceptions and stages change nothing of the world.
    at = np.flatnonzero(rows["record_type"] == RecordType.INCIDENT)
    effects = rows["effect"][at]
    for name in EFFECT_COLUMNS:
        column = np.zeros(len(rows), np.float64 if name == "force" else np.int32)
        column[at] = effects[:, Effect._fields.index(name)]
        columns[name] = arrow.numbers(column)
    return pa.table([columns[name] for name in COLUMNS], schema=RECORD_SCHEMA)


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
    digits = hexlify(words[is_one].tobytes())
    ends = np.zeros(len(low) + 1, np.int32)
    np.cumsum(32 * is_one, out=ends[1:])
    return pa.StringArray.from_buffers(
        len(low), pa.py_buffer(ends), pa.py_buffer(digits)
    )
