"""Whether a colour can be read on white paper, by the formula of WCAG 2.2. Pure."""

from __future__ import annotations

LEAST = 4.5


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of "#1f4e79" with white, from 1 to 21."""
    return 1.05 / (_luminance(colour) + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
