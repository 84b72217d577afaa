"""Show what the benchmarks measured, below their dots: `make bench`."""

from __future__ import annotations

from typing import Any, Final

import pytest

MEASURED: Final = pytest.StashKey[dict[str, dict[str, Any]]]()


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Keep what a benchmark has noted, while its fixture is there."""
    benchmark = getattr(item, "funcargs", {}).get("benchmark")
    if benchmark is not None:
        noted = dict(benchmark.extra_info)
        item.config.stash.setdefault(MEASURED, {})[item.name] = noted


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print ratios, seconds and sizes, one a line, under the test that made them."""
    for test, noted in config.stash.get(MEASURED, {}).items():
        terminalreporter.write_line(f"\n{test}")
        for name, value in noted.items():
            values = value if isinstance(value, tuple) else (value,)
            shown = "  ".join(f"{one:>8.3g}" for one in values)
            terminalreporter.write_line(f"  {name:<36}{shown}")
