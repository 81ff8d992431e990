"""Makes the fonts under static/fonts/ from the full Noto families.

Run by a developer when the set of scripts changes; the result is committed. It needs fonttools and
brotli, and three directories or files from the Noto project (the Debian packages fonts-noto-core,
fonts-noto-extra and fonts-noto-cjk hold them):

    python scripts/make_fonts.py --noto DIR --cjk NotoSansCJK-Regular.ttc --licence OFL.txt

For the browser: woff2, one file per script, loaded only where the script is used (unicode-range in
static/css/fonts.css). For PDFs: TrueType, because the PDF engine reads it several times faster than
woff2. The same input gives the same bytes.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "static" / "fonts"

# Joiners, zero-width space, soft hyphen, dotted circle: shaping needs them in every file.
COMMON = ["0020", "00A0", "00AD", "200B-200F", "2011", "2060", "25CC", "FEFF"]
LATIN = [
    *["0020-007E", "00A0-024F", "0259", "02B0-02FF", "0300-036F", "1E00-1EFF", "2000-206F"],
    *["2070-209F", "20A0-20C0", "2100-214F", "2150-215F", "2212", "2248", "2260", "2264-2265", "FEFF"],
]
GREEK_CYRILLIC = ["0370-03FF", "0400-052F"]
SCRIPTS = {
    "Thai": ["0E00-0E7F"],
    "Lao": ["0E80-0EFF"],
    "Khmer": ["1780-17FF", "19E0-19FF"],
    "Myanmar": ["1000-109F", "A9E0-A9FF", "AA60-AA7F"],
    "Arabic": ["0600-06FF", "0750-077F", "FB50-FDFF", "FE70-FEFF"],
    "Devanagari": ["0900-097F", "A8E0-A8FF", "1CD0-1CFF"],
}
# Signs that people write in proposals and that Noto Sans lacks: comparisons, arrows, bullets, ticks, numbers in circles.
SIGNS = {
    "NotoSansMath": ["2190-2193", "21D2", "2211-2212", "221A", "221E", "2248", "2260", "2264-2265"],
    "NotoSansSymbols": ["2460-2473"],
    "NotoSansSymbols2": [
        *["25A0-25A1", "25AA-25AB", "25B2-25B3", "25BA", "25BC", "25C6", "25CB", "25CF", "2605-2606", "2610-2612"],
        *["2713-2714", "2717-2718", "27A2", "27A4"],
    ],
}
WEB_SCRIPTS = ("Thai", "Lao", "Khmer", "Myanmar")
# The mixed forms of the Arabic blocks and the Vedic signs are not needed to write a proposal.
BOLD_ON_PAPER = ("Thai", "Lao", "Khmer")


def main() -> int:
    options = _options()
    OUT.joinpath("pdf").mkdir(parents=True, exist_ok=True)
    OUT.joinpath("OFL.txt").write_text(options.licence.read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("NotoSans-Regular", "NotoSans-SemiBold", "NotoSans-Italic", "NotoSerif-SemiBold"):
        source = options.noto / f"{name}.ttf"
        _make(source, OUT / f"{name}.woff2", LATIN)
        _make(source, OUT / "pdf" / f"{name}.ttf", LATIN + GREEK_CYRILLIC)
    for script, ranges in SCRIPTS.items():
        source = options.noto / f"NotoSans{script}-Regular.ttf"
        if script in WEB_SCRIPTS:
            _make(source, OUT / f"{source.stem}.woff2", COMMON + ranges)
        _make(source, OUT / "pdf" / source.name, COMMON + ranges)
        if script in BOLD_ON_PAPER:
            bold = options.noto / f"NotoSans{script}-SemiBold.ttf"
            _make(bold, OUT / "pdf" / bold.name, COMMON + ranges)
    for name, ranges in SIGNS.items():
        _make(options.noto / f"{name}-Regular.ttf", OUT / "pdf" / f"{name}-Regular.ttf", ranges)
    _make(options.cjk, OUT / "pdf" / "NotoSansSC-Regular.otf", COMMON + ["3000-303F", "FF00-FFEF"], _common_chinese())
    return _report()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--noto", type=Path, required=True, help="directory with NotoSans-Regular.ttf and others")
    parser.add_argument("--cjk", type=Path, required=True, help="NotoSansCJK-Regular.ttc")
    parser.add_argument("--licence", type=Path, required=True, help="text of the SIL Open Font License")
    return parser.parse_args()


def _make(source: Path, target: Path, ranges: Iterable[str], more: Iterable[int] = ()) -> None:
    """Writes the part of a font that covers the ranges, without hints, with all layout rules."""
    options = subset.Options(
        layout_features=["*"],
        hinting=False,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17],
        name_languages=[0x0409],
        drop_tables=["DSIG", "FFTM", "VORG", "vhea", "vmtx", "BASE"],
        recalc_timestamp=False,
        flavor="woff2" if target.suffix == ".woff2" else None,
    )
    if source.suffix == ".ttc":
        options.font_number = _simplified_chinese(source)
        options.layout_features = ["ccmp", "kern", "locl", "mark", "mkmk"]
        options.desubroutinize = False
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[*subset.parse_unicodes(",".join(ranges)), *more])
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def _simplified_chinese(collection: Path) -> int:
    """The place of the Simplified Chinese face in a collection."""
    number = 0
    while True:
        name = TTFont(collection, fontNumber=number, lazy=True)["name"].getDebugName(1)
        if name.endswith("CJK SC"):
            return number
        number += 1


def _common_chinese() -> list[int]:
    """The 3,755 most used characters: the first level of the national standard GB 2312."""
    codes = []
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            try:
                codes.append(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue  # the last row is not full
    return codes


def _report() -> int:
    files = sorted(path for path in OUT.rglob("*") if path.is_file())
    for path in files:
        sys.stdout.write(f"{path.stat().st_size:>9,}  {path.relative_to(OUT)}\n")
    sys.stdout.write(f"{sum(path.stat().st_size for path in files):>9,}  in all\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
