"""The texts of a draft in other languages, side by side with the original."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checklist import paths
from checklist.forms.studio import LanguageForm
from checklist.languages import language_name, language_names
from checklist.selectors.draft_texts import language_counts, text_pairs

from .fields import LINE, TEXT, TICK, FieldView
from .loading import load_draft
from .pages import frame

ONLY_MISSING = "missing"
LONG = 60


@login_required
@require_safe
def draft_languages(request, slug, number):
    """Which languages the draft speaks, how far each is, and a further one."""
    version = load_draft(request, slug, number)
    counts = language_counts(version)
    form = LanguageForm(
        request.GET if "language" in request.GET else None, without={version.language, *(row[0] for row in counts)}
    )
    if form.is_valid():
        return redirect("checklist:draft-language", slug, number, form.cleaned_data["language"])
    total = sum(len(pairs) for _heading, pairs in text_pairs(version, version.language))
    rows = [
        {"code": code, "name": language_name(code), "done": min(done, total), "is_official": official}
        for code, done, official in counts
    ]
    context = {
        **frame(request, version, "draft-languages"),
        "form": form,
        "rows": rows,
        "total": total,
        "original": language_name(version.language),
    }
    return render(request, "checklist/studio/languages.html", context)


@login_required
@require_safe
def draft_language(request, slug, number, code):
    """Original and translation beside each other, all texts or only those that are missing."""
    version = load_draft(request, slug, number)
    if code not in language_names() or code == version.language:
        raise Http404
    context = frame(request, version, "draft-languages", f"translations/{code}")
    groups = list(text_pairs(version, code))
    everything = [pair for _heading, pairs in groups for pair in pairs]
    only_missing = request.GET.get("show") == ONLY_MISSING
    shown = [(heading, [pair for pair in pairs if pair.is_missing or not only_missing]) for heading, pairs in groups]
    context |= {
        "code": code,
        "language": language_name(code),
        "original": language_name(version.language),
        "groups": [(_heading_of(heading), _rows(pairs, code)) for heading, pairs in shown if pairs],
        "total": len(everything),
        "missing": sum(pair.is_missing for pair in everything),
        "only_missing": only_missing,
        "mark": _mark(version, code),
    }
    return render(request, "checklist/studio/language.html", context)


def _heading_of(heading):
    if heading is None:
        return _("The instrument")
    if heading == "domains":
        return _("Groups")
    return f"{heading.number}. {heading.short_title}" if heading.short_title else heading.number


def _rows(pairs, code):
    """(pair, its name, the field of its translation)."""
    for pair in pairs:
        place = paths.parse(pair.path)
        name = capfirst(str(place.table[place.field]))
        if place.sub or place.level:
            name = f"{place.sub or place.level}: {name}"
        is_long = len(pair.original) > LONG or "\n" in pair.original
        rows = max(2, min(8, len(pair.original) // 55 + 1 + pair.original.count("\n")))
        path = f"translations/{code}/{pair.path}"
        yield pair, FieldView(path, pair.text, TEXT if is_long else LINE, name, rows=rows, lang=code)


def _mark(version, code):
    marks = list(version.translations.filter(language=code).values_list("is_official", flat=True))
    return FieldView(
        f"translations/{code}/{paths.LANGUAGE_MARK}",
        "1" if marks and all(marks) else "",
        TICK,
        _("This is an official translation"),
        _("Tick it only when the source itself published these texts. Otherwise forms and results say: unofficial."),
    )
