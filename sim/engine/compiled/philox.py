"""Keyed draws in compiled code: the scheme of `sim.draws`, in 64-bit words."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types, uint64
from numba.extending import intrinsic

from sim.draws import DOMAIN
from sim.engine.compiled.inner import inner

_ROUND = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
_WEYL = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))
_ONE = np.uint64(1)
_DROP = np.uint64(11)
_DOMAIN = np.uint64(DOMAIN)
_UNIT = 2.0**-53


@intrinsic
def _product(typing_context: Any, a: Any, b: Any) -> Any:
    """Return the high and the low 64 bits of a product, of one multiplication."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word, wide = ir.IntType(64), ir.IntType(128)
        x, y = (builder.zext(argument, wide) for argument in arguments)
        product = builder.mul(x, y)
        high = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), word)
        low = builder.trunc(product, word)
        return context.make_tuple(builder, signature.return_type, (high, low))

    return types.UniTuple(types.uint64, 2)(types.uint64, types.uint64), generate


@inner
def words(k0: int, k1: int, c0: int, c1: int, c2: int, c3: int):
    """Return the four words of one Philox4x64-10 block."""
    for _ in range(10):
        h0, l0 = _product(_ROUND[0], c0)  # pyright: ignore
        h1, l1 = _product(_ROUND[1], c2)  # pyright: ignore
        c0, c1, c2, c3 = h1 ^ c1 ^ k0, l1, h0 ^ c3 ^ k1, l0
        k0, k1 = k0 + _WEYL[0], k1 + _WEYL[1]
    return c0, c1, c2, c3


@inner
def child(low: int, high: int, rule: int, label: int, ordinal: int):
    """Return the identity (low, high) of a child; see `sim.draws.child`."""
    a, b, _, _ = words(low, high, uint64(ordinal) + _ONE, label, rule, _DOMAIN)
    return a, b


@inner
def block(root_seed: int, number: int, low: int, high: int, purpose: int, index: int):
    """Return four uniforms in [0, 1); see `sim.draws.Draws.block`."""
    a, b, c, d = words(
        root_seed, number, uint64(index) + _ONE, uint64(purpose), low, high
    )
    return (
        (a >> _DROP) * _UNIT,
        (b >> _DROP) * _UNIT,
        (c >> _DROP) * _UNIT,
        (d >> _DROP) * _UNIT,
    )
