"""What came of rival theories, as a page and as tables: the policy's sign first."""

from __future__ import annotations

from math import isfinite, nan, sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.analytic.dates import LAWS
from sim.digits import capital, figure, interval_text, markdown_table
from sim.files import write_text
from sim.forecasts.score_table import forecaster_label
from sim.forecasts.scoring import LOG
from sim.forecasts.yardstick import YARDSTICKS
from sim.outcomes import outcomes_for
from sim.theories.bank import ENOUGH, HISTORIES, LONGEST, SURE, TRIED
from sim.theories.structure import plan_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.theories.policy import Answer
    from sim.theories.rivals import Rivals

PAGE: Final = "rivals.md"
TABLES: Final = ("policy.csv", "theories.csv", "naming.csv", "scores.csv")
REFERENCE: Final = "constant_rate"
"""Yardstick that differences of scores are told against."""
_SIDES: Final = {-1: "lower", 1: "higher", 0: "not told"}


def write_page(rivals: Rivals) -> str:
    """Write page and tables into the folder; return the page."""
    text = page_of(rivals)
    write_text(rivals.path / PAGE, text)
    import pandas as pd

    tables = (
        policy_rows(rivals),
        theories_rows(rivals),
        naming_rows(rivals),
        scores_rows(rivals),
    )
    for name, rows in zip(TABLES, tables, strict=True):
        frame: Any = pd.DataFrame(rows)
        content: str = frame.to_csv(index=False, float_format="%.6g")
        write_text(rivals.path / name, content)
    return text


