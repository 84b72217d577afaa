"""Write ``docs/trust.md``, how far to trust it, from the committed results.

Every number of the page is read from a table that a command wrote, so that the page
changes with the evidence and cannot say more than it.
"""

from __future__ import annotations

import re
import textwrap
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from scipy.stats import kstest

from sim.digits import figure, interval_text
from sim.experiment.load import load_experiment
from sim.forecasts.score_table import by_chance
from sim.forecasts.scoring import detectable
from sim.outcomes import OUTCOMES
from sim.record.targets import targets_for

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "trust.md"
VALIDATION: Final = ROOT / "docs" / "validation.md"
EXPERIMENTS: Final = ROOT / "experiments"
FIT, FORECASTS, RIVALS = (
    "c01_iraq_2019_2020",
    "f01_monthly_origins",
    "r01_rival_theories",
)
JULY, PARTS = "e10_lightly_or_hard", "e09_us_postures_from_july"
ENDOGENOUS: Final = "iraq_endogenous_2019_2020"
LITTLE: Final = 0.1
"""Shrinkage below which nothing was learned of a parameter."""
INSIDE: Final = (5.0, 95.0)


def trust_page() -> str:
    """Return the whole page."""
    return _wrapped(f"""# How far to trust it

For an analyst who is about to use a number. Written by `python generators/pages.py`
from the committed results ([validation.md](validation.md) has them whole); do not
edit it.

**In short**: a result says what follows *if* the scenario's numbers and rules hold,
exactly and reproducibly. One history of {_attacks():.0f} attacks does not show that
they hold. Use it to find what an answer hangs on, not to read off how likely
something is.

## What the evidence supports

- **What the rules say is computed right.** Code is held to mathematics, each check
  with a fault that it must catch; two engines give the same log to the last bit;
  results do not depend on workers, order, or a kill.
- **The rules can bring about such a history.** {_inside()} {_beside()}
- **The fit finds what was put in.** {_ranks()}
- **Where theories agree, an answer does not hang on which of them is true**, though
  it may hang on the months that are asked about. {_agreed()}

## What it does not

- **Which theory is true.** {_named()}
- **An answer whose sign differs between theories.** {_differing()}
- **Whether it forecasts better than a rule of thumb.** {_forecasts()}
- **Numbers that the record does not speak of.** {_unlearned()} They are drawn
  about as widely as before wherever a posterior is used (`--posterior`); most numbers
  of a scenario are assumed and have a range of their own (`compare --draws 100`).
- **How likely the rare is.** A storming, the killing of a commander, a direct
  exchange came once or never: their rates rest on classes of like cases elsewhere.
  {_rare()}
- **That it is free of hindsight.** No number after 5 July 2020 sets a parameter, but
  those who wrote the rules knew the history. Only forecasts that were published
  before a revision are free of hindsight about the revision.

## What would settle it

- **Between theories**: {_windows()} Busier theatres are worth more than longer quiet
  ones.
- **Between it and a rule of thumb**: to show a difference of half a standard
  deviation takes {_months()} windows of a month; there are {_n_windows()}.
- **The sign of an answer**: what a blow does to the attacks that follow
  (`blow_shift`), whose range lies on both sides of 0. Try it at both ends before
  using any answer that involves strikes.
- **The open forecasts** in `experiments/f02_after_the_record`, when somebody codes
  what came.

## Before you use an answer

1. `escalade check` the scenario: which numbers are assumed, and how wide is their
   range?
2. `compare --posterior`, or `--draws 100`: does the sign stay over what is not known?
3. `escalade rivals`, half an hour
   ([how](howto.md#ask-whether-an-answer-hangs-on-the-theory)): does it stay whatever
   brings attacks about?
4. Say with the answer what it hangs on, and what it is: [Responsible
   use](responsible.md). If no number is found, take more draws: few
   draws find only strong ones.
""")


def _wrapped(text: str) -> str:
    """Wrap the paragraphs and the items of lists anew, whatever was filled in."""
    blocks: list[str] = []
    for block in text.strip().split("\n\n"):
        items: list[str] = []
        for line in block.split("\n"):
            if not items or re.match(r"- |\d\. ", line):
                items.append(line)
            else:
                items[-1] += f" {line.strip()}"
        indents = [len(item.split(" ")[0]) + 1 for item in items]
        is_list = block.startswith(("- ", "1. "))
        blocks.append(
            "\n".join(
                textwrap.fill(
                    item,
                    96,
                    subsequent_indent=" " * (indent if is_list else 0),
                    break_long_words=False,
                    break_on_hyphens=False,
                )
                for item, indent in zip(items, indents, strict=True)
            )
        )
    return "\n\n".join(blocks) + "\n"


def renew(check: bool) -> bool:
    """Write the page where it is stale, unless `check`; return whether it is."""
    text = trust_page()
    is_stale = not PAGE.is_file() or PAGE.read_text("utf-8") != text
    if is_stale and not check:
        PAGE.write_text(text, "utf-8")
    return is_stale


