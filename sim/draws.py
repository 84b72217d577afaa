"""Every random number belongs to the thing it decides, and to nothing else.

A draw is a pure function of (root_seed, replication, identity, purpose, index), so it
cannot depend on workers, on the order of events, or on who else is in the scenario.

The scheme
----------
The cipher is Philox4x64-10 (Salmon et al. 2011): a key of two 64-bit words and a
counter of four give four 64-bit words. Words are listed from the least significant.

- **Draw.** key = (root_seed, replication); counter = (index + 1, purpose, identity mod
  2**64, identity div 2**64). Each word w becomes u = (w >> 11) * 2**-53, in [0, 1).
- **Identity.** A 128-bit integer; ``ROOT`` is 0. A child has key = (parent mod 2**64,
  parent div 2**64); counter = (ordinal + 1, label, rule, ``DOMAIN``). Of the four words
  the first is its low half, the second its high half; the rest are dropped.
- **Name.** rule and label are names as words: BLAKE2b with an 8-byte digest of the
  UTF-8 text, read little endian. ``DOMAIN`` is the word of ``"identity"``; a draw could
  meet it only for an identity whose high half is that very number.

The counter starts at 1 because NumPy's Philox adds one before each block: NumPy set to
counter (index, purpose, ...) and key as above gives the same words.

Known answers (integers are easier to compare than floats: multiply u by 2**53):

>>> hex(name_word("rocket_attack"))
'0x52296b45f321c8ea'
>>> hex(child(ROOT, name_word("militia"), name_word("kataib"), 0))
'0xb993e48a8967208ee5eaf1fa06eeff32'
>>> [int(u * 2**53) for u in Draws(7, 412).block(2**64 + 5, Purpose.DELAY, 3)]
[695753931333098, 5132576337118329, 7968449218097893, 4622255394674426]
"""

from __future__ import annotations

import threading
from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, Protocol, cast, overload

from numpy import uint64
from numpy.random import Philox

if TYPE_CHECKING:
    from numpy.typing import NDArray

    class Raw(Protocol):
        """A generator's words: the next one, or the next n."""

        @overload
        def __call__(self) -> int: ...
        @overload
        def __call__(self, size: int) -> NDArray[uint64]: ...


_Block = tuple[float, float, float, float]

ROOT: Final = 0
"""The identity every other descends from."""

DOMAIN: Final = 0xBE60DDD60786598B
"""Top counter word of identities, ``name_word("identity")``: apart from all draws."""

_WORD: Final = 2**64 - 1
_UNIT: Final = 2.0**-53
_DROPPED: Final = uint64(11)


class Purpose(IntEnum):
    """What a draw is for. The numbers are a contract: append, never renumber."""

    CANDIDATE = 1
    CHOICE = 2
    DELAY = 3
    STAGES = 4
    EFFECT = 5
    PLACE = 6
    NOTICE = 7
    EVIDENCE = 8
    OBSERVATION = 9
    INTERRUPTION = 10
    START = 11
    MEANS = 12


class _Cipher(threading.local):
    """One NumPy Philox a thread, given key and counter anew before every use.

    Creating a Philox costs 10 microseconds, assigning its state 0.5. The state is one
    dict that is kept; tuples in it are read faster than arrays.
    """

    def __init__(self) -> None:
        philox, place = Philox(key=0), dict[str, tuple[int, ...]]()
        state: Any = {
            "bit_generator": "Philox",
            "state": place,
            "buffer": (0, 0, 0, 0),
            "buffer_pos": 4,
            "has_uint32": 0,
            "uinteger": 0,
        }
        # One attribute, since looking one up in a thread's own costs 0.1 microseconds.
        self.parts = philox, place, state, cast("Raw", philox.random_raw)


_CIPHER: Final = _Cipher()


def _words(key: tuple[int, int], before: tuple[int, int, int, int]) -> Raw:
    """Return what gives the words from the block after the counter ``before``.

    Called without a number it gives the next word as an int, twice as fast as an array.
    It holds until the thread's next call of this function.
    """
    philox, place, state, raw = _CIPHER.parts
    place["key"] = key
    place["counter"] = before
    philox.state = state
    return raw


@lru_cache(maxsize=65536)
def name_word(text: str) -> int:
    """Return the 64-bit word of a name; renaming a thing changes its draws."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


@lru_cache(maxsize=32768)
def child(parent: int, rule: int, label: int, ordinal: int) -> int:
    """Return the identity of the ordinal-th thing a rule makes of its parent.

    ``rule`` and ``label`` are words (``name_word``); ``ordinal`` counts from 0. It is
    the same in every replication, which is why it pays to keep it: from the twentieth
    replication on, nine in ten have been met before.
    """
    word = _words((parent & _WORD, parent >> 64), (ordinal, label, rule, DOMAIN))
    return word() | word() << 64


class Draws:
    """The uniforms of one replication; holds two numbers and no position.

    An identity, purpose or index that does not fit its words raises OverflowError.
    """

    def __init__(self, root_seed: int, replication: int) -> None:
        for name, value in (("root_seed", root_seed), ("replication", replication)):
            if not 0 <= value <= _WORD:
                message = f"{name}: {value} is outside [0, 2**64)"
                raise ValueError(message)
        self.root_seed: Final = root_seed
        self.replication: Final = replication
        self._key = (root_seed, replication)

    def block(self, identity: int, purpose: Purpose, index: int = 0) -> _Block:
        """Return four uniforms in [0, 1)."""
        word = _words(self._key, (index, purpose, identity & _WORD, identity >> 64))
        return (
            (word() >> 11) * _UNIT,
            (word() >> 11) * _UNIT,
            (word() >> 11) * _UNIT,
            (word() >> 11) * _UNIT,
        )

    def one(self, identity: int, purpose: Purpose, index: int = 0) -> float:
        """Return the first uniform of a block."""
        word = _words(self._key, (index, purpose, identity & _WORD, identity >> 64))
        return (word() >> 11) * _UNIT

    def two(self, identity: int, purpose: Purpose) -> tuple[float, float]:
        """Return the first two uniforms of block 0."""
        word = _words(self._key, (0, purpose, identity & _WORD, identity >> 64))
        return (word() >> 11) * _UNIT, (word() >> 11) * _UNIT

    def many(self, identity: int, purpose: Purpose, n: int) -> tuple[float, ...]:
        """Return the n uniforms of blocks 0 to n / 4 - 1; n is a multiple of 4."""
        if n < 0 or n % 4:
            message = f"n: {n} is not a multiple of 4"
            raise ValueError(message)
        return tuple(self._uniforms(identity, purpose, 0, n))

    def blocks(
        self, identity: int, purpose: Purpose, first_index: int, n: int
    ) -> list[_Block]:
        """Return n consecutive blocks, the same floats as n calls of ``block``."""
        flat = iter(self._uniforms(identity, purpose, first_index, 4 * n))
        return list(zip(flat, flat, flat, flat, strict=True))

    def _uniforms(
        self, identity: int, purpose: Purpose, first_index: int, n: int
    ) -> list[float]:
        before = (first_index, purpose, identity & _WORD, identity >> 64)
        words = _words(self._key, before)(n)
        words >>= _DROPPED
        return (words * _UNIT).tolist()
