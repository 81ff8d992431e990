"""Quantiles of F and Student's t, by the incomplete beta function.

Sources: Abramowitz and Stegun (1964), 26.5.8 (continued fraction), 26.6.2 and 26.7.1 (F and t by it);
the fraction is evaluated by the method of Lentz as modified by Thompson and Barnett (1986).
"""

from __future__ import annotations

import math

TINY = 1e-300


def f_quantile(p: float, df1: float, df2: float) -> float:
    """The value below which F with `df1` and `df2` degrees of freedom (any positive numbers) falls with `p`."""
    x = _beta_quantile(p, df1 / 2, df2 / 2)
    return df2 * x / (df1 * (1 - x))


def t_quantile(p: float, df: float) -> float:
    """The value below which Student's t falls with probability `p`, for `p` of one half or more."""
    return math.sqrt(f_quantile(2 * p - 1, 1, df))


def _beta_quantile(p: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        if incomplete_beta(middle, a, b) < p:
            low = middle
        else:
            high = middle
    return low


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """1 / (1 + d1 / (1 + d2 / ...)) to sixteen figures, upwards from the front."""
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 500):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = _inverse(1 + step * d)
            c = 1 + step / c or TINY
            value *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return value


def _inverse(value: float) -> float:
    return 1 / (value or TINY)
