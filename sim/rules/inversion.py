"""One uniform in, one draw out: the distributions of the model by inversion.

Chance enters a rule as a uniform u in [0, 1). Inversion uses exactly one and never
falls as u rises, so a small change of a parameter moves a draw a little instead of
dealing another one; paired comparisons rest on that. Only scalar IEEE arithmetic and
``math`` are used: CPython and numba then agree in every bit. For numba, register each
function (``register_jitable``), since some call others.

Counts return the smallest k with F(k) > u, F to 1e-11. Continuous draws keep the order
of any two u 1e-15 apart; nearer ones may be exchanged in the last bits. Nothing raises.
"""

from __future__ import annotations

import math

SMALLEST_U = 2.0**-54  # half a step of u: keeps normal(0) finite, at -8.29
ONE_BELOW = 1.0 - 2.0**-53  # x * ONE_BELOW is the next float below x
EXPONENT_LIMIT = 700.0  # exp(-700) is 1e-304; no search starts below it
SEARCH_LIMIT = 1_000_000  # steps of a search; heavy tails are cut here
SPREAD = 0.5
"""Log deviation of what takes days to prepare: two of three within a factor of 1.65.
The two that the record shows have 0.33 and 0.74. What it moves (2 % of attacks from 0.5
to 0.8) it moves by mean times being longer, which the medians, parameters, do too."""

NEVER = 2**53  # tries until what does not come; exact as int and as float


def exponential(u: float, mean: float) -> float:
    """Return a waiting time of constant hazard, >= 0, in the unit of ``mean`` (>= 0).

    It is -mean * log(1 - u), at most 36.8 means.

    Examples
    --------
    >>> exponential(0.5, 10.0)  # the median is mean * log 2
    6.931471805599453
    """
    return mean * (0.0 - math.log(1.0 - u))