def _table(experiment: str, name: str, **options: Any) -> Any:
    return pd.read_csv(EXPERIMENTS / experiment / name, **options)


def _listed(words: Sequence[str], last: str = "and") -> str:
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final


def _attacks() -> float:
    targets = _table(FIT, "targets.csv").set_index("target")
    return float(targets.loc["n_rocket_attacks", "record"])


def _inside() -> str:
    targets = _table(FIT, "targets.csv")
    checked = targets[targets["role"] == "only checked"].set_index("target")
    places = checked["post._percentile"]
    is_inside = (places >= INSIDE[0]) & (places <= INSIDE[1])
    experiment = load_experiment(EXPERIMENTS / FIT)
    free = [
        target.name
        for target in targets_for(experiment.scenario, experiment.until)
        if target.name in checked.index and not target.used_to_set
    ]
    return (
        f"Of {len(free)} statistics from which no number was fitted or set the record "
        "lies between the 5th and the 95th percentile of the fitted model's worlds in "
        f"{is_inside[free].sum()}; of all {len(checked)} that were not fitted, in "
        f"{is_inside.sum()}."
    )


def _beside() -> str:
    text = VALIDATION.read_text("utf-8")
    said = re.search(
        r"one point of the posterior: Of (\d+) statistics the record lies inside the "
        r"model's 5 to 95 % interval in (\d+); inside that of the null, without any "
        r"feedback, in (\d+);",
        text,
    )
    if said is None:
        message = f"{VALIDATION.name} does not say how many statistics the null meets"
        raise ValueError(message)
    every, model, null = said.groups()
    return (
        f"Of all {every}, a point of the fit meets {model}, and the same rules without "
        f"any feedback {null}: so this speaks for no feedback."
    )


def _rare() -> str:
    row = re.search(
        r"\(`direct_exchange_happened_true`\) \| ([\d.]+) % .*? \| (.+? %), (.+? %), "
        r"(.+? %) \|",
        VALIDATION.read_text("utf-8"),
    )
    if row is None:
        message = f"{VALIDATION.name} does not say how likely a direct exchange is"
        raise ValueError(message)
    shipped, low, middle, high = row.groups()
    july = _from_july()["direct_exchange_happened_true"]
    return (
        "A direct exchange between October 2019 and July 2020 has "
        f"{shipped} % with the shipped numbers of `{ENDOGENOUS}`; over their ranges it "
        f"has {low} to {high}, half of them at most {middle}. In the half year from "
        f"July 2020 it has {100.0 * july['reference_mean']:.1f} % with the shipped "
        f"numbers ([{JULY}](../experiments/{JULY}/README.md))."
    )


def _ranks() -> str:
    file = EXPERIMENTS / FIT / "ranks.csv"
    if not file.is_file():
        return (
            "Not tried yet on the fit as it stands (`python experiments/ranks.py c01`)."
        )
    ranks = pd.read_csv(file, comment="#").dropna(subset=["effective_size"])
    places = ranks[[name for name in ranks if name.startswith("parameter:")]]
    hits = (places > 0.05) & (places < 0.95)
    shares, by_truth = hits.mean(), hits.mean(axis=1)
    inside, error = by_truth.mean(), by_truth.std() / len(hits) ** 0.5
    odd = {
        name.partition(":")[2]: float(values.mean())
        for name, values in ranks.filter(regex="^(parameter|statistic):").items()
        if kstest(values, "uniform").pvalue < 0.05 / (len(ranks.columns) - 2)
    }
    verdict = "as they should"
    if abs(inside - 0.9) > 2.0 * error:
        verdict = "somewhat too narrow" if inside < 0.9 else "somewhat too wide"
    return (
        f"Over {len(ranks)} truths that were drawn from the priors, simulated and "
        f"fitted in small, 90 % intervals hold the truth in {100 * inside:.0f} ± "
        f"{100 * error:.0f} % ({100 * shares.min():.0f} to {100 * shares.max():.0f} by "
        f"parameter): {verdict}.{_odd(odd)}"
    )


def _odd(means: dict[str, float]) -> str:
    """Say whose places among their draws are not uniform, beyond chance."""
    if not means:
        return ""
    named = [
        f"`{name}` (drawn a little too {'low' if mean > 0.5 else 'high'})"
        for name, mean in means.items()
    ]
    return f" Not uniform, beyond chance, are the places of {_listed(named)}."


def _sides() -> dict[str, dict[str, int]]:
    """Return the side that each theory tells, by outcome."""
    policy = _table(RIVALS, "policy.csv")
    policy = policy[policy["theory"] != "stacked"]
    return {
        str(outcome): dict(zip(rows["theory"], rows["sign"].astype(int), strict=True))
        for outcome, rows in policy.groupby("outcome", sort=False)
    }


