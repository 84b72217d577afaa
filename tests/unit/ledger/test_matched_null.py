"""The null beside a model: as many attacks, and nothing that answers comes back."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim import memo
from sim.ensemble.ensemble import run_ensemble
from sim.ensemble.executors import Threads
from sim.ledger.matched_null import CLOSE, MATCHED_BY, matched_null
from sim.record.table import beside_null, count_sentence, record_markdown, record_rows
from tests.builders import calm, hot
from tests.unit.pictures.test_run import target

if TYPE_CHECKING:
    from pathlib import Path


def test_the_null_has_as_many_attacks() -> None:
    """A factor is found, above 1 where feedback makes attacks, and the same twice."""
    eager = {"base_rate": 0.12, "retaliation_share": 1.0}
    scenario = hot(horizon=80.0, militia_params=eager)
    model = run_ensemble(scenario, replications=40, root_seed=3)
    null = matched_null(model, ("n_raids",))
    assert null.is_matched
    assert null.replications == 40
    assert null.wanted == model.outcomes[MATCHED_BY].mean()
    assert null.columns[MATCHED_BY].mean() == null.reached
    assert abs(null.reached - null.wanted) <= CLOSE * null.wanted
    assert null.factor > 1.1
    assert f"{null.factor:.3f}" in null.sentence()
    with Threads(2) as threads:
        assert matched_null(model, ("n_raids",), workers=threads)[:4] == null[:4]


def test_the_factor_is_kept_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scenario of a file is searched once; what is damaged is searched anew."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    eager = {"base_rate": 0.12, "retaliation_share": 1.0}
    scenario = replace(hot(horizon=80.0, militia_params=eager), path="eager.yaml")
    model = run_ensemble(scenario, replications=40, root_seed=3)
    steps: list[float] = []

    def counted(*arguments: Any, **more: Any) -> Any:
        steps.append(1.0)
        return run_ensemble(*arguments, **more)

    monkeypatch.setattr("sim.ledger.matched_null.run_ensemble", counted)
    null = matched_null(model, ())
    n_steps = len(steps)
    assert n_steps > 1
    assert matched_null(model, ())[:4] == null[:4]
    assert len(steps) == n_steps + 1
    (kept,) = (tmp_path / "escalade" / memo.FOLDER).iterdir()
    kept.write_text("[0.7, 1.0]", "utf-8")
    assert matched_null(model, ())[:4] == null[:4]
    assert len(steps) > n_steps + 2
    other = run_ensemble(scenario, replications=20, root_seed=4)
    matched_null(other, ())
    assert len(list(kept.parent.iterdir())) == 2
    steps.clear()
    silent = calm(horizon=50.0, militia_params={"base_rate": 0.0})
    without = replace(model, scenario=replace(silent, path="silent.yaml"))
    none = matched_null(without, ())
    n_steps = len(steps)
    assert not none.is_matched
    assert matched_null(without, ())[1:] == none[1:]
    assert len(steps) == n_steps


def test_a_model_that_only_answers_has_no_null() -> None:
    """Where a calm rate is so low that none comes, no factor brings the replies."""
    model = run_ensemble(calm(horizon=40.0), replications=20)
    silent = calm(horizon=40.0, militia_params={"base_rate": 0.0})
    null = matched_null(replace(model, scenario=silent), ())
    assert not null.is_matched
    assert isnan(null.factor)
    assert (null.wanted > 0.0, null.reached) == (True, 0.0)
    assert "No null stands beside it" in null.sentence()


def test_null_and_model_are_counted_alike() -> None:
    """A statistic outside the null's interval is marked, and the sentence counts it."""
    import pandas as pd

    frame = pd.DataFrame({"n_rocket_attacks": np.arange(20.0), "n_raids": np.ones(20)})
    rows = record_rows(
        frame, [target(value=10.0), target(outcome="n_raids", value=1.0)]
    )
    assert "is not known here" in count_sentence(rows)
    assert "Null" not in record_markdown(rows)
    columns = {"n_rocket_attacks": np.full(9, 3.0), "n_raids": np.ones(9)}
    beside = beside_null(rows, columns)
    assert [row.is_inside_null for row in beside] == [False, True]
    assert beside[0].null_percentile == 100.0
    assert isnan(rows[0].null_percentile)
    text = count_sentence(beside)
    assert "interval in 2; inside that of the null, without any feedback, in 1" in text
    assert "no evidence" in text
    table = record_markdown(beside).splitlines()
    assert "Null 5 % – 95 %" in table[0]
    assert "3 – 3 **outside**" in table[2]
    assert len({line.count("|") for line in table}) == 1


@pytest.mark.parametrize("value", [0.0, 40.0])
def test_a_model_far_ahead_is_not_called_no_evidence(value: float) -> None:
    """Where the null meets four statistics fewer, the count is left to speak."""
    import pandas as pd

    names = ("n_raids", "n_arrests", "n_releases", "n_claims")
    frame = pd.DataFrame({name: np.full(9, value) for name in names})
    rows = record_rows(frame, [target(outcome=name, value=value) for name in names])
    columns = {name: np.full(9, value + 1.0) for name in names}
    text = count_sentence(beside_null(rows, columns))
    assert "in 4; inside that of the null" in text
    assert "no evidence" not in text