def normal(u: float) -> float:
    """Return the standard normal quantile, dimensionless, within [-8.3, 8.3].

    Algorithm AS 241, routine PPND16 (Wichura 1988, Applied Statistics 37, 477-484):
    rational functions of degree 7, relative accuracy 1e-15 as measured here. Each line
    takes two coefficients of Horner's rule.

    Examples
    --------
    >>> normal(0.5), round(normal(0.975), 9)
    (0.0, 1.959963985)
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = 2509.0809287301226727 * r + 33430.575583588128105
        top = (top * r + 67265.770927008700853) * r + 45921.953931549871457
        top = (top * r + 13731.693765509461125) * r + 1971.5909503065514427
        top = (top * r + 133.14166789178437745) * r + 3.3871328727963666080
        low = 5226.4952788528545610 * r + 28729.085735721942674
        low = (low * r + 39307.895800092710610) * r + 21213.794301586595867
        low = (low * r + 5394.1960214247511077) * r + 687.18700749205790830
        low = (low * r + 42.313330701600911252) * r + 1.0
        return q * top / low
    r = math.sqrt(0.0 - math.log(max(min(u, 1.0 - u), SMALLEST_U)))
    if r <= 5.0:
        r = r - 1.6
        top = 7.74545014278341407640e-4 * r + 2.27238449892691845833e-2
        top = (top * r + 2.41780725177450611770e-1) * r + 1.27045825245236838258
        top = (top * r + 3.64784832476320460504) * r + 5.76949722146069140550
        top = (top * r + 4.63033784615654529590) * r + 1.42343711074968357734
        low = 1.05075007164441684324e-9 * r + 5.47593808499534494600e-4
        low = (low * r + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1
        low = (low * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940
        low = (low * r + 2.05319162663775882187) * r + 1.0
    else:
        r = r - 5.0
        top = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
        top = (top * r + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2
        top = (top * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580
        top = (top * r + 5.46378491116411436990) * r + 6.65790464350110377720
        low = 2.04426310338993978564e-15 * r + 1.42151175831644588870e-7
        low = (low * r + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4
        low = (low * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1
        low = (low * r + 5.99832206555887937690e-1) * r + 1.0
    return 0.0 - top / low if q < 0.0 else top / low


def lognormal(u: float, median: float, sigma: float) -> float:
    """Return a draw in the unit of ``median``; its log has deviation ``sigma`` (>= 0).

    It is median * exp(sigma * normal(u)), the exponent capped at 700.

    Examples
    --------
    >>> lognormal(0.5, 3.0, 0.7)
    3.0
    """
    return median * math.exp(min(sigma * normal(u), EXPONENT_LIMIT))


def delay(u: float, median: float) -> float:
    """Return a delay in the unit of ``median``: lognormal, with the deviation `SPREAD`.

    Examples
    --------
    >>> delay(0.5, 3.0)
    3.0
    """
    return lognormal(u, median, SPREAD)


def log_one_plus(x: float) -> float:
    """Return log(1 + x) for x > -1 without losing the digits of a small x.

    log(y) x / (y - 1) with y = 1 + x as rounded (Goldberg 1991, theorem 4).
    """
    y = 1.0 + x
    if y == 1.0:
        return x
    return math.log(y) * (x / (y - 1.0))


def search(u: float, first: float, start: float, step: float, mean: float) -> int:
    """Return the smallest k with F(k) > u, adding up probabilities from k = 0.

    p(0) = first, p(k + 1) = p(k) (start + step k) / (k + 1): the class of Poisson,
    binomial and negative binomial (Panjer 1981). It also ends where, above the mean, p
    no longer moves the sum, and after ``SEARCH_LIMIT`` steps.
    """
    k = 0
    p = first
    total = p
    while total <= u and k < SEARCH_LIMIT and (k < mean or total + p > total):
        p = p * (start + step * k) / (k + 1)
        k += 1
        total += p
    return k


def skewed_count(u: float, mean: float, variance: float, asymmetry: float) -> int:
    """Return an approximate count, >= 0, of a distribution too wide for ``search``.

    It is floor(mean + deviation z + asymmetry (z^2 - 1) / 6 + 1/2), z = normal(u), the
    second order of Cornish and Fisher (1938); ``asymmetry``, in counts, is deviation
    times skewness. Within 1 count or 1 % of a deviation inside 99.8 %. At most
    ``NEVER``: compiled code counts in 64 bits.
    """
    z = normal(u)
    x = mean + math.sqrt(variance) * z + asymmetry * (z * z - 1.0) / 6.0 + 0.5
    return math.floor(min(max(x, 0.0), NEVER))


def poisson(u: float, mean: float) -> int:
    """Return how many independent things happen; ``mean`` is a count, >= 0.

    Exact by ``search`` up to a mean of 700, ``skewed_count`` above.

    Examples
    --------
    >>> poisson(0.36, 1.0), poisson(0.37, 1.0)  # p(0) = exp(-1) = 0.3679
    (0, 1)
    """
    if mean <= 0.0:
        return 0
    if mean > EXPONENT_LIMIT:
        return skewed_count(u, mean, mean, 1.0)
    return search(u, math.exp(0.0 - mean), mean, 0.0, mean)


def binomial(u: float, n: int, share: float) -> int:
    """Return the successes in ``n`` tries of probability ``share``; within [0, n].

    Searches the rarer outcome; when that is failure, for what is just below 1 - u, so
    that the result still rises with u. ``skewed_count`` where p(0) < exp(-700).

    Examples
    --------
    >>> binomial(0.24, 2, 0.5), binomial(0.25, 2, 0.5), binomial(0.75, 2, 0.5)
    (0, 1, 2)
    """
    if n <= 0 or share <= 0.0:
        return 0
    rare = 1.0 - share if share > 0.5 else share
    target = (1.0 - u) * ONE_BELOW if share > 0.5 else u
    mean = n * rare
    exponent = n * log_one_plus(0.0 - rare)
    if exponent < 0.0 - EXPONENT_LIMIT:
        variance = mean * (1.0 - rare)
        return min(n, skewed_count(u, n * share, variance, 1.0 - 2.0 * share))
    odds = rare / (1.0 - rare)
    count = min(n, search(target, math.exp(exponent), n * odds, 0.0 - odds, mean))
    return n - count if share > 0.5 else count


def negative_binomial(u: float, mean: float, dispersion: float) -> int:
    """Return a count more variable than Poisson: variance mean + mean^2 / dispersion.

    ``mean`` is a count, >= 0. ``dispersion`` is the size r > 0, dimensionless: small is
    bursty, large is Poisson; not positive gives 0.

    With x = mean / r: p(0) = (1 + x)^-r, p(k+1) = p(k) (r + k) / (k+1) x / (1 + x), by
    ``search``, which cuts at a million; ``skewed_count`` where p(0) < exp(-700).

    Examples
    --------
    >>> negative_binomial(0.49, 1.0, 1.0), negative_binomial(0.5, 1.0, 1.0)
    (0, 1)
    """
    if mean <= 0.0 or dispersion <= 0.0:
        return 0
    x = mean / dispersion
    exponent = 0.0 - dispersion * log_one_plus(x)
    if exponent < 0.0 - EXPONENT_LIMIT:
        return skewed_count(u, mean, mean * (1.0 + x), 1.0 + 2.0 * x)
    ratio = x / (1.0 + x)
    return search(u, math.exp(exponent), dispersion * ratio, ratio, mean)


def geometric(u: float, share: float) -> int:
    """Return the failures before a success; each try succeeds with chance ``share``.

    It is floor(log(1 - u) / log(1 - share)), within [0, NEVER].

    Examples
    --------
    >>> geometric(0.49, 0.5), geometric(0.5, 0.5), geometric(0.75, 0.5)
    (0, 1, 2)
    """
    if share >= 1.0:
        return 0
    if share <= 0.0:
        return NEVER
    x = math.log(1.0 - u) / log_one_plus(0.0 - share)
    return math.floor(min(x, NEVER))


def choice_race(u: float, weight: float) -> float:
    """Return the clock of one among named things; the smallest clock is chosen.

    It is -log(1 - u) / weight, so that a thing wins with probability proportional to
    its weight and, taken away, leaves the others' clocks alone. A weight <= 0 is never
    chosen: infinite.

    Examples
    --------
    >>> choice_race(0.5, 2.0), choice_race(0.5, 0.0)
    (0.34657359027997264, inf)
    """
    if weight <= 0.0:
        return math.inf
    return (0.0 - math.log(1.0 - u)) / weight


def logistic(x: float) -> float:
    """Return the probability with log-odds ``x``: 1 / (1 + exp(-x)), within [0, 1].

    Examples
    --------
    >>> logistic(0.0), logistic(-800.0), logistic(800.0)
    (0.5, 0.0, 1.0)
    """
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(0.0 - x))
    e = math.exp(x)
    return e / (1.0 + e)
