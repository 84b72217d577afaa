"""Columns of Arrow made from NumPy's memory.

`pyarrow.array` asks whether what it is given is of pandas, and loads pandas to ask: a
third of a second that a run spends for nothing. Memory that is handed over as it is
asks nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

Column = Any
"""A `pyarrow.Array`; pyarrow ships no types."""


def numbers(values: Any) -> Column:
    """Return numbers as a column without nulls, of the same type.

    >>> numbers(np.array([1.5, 2.0])).to_pylist()
    [1.5, 2.0]
    """
    whole = np.ascontiguousarray(values)
    kind = pa.from_numpy_dtype(whole.dtype)
    return pa.Array.from_buffers(kind, len(whole), [None, pa.py_buffer(whole)])


def flags(values: Any) -> Column:
    """Return true and false as a column without nulls, eight in a byte.

    >>> flags(np.array([True, False, True])).to_pylist()
    [True, False, True]
    """
    bits = np.packbits(values, bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(bits)])


def texts(values: Sequence[str]) -> Column:
    """Return texts as a column without nulls.

    >>> texts(["Taji", "", "K-1"]).to_pylist()
    ['Taji', '', 'K-1']
    """
    whole = [value.encode() for value in values]
    ends = np.cumsum([0, *(len(value) for value in whole)], dtype=np.int32)
    return pa.StringArray.from_buffers(
        len(whole), pa.py_buffer(ends), pa.py_buffer(b"".join(whole))
    )


def values_of(column: Any) -> Any:
    """Return a column of numbers without nulls as NumPy's array.

    >>> values_of(pa.chunked_array([numbers(np.array([1.5])), numbers(np.zeros(2))]))
    array([1.5, 0. , 0. ])
    """
    parts = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    kind = column.type.to_pandas_dtype()
    size = np.dtype(kind).itemsize
    parts = [
        np.frombuffer(part.buffers()[1], kind, len(part), part.offset * size)
        for part in parts
        if len(part)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, kind), *parts])