def page_of(rivals: Rivals) -> str:
    """Return the whole page, Markdown, from the second level of headings on."""
    plan = plan_of(rivals.experiment)
    arms = plan.policy
    size = arms.size
    parts = [
        f"## {capital(arms.arm.label)}, against: {arms.reference.label}",
        signs_sentence(rivals),
        _policy_table(rivals),
        f"Mean of the difference with its 95 % interval, over {size.draws} draws of "
        f"each theory's fit × {size.replications} coupled replications of "
        f"`{arms.experiment.scenario.name}`; in brackets, where it can be told from "
        "chance, what 95 % of the draws imply. *Stacked* weighs the theories' answers "
        "by how they forecast (below), to the digits that the answers' own error "
        "allows.",
        "## How well each theory forecast",
        _scores_table(rivals),
        _scores_words(rivals),
        "## Could the theories be told apart",
        naming_sentence(rivals),
        _naming_table(rivals),
        _naming_words(rivals),
        "## What each theory is",
        _theories_table(rivals),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def signs_sentence(rivals: Rivals) -> str:
    """Say first where the sign of the answer differs between theories.

    A theory tells a side where its 95 % interval leaves out no difference.
    """
    labels = _outcome_labels(rivals)
    names = [*rivals.labels.values()]
    said: list[str] = []
    for place, label in enumerate(labels):
        sides = [answers[place].sign for answers in rivals.answers]
        if {-1, 1} <= set(sides):
            groups = [
                f"{word} under {_listed(_those(names, sides, side))}"
                for side, word in _SIDES.items()
                if side in sides
            ]
            said.append(f"{capital(label)}: {'; '.join(groups)}")
    n = len(labels)
    if said:
        return (
            f"**The sign of the answer differs between theories for {len(said)} of {n} "
            f"outcomes.** {'. '.join(said)}. There no answer holds whatever brings "
            "attacks about."
        )
    alike = [
        f"{label} ({_SIDES[next(iter(sides))]})"
        for place, label in enumerate(labels)
        if len(sides := {answers[place].sign for answers in rivals.answers}) == 1
        and 0 not in sides
    ]
    same = (
        f"All {len(names)} tell the same side of {_listed(alike)}."
        if alike
        else "Of no outcome do all tell a side."
    )
    return (
        "**The sign of the answer differs between theories for none of "
        f"{n} outcomes.** {same} Where one does not tell a side, that is no "
        "agreement: its effect is too small for so many replications, or none."
    )


def naming_sentence(rivals: Rivals) -> str:
    """Say whether the record names a theory, and how many windows would."""
    named, names = rivals.named, [*rivals.labels.values()]
    best = int(named.record.argmax())
    n = int(rivals.bank.observed[_attacks_place(rivals)])
    words = [
        f"{name} {w}" if (w := named.enough(k)) else f"{name} more than {LONGEST[-1]}"
        for k, name in enumerate(names)
    ]
    verdict = (
        f"The record of {n} attacks names {names[best]}"
        if named.is_named
        else f"The record of {n} attacks names none"
    )
    return (
        f"**{verdict}**: {names[best]} comes first with a probability of "
        f"{100 * named.record[best]:.0f} %, were all alike likely before; a name takes "
        f"{100 * SURE:.0f} %. To name the true theory in {100 * ENOUGH:.0f} of 100 "
        f"histories takes, in windows of {rivals.theories[0].fit.until:.0f} days like "
        f"this one: {_listed(words)}."
    )


def _outcome_labels(rivals: Rivals) -> list[str]:
    policy = plan_of(rivals.experiment).policy
    table = outcomes_for(policy.experiment.scenario)
    return [table[name].label for name in policy.outcomes]


def _attacks_place(rivals: Rivals) -> int:
    from sim.record.targets import targets_for

    fit = rivals.theories[0].fit
    names = [t.outcome for t in targets_for(fit.scenario, fit.until)]
    return names.index("n_rocket_attacks") if "n_rocket_attacks" in names else 0


def _those(names: Sequence[str], sides: Sequence[int], side: int) -> list[str]:
    return [name for name, one in zip(names, sides, strict=True) if one == side]


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _cell(answer: Answer) -> str:
    half = (answer.high - answer.low) / 2.0
    text = f"{figure(answer.value, half, signed=True)} "
    text += f"({interval_text(answer.low, answer.high, signed=True)})"
    if answer.draws_high > answer.draws_low:
        drawn = interval_text(answer.draws_low, answer.draws_high, signed=True)
        text += f" [{drawn}]"
    return text


def _policy_table(rivals: Rivals) -> str:
    labels = _outcome_labels(rivals)
    rows: list[list[str]] = []
    for place, label in enumerate(labels):
        value, error = rivals.stacked_answer(place)
        cells = [_cell(answers[place]) for answers in rivals.answers]
        stacked = figure(value, 1.96 * error, signed=True)
        rows.append([label, *cells, stacked])
    heads = ["outcome", *rivals.labels.values(), "stacked"]
    return markdown_table(heads, rows, numbers=range(1, len(heads)))


def _scores_table(rivals: Rivals) -> str:
    rows: list[list[str]] = []
    for row in scores_rows(rivals):
        error, weight = row["difference_error"], row["weight"]
        rows.append(
            [
                rivals.labels.get(row["forecaster"])
                or forecaster_label(row["forecaster"]),
                f"{row['log_score']:.3f}",
                figure(row["difference"], 1.96 * error, signed=True)
                + (f" ± {error:.2g}" if error > 0.0 else ""),
                f"{weight:.2f} ± {row['weight_error']:.2f}" if isfinite(weight) else "",
            ]
        )
    heads = ["forecaster", "log score of a window", "against a constant rate", "weight"]
    return markdown_table(heads, rows, numbers=(1, 2, 3))


def _scores_words(rivals: Rivals) -> str:
    windows = sorted({(s.origin, s.end) for s in rivals.scores})
    n = len({s.question for s in rivals.scores})
    return (
        f"{len(windows)} windows, {windows[0][0]} to {windows[-1][1]}, {n} questions "
        "each; every theory is refitted at each origin to what was known then. A "
        "window's score is the sum over its questions, smaller is better; differences "
        "with their standard error over windows. Weights are those of the mixture of "
        "theories that would have forecast best (stacking), with a jackknife error "
        "over windows; they are no probabilities of being true."
    )


def _naming_table(rivals: Rivals) -> str:
    named, plan = rivals.named, plan_of(rivals.experiment)
    rows: list[list[str]] = []
    for k, theory in enumerate(rivals.theories):
        one = theory.structure
        every = [f"{100 * named.by_windows[n][k]:.0f}" for n in plan.windows]
        dates = [named.by_dates[n][k] for n in plan.windows]
        expected = one.expected or [nan] * len(plan.windows)
        rows.append(
            [
                one.label,
                *every,
                *(f"{100 * x:.0f}" if isfinite(x) else "" for x in dates),
                *(f"{100 * x:.0f}" if isfinite(x) else "" for x in expected),
                f"{100 * named.record[k]:.0f}",
            ]
        )
    heads = ["truth"]
    for share in ("named", "by dates alone", "expected of dates"):
        heads += [f"{share}, {n}" for n in plan.windows]
    return markdown_table([*heads, "the record"], rows, numbers=range(1, 11))


def _naming_words(rivals: Rivals) -> str:
    named, plan = rivals.named, plan_of(rivals.experiment)
    n, laws = len(rivals.theories), len(LAWS)
    campaigns, exciting = named.record_dates
    names = [*rivals.labels.values()]
    worst = [
        f"{names[k]} for {names[int(row.argmax())]} ({100 * row.max():.0f} %)"
        for k, row in enumerate(named.taken_for * (1.0 - np.eye(n)))
    ]
    error = 50.0 / sqrt(named.n_histories)
    return (
        f"In percent, by the number of windows; {named.n_histories} histories of each "
        f"theory, so the standard error is {error:.0f} points at most. *Named*: by "
        f"{rivals.bank.summaries.shape[2]} statistics of the reported worlds and the "
        f"exact evidence of the dates, among {n} theories, where chance alone names "
        f"{100 / n:.0f}. It is a multinomial regression on the statistics of a bank of "
        f"{n} × {plan.bank} worlds like the record (the nearest of {TRIED} times as "
        "many, at draws of the priors), and not a count of the nearest worlds, which "
        "would need a bank that grows exponentially with the statistics. *By dates "
        f"alone*: the same histories, by the exact likelihood of their dates under "
        f"{laws} laws (constant rate, campaigns, self-exciting; a forward recursion, "
        f"no simulation), where chance names {100 / laws:.0f}. *Expected of dates*: "
        "what the experiment's file expects, from a study of power with pure laws "
        "(docs/validation.md repeats it with the rules as they are). Each window has "
        "numbers of its own. *The record*: probability of each theory, in percent.\n\n"
        f"A single window is most often taken, beside its own, {'; '.join(worst)}. "
        "How many windows would be enough is told from "
        f"{HISTORIES} histories put together from the windows left out of the "
        f"bank, which beyond {max(plan.windows)} windows share some. On the record's "
        "own dates the exact log Bayes factor against a constant rate is "
        f"{figure(campaigns, 0.02, signed=True)} for campaigns and "
        f"{figure(exciting, 0.02, signed=True)} for a self-exciting process."
    )


def _theories_table(rivals: Rivals) -> str:
    rows: list[list[str]] = []
    for theory, fit in zip(rivals.theories, rivals.fits, strict=True):
        one = theory.structure
        rows.append(
            [
                one.label,
                one.note,
                ", ".join(one.on) or "none",
                str(len(theory.fit.factors)),
                f"{fit.generations[-1].effective_size:.0f}",
                f"{fit.generations[-1].tolerance:.2f}",
            ]
        )
    heads = ["theory", "what it says", "feedbacks that are on", "parameters"]
    return markdown_table([*heads, "worth", "tolerance"], rows, numbers=(3, 4, 5))


def policy_rows(rivals: Rivals) -> list[dict[str, Any]]:
    """Return one row an outcome and theory, unrounded; the stacked answers last."""
    names = [theory.structure.name for theory in rivals.theories]
    rows: list[dict[str, Any]] = [
        {"theory": name, **answer._asdict(), "sign": answer.sign}
        for name, answers in zip(names, rivals.answers, strict=True)
        for answer in answers
    ]
    for place, outcome in enumerate(plan_of(rivals.experiment).policy.outcomes):
        value, error = rivals.stacked_answer(place)
        ends = {"low": value - 1.96 * error, "high": value + 1.96 * error}
        rows.append({"theory": "stacked", "outcome": outcome, "value": value, **ends})
    return rows


def theories_rows(rivals: Rivals) -> list[dict[str, Any]]:
    """Return one row a theory: its fit, its weight, and its probability."""
    return [
        {
            "theory": theory.structure.name,
            "feedbacks": " ".join(theory.structure.on),
            "parameters": len(theory.fit.factors),
            "effective_size": fit.generations[-1].effective_size,
            "tolerance": fit.generations[-1].tolerance,
            "weight": float(rivals.stacked.weights[k]),
            "weight_error": float(rivals.stacked.errors[k]),
            "share_like_record": float(rivals.bank.like_ours[k]),
            "probability": float(rivals.named.record[k]),
            "windows_enough": rivals.named.enough(k) or nan,
        }
        for k, (theory, fit) in enumerate(
            zip(rivals.theories, rivals.fits, strict=True)
        )
    ]


def naming_rows(rivals: Rivals) -> list[dict[str, Any]]:
    """Return one row a theory and number of windows: how often it is named."""
    named = rivals.named
    rows: list[dict[str, Any]] = []
    for k, theory in enumerate(rivals.theories):
        for n in sorted({*named.by_windows, *named.longer}):
            rows.append(
                {
                    "theory": theory.structure.name,
                    "windows": n,
                    **{
                        name: float(shares[n][k]) if n in shares else nan
                        for name, shares in (
                            ("named", named.by_windows),
                            ("named_by_dates", named.by_dates),
                            ("named_resampled", named.longer),
                        )
                    },
                }
            )
    return rows


def scores_rows(rivals: Rivals) -> list[dict[str, Any]]:
    """Return one row a forecaster: the log score of a window, and its weight."""
    windows = sorted({s.origin for s in rivals.scores})
    total: dict[str, np.ndarray[Any, Any]] = {}
    for score in rivals.scores:
        one = total.setdefault(score.forecaster, np.zeros(len(windows)))
        one[windows.index(score.origin)] += score.scores[LOG]
    names = [theory.structure.name for theory in rivals.theories]
    rows: list[dict[str, Any]] = []
    for name, scores in total.items():
        off = scores - total[REFERENCE]
        spread = float(off.std(ddof=1)) if len(off) > 1 else nan
        place = names.index(name) if name in names else None
        rows.append(
            {
                "forecaster": name,
                "log_score": float(scores.mean()),
                "difference": float(off.mean()),
                "difference_error": spread / sqrt(len(off)),
                "weight": nan
                if place is None
                else float(rivals.stacked.weights[place]),
                "weight_error": nan
                if place is None
                else float(rivals.stacked.errors[place]),
            }
        )
    order = [*names, *YARDSTICKS]
    rows.sort(key=lambda row: order.index(row["forecaster"]))
    return rows
