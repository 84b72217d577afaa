"""Compiled code is loaded by one thread at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("numba")

from sim.engine.cast import Cast
from sim.engine.compiled import driver
from sim.engine.compiled.cache import ONE_AT_A_TIME
from sim.outcomes import compiled
from sim.outcomes.measure import Measure
from tests.builders import calm

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.numba


def is_free() -> bool:
    """Whether another thread could load code now."""
    with ThreadPoolExecutor(1) as other:

        def tries() -> bool:
            if not ONE_AT_A_TIME.acquire(blocking=False):
                return False
            ONE_AT_A_TIME.release()
            return True

        return other.submit(tries).result()


@pytest.mark.parametrize(
    ("module", "loader", "loads"),
    [
        (driver, "_loaded_for", lambda s: driver.CompiledDriver(Cast(s))),
        (compiled, "_compiled", lambda s: Measure(s, 10.0, is_compiled=True)),
    ],
)
def test_nobody_else_loads_meanwhile(
    module: Any,
    loader: str,
    loads: Callable[[Any], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two threads that load the same code at once would run into freed memory."""
    whole, seen = getattr(module, loader), list[bool]()

    def watched(*arguments: Any) -> Any:
        seen.append(is_free())
        return whole(*arguments)

    monkeypatch.setattr(module, loader, watched)
    loads(calm())
    assert seen == [False]
    assert is_free()
