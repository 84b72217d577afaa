"""What the columns of answers' tables mean, one name one meaning, with its unit.

A column `X_low` or `X_high` that is not listed is an end of the 95 % interval of `X`. A
sweep's table has a column for each factor too, in the unit that its file writes.
"""

from __future__ import annotations

from typing import Final

COLUMNS: Final[dict[str, str]] = {
    "act": "what is done, by its name in the files",
    "actor": "who does it, by its name in the files",
    "acts": "the acts of a chain in their order, the outcome last",
    "arm": "name of the arm",
    "arm_mean": "mean of the arm, in the outcome's unit",
    "arm_median": "median of the arm, in the outcome's unit",
    "as_it_was": "the incident in words in the history as it was; empty if not in it",
    "at": "setting of the other numbers at which the mechanism is switched off",
    "basis": "what a number rests on: measured, coded, calibrated or assumed",
    "because": "what it answers, in words",
    "between_draws": "variance of the expected value over the draws of the "
    "parameters, in the outcome's unit squared; chance is taken off, so it may be "
    "below 0",
    "bound_high": "upper bound of the probability, 0 to 1, where only bounds are "
    "known",
    "bound_low": "lower bound of the probability, 0 to 1, where only bounds are known",
    "bounds_from": "lower end of the 95 % interval of `bound_low`",
    "bounds_to": "upper end of the 95 % interval of `bound_high`",
    "cause": "number of the sentence that it answers",
    "date": "day on which it happens",
    "day": "days since the scenario's start",
    "difference": "mean less that of the base cell, replication by replication, in "
    "the outcome's unit",
    "draws_high": "97.5 % quantile over the draws of the parameters, chance taken "
    "off, in the outcome's unit; nan where it cannot be told from chance",
    "draws_low": "2.5 % quantile of the same",
    "effect": "root mean square of a factor's effects, noise taken off, in the "
    "outcome's unit",
    "error": "what went wrong; empty if nothing",
    "estimate": "what `low` and `high` are the interval of, in the outcome's unit: "
    "the mean, a share or a median, as `method` says",
    "example": "number of the first replication that came this way",
    "factor": "name of the factor",
    "first": "share of the outcome's variance that the factor makes by itself",
    "first_seen": "the same, noise of the replications left in",
    "forecaster": "who says it",
    "headline": "name of the column whose interval decides whether arms differ",
    "high": "upper end of the 95 % interval of the value beside it; of a number of a "
    "file, of its range; of a forecast count, the 95 % quantile",
    "is": "how the factor is within the region",
    "is_in_chain": "whether the step is in the chain that leads to the incident",
    "is_same": "whether every byte of the part is the same",
    "is_told": "whether the spread over the draws can be told from chance",
    "kind": "number, date, presence or arm",
    "kolmogorov_smirnov": "largest difference of the arms' distribution functions, 0 "
    "to 1",
    "kolmogorov_smirnov_floor": "95 % of swaps of the arms by chance stay below it",
    "label": "what people call it",
    "levels": "the values of a factor, where they are listed",
    "links": "by which links one incident led to the next",
    "low": "lower end of the same as `high`; of a forecast count, the 5 % quantile",
    "matters": "whether chance would seldom do as much as the factor does",
    "mean": "mean over replications in which it is defined, in the outcome's unit; in "
    "that of a time what never came counts as the horizon; of a difference, arm minus "
    "reference; of a forecast event its probability; of scores lower is better",
    "mean_difference": "mean of the arm less that of the reference, in the outcome's "
    "unit",
    "mechanism": "name of the mechanism in the ledger",
    "median_difference": "median of the arm less that of the reference, in the "
    "outcome's unit",
    "method": "how the interval was made",
    "moved_by": "what moved the decision, in words",
    "mu": "mean of a factor's elementary effects, in the outcome's unit over its "
    "range",
    "mu_star": "mean of their sizes, without sign",
    "n": "replications in which it is defined; of arms compared, all that did not "
    "fail; of chains, those that came this way",
    "n_defined": "pairs in which it is defined; of independent arms replications of "
    "the smaller",
    "n_differing": "pairs whose two values differ; 0 of independent arms",
    "n_draws": "draws of the parameters that are used",
    "n_failed": "replications that failed",
    "n_happened": "replications in which it happened",
    "n_replications": "replications within each draw",
    "n_undefined": "replications in which it is not defined",
    "name": "name of the factor",
    "noise_floor": "size that `mu_star` reaches by chance alone",
    "note": "what is to be known of it, in words",
    "number": "number of the sentence in the story",
    "otherwise": "the incident in words in the other history; empty if not in it",
    "outcome": "name of the outcome",
    "p_value": "how often chance alone does as much, 0 to 1",
    "parameter": "name of the parameter",
    "parameter_high": "97.5 % quantile of the expected value over the draws, chance "
    "taken off, in the outcome's unit",
    "parameter_low": "2.5 % quantile of the same",
    "parameter_share": "share of one replication's variance that unknown parameters "
    "make, 0 to 1",
    "part": "file of the run, by its path in the folder",
    "path": "where a number stands in the scenario",
    "paths": "the paths that a factor sets",
    "point": "number of the design point, from 0",
    "posterior_5": "5 % quantile of the posterior, in the file's unit; likewise "
    "`posterior_50` and `posterior_95`",
    "posterior_50": "median of the posterior",
    "posterior_95": "95 % quantile of the posterior",
    "press": "what the press made of it",
    "prior_5": "5 % quantile of the prior, in the file's unit; likewise `prior_50` "
    "and `prior_95`",
    "prior_50": "median of the prior",
    "prior_95": "95 % quantile of the prior",
    "q05": "5 % quantile of single replications, in the outcome's unit; inf where the "
    "event does not come within the horizon; likewise `q50` and `q95`",
    "q50": "median of single replications",
    "q95": "95 % quantile of single replications",
    "question": "name of what is asked of a window",
    "rate": "share of the replications in which it happens, 0 to 1",
    "rate_without": "the same without the cause",
    "reason": "why no interval is given; empty where one is",
    "reference": "name of the arm that differences are from",
    "reference_mean": "mean of the reference, in the outcome's unit",
    "reference_median": "median of the reference, in the outcome's unit",
    "relative_risk": "share of the replications with the event in the arm, divided by "
    "that in the reference",
    "replication": "number of the replication",
    "replications": "how many were run of each arm",
    "scipy_p_kolmogorov_smirnov": "SciPy's p-value of the Kolmogorov-Smirnov test, of "
    "independent arms, 0 to 1",
    "scipy_p_logrank": "p-value of the log-rank test of two times, likewise",
    "scipy_p_mann_whitney_u": "SciPy's p-value of the Mann-Whitney test, likewise",
    "scipy_p_welch_t": "SciPy's p-value of Welch's t-test, likewise",
    "score": "name of the score",
    "sd": "standard deviation of single replications, in the outcome's unit",
    "share": "share, 0 to 1: of chains, of those that reach the outcome; without a "
    "cause, of what would not have been",
    "share_beyond": "share of the pairs in which more differs than what the mechanism "
    "itself enters, 0 to 1",
    "share_less": "share of the pairs in which the arm has less, 0 to 1",
    "share_more": "share of the pairs in which the arm has more, 0 to 1",
    "share_others": "share of the pairs in which an actor of another kind acts "
    "otherwise, 0 to 1",
    "shrinkage": "share of the prior's variance that the fit took away; at most 1",
    "sigma": "standard deviation of a factor's elementary effects",
    "sign": "−1 or 1 where the interval is below or above 0, else 0",
    "size": "difference from which on it counts, in the outcome's unit",
    "source": "id of the source in `seeds/sources.yaml`",
    "standard_error": "standard error of the mean, in the outcome's unit",
    "status": "`factual` where the incident is in both histories, `vanished` where it "
    "is in the first only, `new` where in the other only",
    "step": "windows after the origin, from 1",
    "superiority": "probability that a replication of the arm exceeds one of the "
    "reference, any with any, ties counted half, 0 to 1",
    "superiority_within_pairs": "the same of the two replications of one pair",
    "swap_p_value": "share of swaps of the arms within pairs that differ as much by "
    "chance, 0 to 1; nan of independent arms",
    "target": "whom it is done to, by its name in the files",
    "text": "the sentence",
    "theory": "name of the theory; `stacked` is of all, by their weights",
    "total": "share of the outcome's variance that the factor takes part in, 0 to 1; "
    "without a cause, the count in all replications with it",
    "total_seen": "the same, noise of the replications left in",
    "total_without": "the count in all replications without the cause",
    "unit": "unit of the outcome or number; a share is 0 to 1",
    "value": "the number; of a difference, arm minus reference, or on minus off, in "
    "the outcome's unit",
    "variance_ratio": "how many times as many replications independent arms would "
    "have needed for the same interval",
    "verdict": "what is to be said of the mechanism, in a word",
    "wasserstein": "mean distance by which values must move to turn one arm's "
    "distribution into the other's, in the outcome's unit",
    "wasserstein_floor": "95 % of swaps of the arms by chance stay below it",
    "windows": "how many windows were scored",
    "within_draws": "variance of replications within one draw of the parameters, in "
    "the outcome's unit squared",
    "wording": "the question in words",
}  # fmt: skip
"""By name, in alphabetical order."""


def is_known(column: str) -> bool:
    """Whether a column, or what it is an end of, has its meaning here.

    >>> is_known("mean_difference_low"), is_known("between.name")
    (True, False)
    """
    stem = column.removesuffix("_low").removesuffix("_high")
    return column in COLUMNS or stem in COLUMNS
