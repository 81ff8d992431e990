"""Writes an instrument as a workbook with lists to choose from."""

from django.utils.translation import gettext as _

from checklist.answer_kinds import ANSWER_KINDS
from checklist.instrument_files import FORMAT
from checklist.instrument_writing import weight_text
from checklist.workbooks import columns as c
from screening.tabular import EXCEL_MAX_TEXT, write_sheets
from screening.workbooks import saved

WIDTHS = {
    "field": 22, "value": 90, "what_it_is": 50, "key": 8, "number": 10, "domain": 14, "title": 28, "wording": 60,
    "guidance": 50, "look_for": 50, "warning_signs": 50, "hint": 40, "usual_label": 24, "label": 28,
    "descriptor": 70, "place": 32, "original": 60,
}  # fmt: skip
HELP_WIDTHS = (26, 22, 34, 90)
# Rows below the last one in which the lists to choose from still work.
ROOM_TO_GROW = 200


class CannotWriteWorkbook(Exception):
    """The instrument does not fit into a workbook; the message says what to do."""


def write_workbook(content):
    """The workbook of an InstrumentFile, in an open temporary file that vanishes when it is closed."""
    sheets = [
        (c.INSTRUMENT, _titles(c.FIELD_COLUMNS), _fields(content)),
        (c.DOMAINS, _titles(c.DOMAIN_COLUMNS), [(domain.key, domain.title) for domain in content.domains]),
        (c.CRITERIA, _titles(c.CRITERION_COLUMNS), [_criterion(each) for each in content.criteria]),
        (c.SUB_QUESTIONS, _titles(c.SUB_COLUMNS), _subs(content)),
        (c.LEVELS, _titles(c.LEVEL_COLUMNS), _levels(content)),
        (c.TEXTS, *_texts(content)),
        (c.HELP, [_("Sheet"), _("Column"), _("Code or column"), _("What it means")], list(_help())),
    ]
    _check_lengths(sheets)
    with write_sheets(sheets) as plain:
        return _furnished(plain)


def _check_lengths(sheets):
    for title, _columns, rows in sheets:
        if any(len(str(value)) >= EXCEL_MAX_TEXT for row in rows for value in row):
            raise CannotWriteWorkbook(
                _("A text in the sheet “%(sheet)s” is too long for a workbook. Export the instrument as YAML instead.")
                % {"sheet": title}
            )


def _titles(columns):
    return [column.title for column in columns]


def _flag(value):
    return "true" if value else "false"


def _fields(content):
    values = {
        "format": FORMAT,
        "slug": content.slug,
        "version": str(content.version),
        "language": content.language,
        "result": content.result_kind.value,
        "applies_to": content.applies_to.value,
        "default": _flag(content.is_default),
    }
    return [
        (field.title, values.get(field.name, getattr(content, field.name, "")), _(field.about) if field.about else "")
        for field in c.FIELDS
    ]


def _criterion(criterion):
    spec = criterion.spec
    values = {
        "key": criterion.key,
        "number": criterion.number,
        "domain": criterion.domain,
        "title": criterion.title,
        "wording": criterion.wording,
        "guidance": criterion.guidance,
        "look_for": "\n".join(criterion.look_for),
        "warning_signs": "\n".join(criterion.warning_signs),
        "kind": spec.kind,
        "polarity": spec.polarity.value,
        "weight": weight_text(criterion),
        "reasons": spec.reason_rule,
        "critical_rule": spec.critical.mode.value,
        "critical_when": spec.critical.condition.value,
        "critical_scope": ", ".join(spec.critical.scope),
        "about_harm": _flag(spec.about_harm),
        "combining": spec.combining or "",
    }
    return [values[column.name] for column in c.CRITERION_COLUMNS]


def _subs(content):
    return [
        (criterion.key, sub.key, sub.kind, sub.wording, sub.hint)
        for criterion in content.criteria
        for sub in criterion.subs
    ]


def _levels(content):
    """Every answer of every criterion, so that own words can be written beside the usual ones."""
    rows = []
    for criterion in content.criteria:
        kind = ANSWER_KINDS.get(criterion.spec.kind)
        own = {answer.code: answer for answer in criterion.answers}
        for option in kind.options if kind else ():
            answer = own.get(option.code)
            words = (answer.label, answer.descriptor) if answer else ("", "")
            rows.append((criterion.key, option.code, _(option.label), *words))
    return rows


def _texts(content):
    """(titles, rows): every text that can be translated, with one column for each language."""
    languages = sorted({each.language for each in content.translations})
    texts = {(each.language, each.path): each.text for each in content.translations}
    unofficial = {each.language for each in content.translations if not each.is_official}
    marks = [_flag(language not in unofficial) for language in languages]
    rows = [(c.OFFICIAL, _("Has the publisher of the source authorised the translation?"), *marks)]
    for path, text in content.texts():
        translated = [texts.get((language, path), "") for language in languages]
        if text or any(translated):
            rows.append((path, text, *translated))
    return [*_titles(c.TEXT_COLUMNS), *languages], rows


def _help():
    """(sheet, column, code, meaning): what stands in each column, and below it the codes that may."""
    advice = _("One column for each language, titled with its code, such as fr. Add a column to add a language.")
    for sheet, column in c.explained():
        needed = _("Must be filled in.") if column.is_required else ""
        about = _(column.about) if column.about else ""
        yield sheet, column.title, "", " ".join(filter(None, (about, needed)))
        for code, meaning in column.codes:
            yield sheet, column.title, code, _(meaning)
    yield c.TEXTS, "fr, km ...", "", advice


def _furnished(plain):
    """The same workbook with widths, wrapped lines and lists to choose from."""
    # Loaded when needed: it takes a moment.
    from openpyxl import load_workbook
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    workbook = load_workbook(plain)
    for worksheet in workbook.worksheets:
        names = [c.name_of(str(cell.value)) for cell in worksheet[1]]
        widths = HELP_WIDTHS if worksheet.title == c.HELP else [WIDTHS.get(name, 18) for name in names]
        for number, width in enumerate(widths, start=1):
            worksheet.column_dimensions[get_column_letter(number)].width = width
        for row in worksheet.iter_rows(min_row=2):
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    for sheet, column in c.explained():
        if column.codes:
            _offer(workbook, sheet, column)
    workbook[c.CRITERIA].freeze_panes = "B2"
    return saved(workbook)


def _offer(workbook, sheet, column):
    """Let the cells of a column, or the one cell of a field, offer the codes that stand in the help sheet."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    lines = [
        row[0].row
        for row in workbook[c.HELP].iter_rows(min_row=2)
        if (row[0].value, row[1].value) == (sheet, column.title) and row[2].value
    ]
    where = f"'{c.HELP}'!$C${lines[0]}:$C${lines[-1]}"
    rule = DataValidation(type="list", formula1=where, allow_blank=not column.is_required, showErrorMessage=True)
    rule.error, rule.errorTitle = _("Choose one of the codes in the list."), column.title
    if sheet == c.INSTRUMENT:
        place = [field.name for field in c.FIELDS].index(column.name) + 2
        rule.add(f"B{place}")
    else:
        letter = get_column_letter([each.name for each in c.TABLES[sheet]].index(column.name) + 1)
        rule.add(f"{letter}2:{letter}{workbook[sheet].max_row + ROOM_TO_GROW}")
    workbook[sheet].add_data_validation(rule)
