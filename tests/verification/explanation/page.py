"""What explanations were measured to hold, for ``docs/validation.md``.

::

    python -m tests.verification.explanation.page           renew all (some minutes)
    python -m tests.verification.explanation.page links     renew the links alone
"""

from __future__ import annotations

import re
import sys
import time
from typing import Final

from sim.digits import markdown_table
from sim.ensemble.ensemble import run_ensemble
from sim.scenario.load import load
from tests.verification.coverage import PAGE
from tests.verification.explanation.links import checked, shares
from tests.verification.explanation.test_links import REACH, RUN
from tests.verification.explanation.toys import GROUPS, OF_A_GROUP, TOYS, coverage


def coverage_part() -> str:
    """Return how often intervals of the toys cover their closed forms."""
    rows: list[tuple[str, ...]] = []
    for name, make in TOYS.items():
        toy = make()
        found = coverage(toy)
        truths = (f"{toy.truth:.3f}", f"{toy.share_gone:.3f}")
        rows.append((name, *truths, *(f"{100.0 * share:.1f}" for share in found)))
        sys.stderr.write(f"{name}: {found}\n")
    heads = ("toy", "probability", "share of a count", "interval", "half the width",
             "bounds with error", "interval of the count")  # fmt: skip
    intro = (
        f"Three toys with closed forms, {GROUPS:,} groups of {OF_A_GROUP} replications "
        "each: how many per cent of the 95 % intervals cover the truth (standard error "
        "0.7):"
    )
    return f"{intro}\n\n{markdown_table(heads, rows, numbers=range(1, 7))}"


def links_part() -> str:
    """Return what checking the links of many explanations came to."""
    scenario = load("iraq_endogenous_2019_2020")
    run = run_ensemble(scenario, replications=RUN, root_seed=18, engine="compiled")
    checked(run, 1, "compiled")  # compile
    began = time.process_time()
    paths, total, reached = shares(run, "compiled")
    explained = time.process_time() - began
    began = time.process_time()
    found = checked(run, REACH, "compiled")
    took = time.process_time() - began
    confirmed = "each of the latter"
    if found.wrong:
        confirmed = f"all of the latter but {len(found.wrong)}"
    return (
        f"`{scenario.name}`, the first strike of the first {found.n:,} replications "
        f"that reach one: {found.n_causes + found.n_contributors:,} links, of which "
        f"{found.n_causes:,} stand in the log's column of causes and "
        f"{found.n_contributors:,} are contributors; a replay of its own, to the run's "
        f"end, confirms {confirmed}, and without the cause "
        f"{found.n_causes_confirmed:,} of the former do not happen. Of {found.n:,} "
        f"chains {found.n_carried:,} carry through: the last needs each of them. Of "
        f"{paths.n:,} replications {paths.n_reached:,} have a way to the strike, the "
        f"outcomes count {reached:,}, and the shares add up to {total:.6f}. On one "
        f"core the ways of {paths.n:,} replications took {explained:.0f} s of "
        f"processor time, and explaining {found.n:,} and confirming each link "
        f"{took:.0f} s."
    )


PARTS: Final = {"explanations": coverage_part, "links": links_part}
"""What makes the text between ``<!-- NAME: begin -->`` and ``<!-- NAME: end -->``."""


def main(names: list[str]) -> int:
    """Renew the parts that are named, all if none is."""
    for name in names or PARTS:
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        part = PARTS[name]().rstrip()
        text = PAGE.read_text(encoding="utf-8")
        pattern = re.compile(f"{begin}.*?{end}", re.DOTALL)
        if len(pattern.findall(text)) != 1:
            sys.stderr.write(f"{PAGE.name} wants one part from {begin} to {end}\n")
            return 1
        page = pattern.sub(lambda _, new=f"{begin}\n\n{part}\n\n{end}": new, text)
        PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