def _agreed() -> str:
    sides = _sides()
    alike = [
        f"{OUTCOMES[outcome].label} {'higher' if 1 in signs else 'lower'}"
        for outcome, by in sides.items()
        if len(signs := set(by.values())) == 1 and 0 not in signs
    ]
    n = len(next(iter(sides.values())))
    if not alike:
        return f"Of treading lightly, {n} theories agree on no outcome."
    return (
        f"Treading lightly from October 2019 on leaves {_listed(alike)} under each of "
        f"{n} theories ([{RIVALS}](../experiments/{RIVALS}/README.md)).{_turned()}"
    )


def _from_july() -> dict[str, Any]:
    """Return what treading lightly from July 2020 on changes, by outcome."""
    rows = _table(JULY, "summary.csv")
    rows = rows[rows["arm"] == "tread_lightly"].set_index("outcome")
    return {str(name): row for name, row in rows.iterrows()}


def _turned() -> str:
    """Say of what all theories agree in that goes the other way from July 2020 on."""
    july, said = _from_july(), list[str]()
    for outcome, by in _sides().items():
        signs = set(by.values())
        if len(signs) > 1 or 0 in signs or outcome not in july:
            continue
        low, high = (july[outcome][f"mean_difference_{end}"] for end in ("low", "high"))
        side = int(low > 0.0) - int(high < 0.0)
        if side and side not in signs:
            scale = 100.0 if july[outcome]["unit"] == "share" else 1.0
            unit = " points" if scale > 1.0 else ""
            value = scale * july[outcome]["mean_difference"]
            ends = interval_text(scale * low, scale * high)
            change = figure(value, scale * (high - low) / 2.0, signed=True)
            said.append(f"{OUTCOMES[outcome].label} ({change}{unit}; {ends})")
    if not said:
        return ""
    return (
        " From July 2020 on, with the shipped numbers, this goes the other way "
        f"([{JULY}](../experiments/{JULY}/README.md)): {_listed(said)}.{_why()}"
    )


def _why() -> str:
    """Say which part of the advice costs authority from July 2020 on."""
    rows = _table(PARTS, "summary.csv")
    rows = rows[rows["outcome"] == "authority_end_true"].set_index("arm")
    parts: Any = rows["mean_difference"]
    none, support = (100.0 * parts[arm] for arm in ("no_strikes", "support_only"))
    if none < 0.0 or support > 0.0:
        return ""
    return (
        f" There no strikes give {none:+.1f} points of authority and support takes "
        f"{-support:.1f}, through the raids that it calls forth "
        f"([{PARTS}](../experiments/{PARTS}/README.md)); before 7 May 2020 the "
        "government looks away."
    )


def _differing() -> str:
    sides = _sides()
    apart = [o for o, by in sides.items() if {-1, 1} <= set(by.values())]
    unsure = [
        OUTCOMES[o].label
        for o, by in sides.items()
        if o not in apart and 0 in by.values()
    ]
    labels = [OUTCOMES[outcome].label for outcome in apart]
    words = (
        f"Of treading lightly that is so for {_listed(labels)}."
        if apart
        else "Of treading lightly none does."
    )
    if unsure:
        words += f" Some theory tells no side of {_listed(unsure)}."
    return words


def _named() -> str:
    theories = _table(RIVALS, "theories.csv")
    best = theories.loc[theories["probability"].idxmax()]
    even = 100.0 / len(theories)
    return (
        f"Of {len(theories)} theories of what brings attacks about the most probable "
        f"has {100 * best['probability']:.0f} %, where all alike would have "
        f"{even:.0f}. The weights by which their forecasts are mixed have standard "
        f"errors of up to {theories['weight_error'].max():.1f}."
    )


def _windows() -> str:
    theories = _table(RIVALS, "theories.csv")
    known = [int(n) for n in theories["windows_enough"] if isfinite(n)]
    n_more = len(theories) - len(known)
    words = (
        "no theory is named in 80 of 100 histories, however many windows were tried."
    )
    if known:
        words = (
            "to name the true one in 80 of 100 cases takes "
            f"{min(known)} to {max(known)} windows like the record"
            + (f", and for {n_more} of them more than were tried" if n_more else "")
            + "."
        )
    return words


def _forecasts() -> str:
    rows = _table(FORECASTS, "differences.csv")
    apart = int(((rows["low"] > 0.0) | (rows["high"] < 0.0)).sum())
    return (
        f"Of {len(rows)} differences to a yardstick {apart} have an interval that "
        f"leaves out 0, where some {by_chance(len(rows))} would by chance "
        f"([{FORECASTS}](../experiments/{FORECASTS}/README.md))."
    )


def _n_windows() -> int:
    return int(_table(FORECASTS, "differences.csv")["windows"].max())


def _months() -> int:
    return next(n for n in range(3, 1000) if detectable(n) <= 0.5)


def _unlearned() -> str:
    rows = _table(FIT, "parameters.csv")
    little = rows[rows["shrinkage"] < LITTLE]["parameter"]
    if not len(little):
        return "Of every fitted parameter something was learned."
    return f"Little was narrowed of {_listed([*little])}."
