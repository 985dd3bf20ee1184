"""The tail of the F distribution and points of Student's t, from the incomplete beta function."""

from math import exp, lgamma, log, log1p

_TINY = 1e-300
_STEPS = 10_000


def beta_share(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function I_x(a, b), for a, b > 0 and 0 <= x <= 1.

    Its continued fraction (DLMF 8.17.22) by the method of Lentz as Thompson and Barnett modified it (1986), on
    the side where it converges fast: x <= (a + 1) / (a + b + 2).
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    fraction, above, below = 1.0, 1.0, 0.0
    for step in range(1, _STEPS):
        term = _term(step, a, b, x)
        below = 1 / _apart(1 + term * below)
        above = _apart(1 + term / above)
        fraction *= above * below
        if abs(above * below - 1) < 1e-15:
            break
    return front / fraction if fraction else 0.0


def _term(step: int, a: float, b: float, x: float) -> float:
    half, odd = divmod(step, 2)
    factor = -(a + half) * (a + b + half) if odd else half * (b - half)
    return factor * x / ((a + step - 1) * (a + step))


def _apart(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def f_tail(statistic: float, between: int, within: int) -> float:
    """The probability that F with so many degrees of freedom is at least the statistic."""
    if statistic <= 0:
        return 1.0
    return beta_share(within / 2, between / 2, within / (within + between * statistic))


def t_point(confidence: float, freedom: int) -> float:
    """The t that lies, with either sign, around the given share of Student's distribution: 2.0739 for 0.95 and 22."""
    low, high = 0.0, 1.0
    while f_tail(high**2, 1, freedom) > 1 - confidence:
        low, high = high, 2 * high
    for _ in range(100):
        middle = (low + high) / 2
        if f_tail(middle**2, 1, freedom) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high
