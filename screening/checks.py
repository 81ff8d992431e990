"""System checks: what `manage.py check` and every start say about this machine."""

import ctypes
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

# What WeasyPrint opens, under the names that Linux, macOS and Windows give it.
PDF_LIBRARIES = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0-0.dll"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib", "libpangoft2-1.0-0.dll"),
}
FAST_PDF_LIBRARIES = {
    "HarfBuzz subset": (
        "libharfbuzz-subset.so.0",
        "libharfbuzz-subset.0.dylib",
        "libharfbuzz-subset-0.dll",
    ),
}
INSTALL_LINE = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def missing_libraries(libraries: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The libraries of which no file can be loaded. Asks the loader, not the package manager."""
    return [name for name, files in libraries.items() if not any(map(_loads, files))]


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


@register()
def check_pdf_libraries(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """PDFs need Pango; they are made twice as fast with HarfBuzz' subsetter."""
    messages: list[CheckMessage] = []
    hint = f"On Debian or Ubuntu, as root: {INSTALL_LINE}" if sys.platform == "linux" else None
    if missing := missing_libraries(PDF_LIBRARIES):
        messages.append(
            Warning(
                f"PDFs cannot be made: {', '.join(missing)} cannot be loaded. "
                "Everything else works; reports can be printed from the browser.",
                hint=hint,
                id="screening.W001",
            )
        )
    if missing := missing_libraries(FAST_PDF_LIBRARIES):
        messages.append(
            Warning(
                f"PDFs are made at half the speed: {', '.join(missing)} cannot be loaded.",
                hint=hint,
                id="screening.W002",
            )
        )
    return messages


@register()
def check_fonts(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Pages and PDFs bring their own fonts; without them other glyphs are taken."""
    fonts = settings.BASE_DIR / "static" / "fonts"
    missing = [kind for kind in ("ttf", "woff2") if not any(fonts.rglob(f"*.{kind}"))]
    if not missing:
        return []
    return [
        Warning(
            f"No {' and no '.join(missing)} fonts in static/fonts: pages and PDFs use whatever fonts this machine has.",
            hint="Restore static/fonts from the repository.",
            id="screening.W003",
        )
    ]
