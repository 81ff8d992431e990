"""What the assessment form shows of a draft: marks, hints, progress, and each criterion's HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from checklist import presentation, scoring
from checklist.actions.assessments import GivenResponse, Pointer
from checklist.selectors.drafts import Draft, Place
from checklist.selectors.results import notices
from screening import svg

from .criterion_html import criterion_frame, frame_of
from .evidence_html import evidence_html
from .tension_html import TensionNotices

CHECKED = mark_safe(" checked")
OPEN = mark_safe(" open")
HIDDEN = mark_safe(" hidden")


@dataclass(frozen=True)
class PlaceView:
    """One criterion as the form tells of it: its mark, the word for it, what it still needs."""

    place: Place
    state: str
    level: int | None
    word: str
    problems: tuple[scoring.Problem, ...]

    @property
    def pk(self):
        return self.place.criterion.pk

    @property
    def mark_with_word(self):
        return _mark_with_word(self.state, self.level, self.word)

    @property
    def link(self):
        """Its place in the progress: number, mark, and in words what is said and whether it lacks something."""
        lacks = bool(self.problems) and self.is_answered
        criterion = self.place.criterion
        return _mark_link(
            get_language(), self.pk, criterion.number, criterion.short_title, self.state, self.level, self.word, lacks
        )

    @property
    def title_link(self):
        """Number and short title as a link to it."""
        return _title_link(self.pk, self.place.criterion.number, self.place.criterion.short_title)

    @property
    def needs(self):
        """What is missing here, in one sentence; "" when nothing is."""
        return " ".join(dict.fromkeys(problem_text(each, self.place.criterion) for each in self.problems))

    @property
    def is_answered(self):
        return self.state != svg.EMPTY

    def hints(self, *, shows_missing=False):
        """{field: sentence}. What is merely missing is not said before she has said anything."""
        texts: dict[str, list[str]] = {}
        for problem in self.problems:
            if problem.kind is scoring.ProblemKind.MISSING and not (shows_missing or self.place.stored.revision):
                continue
            texts.setdefault(problem.field, []).append(problem_text(problem, self.place.criterion))
        return {field: " ".join(sentences) for field, sentences in texts.items()}

    @property
    def derived_sentence(self):
        """What the answers to the parts come to; "" while that is open."""
        derived = scoring.derive(
            self.place.instrument.spec.item(self.place.criterion.key), self.place.stored.answer.subs
        )
        option = derived.answer and self.place.criterion.option(derived.answer)
        if not option:
            return ""
        return _("From your answers to the parts: %(answer)s") % {"answer": option.label}


def _mark(state, level, word):
    if level is not None:
        return format_html('<span class="level-mark" aria-hidden="true">{}</span>', level)
    return mark_safe(svg.answer_mark(state, 18, word, hidden=True))  # noqa: S308 - our drawing


# What the same answer to the same question looks like is made once: a page shows each several times.


@lru_cache(maxsize=1024)
def _mark_with_word(state, level, word):
    return format_html('<span class="mk mk-{}">{} <span>{}</span></span>', state, _mark(state, level, word), word)


@lru_cache(maxsize=4096)
def _mark_link(_language, pk, number, title, state, level, word, lacks):
    missing = _("something is missing")
    return format_html(
        '<li><a class="mark-link{}" href="#c-{}" data-goto="{}">{}<span class="mark-number" aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{} {}: {}{}</span></a></li>',
        " mark-lacks" if lacks else "",
        pk,
        pk,
        _mark(state, level, word),
        number,
        number,
        title,
        word,
        f", {missing}" if lacks else "",
    )


@lru_cache(maxsize=1024)
def _title_link(pk, number, title):
    return format_html('<a href="#c-{}" data-goto="{}">{} {}</a>', pk, pk, number, title)


def _bearing_row(view, is_main):
    if is_main:
        return format_html('<li class="bearing-main">{} {}</li>', view.title_link, view.mark_with_word)
    quiet = format_html('<span class="quiet small">{}</span>', _("supporting"))
    return format_html("<li>{} {} {}</li>", view.title_link, view.mark_with_word, quiet)


def _in_a_row(pieces):
    return mark_safe("".join(pieces))  # noqa: S308 - safe pieces


def problem_text(problem, criterion):
    """What is wrong, in the reader's language; codes of answers become their labels."""
    params = dict(problem.params)
    for name, code in problem.params.items():
        if name.endswith("_code"):
            option = criterion.option(code)
            params[name.removesuffix("_code")] = option.label if option else code
    if "sub" in params:
        params["sub"] = f"{criterion.number}{params['sub']}"
    return _(scoring.PROBLEM_TEXTS[problem.message_key]) % params


class FormView:
    """A draft with everything worked out once; pages and answers to saves take what they need."""

    # Whether the form only shows what would be: nothing of it is saved.
    is_trial = False

    def __init__(self, draft: Draft, answers=()):
        """`answers` ([selectors.questions.Answered]) stand beside the criteria they are about."""
        self.draft = draft
        self.answers = answers
        self.assessment = draft.content.assessment
        self.views = {}
        results = {each.sheet.pk: each.result for each in draft.content.instruments}
        for place in draft.places():
            item = results[place.instrument.sheet.pk].item(place.criterion.key)
            self.views[place.criterion.pk] = _place_view(place, item)
        self.blocks = any(critical.blocks for result in results.values() for critical in result.criticals)

    @property
    def instruments(self):
        """(instrument, its PlaceViews) in the order of the form."""
        views = list(self.views.values())
        return [
            (each, [view for view in views if view.place.instrument.sheet.pk == each.sheet.pk])
            for each in self.draft.content.instruments
        ]

    @property
    def incomplete(self):
        return [view for view in self.views.values() if view.problems]

    @property
    def is_complete(self):
        return not self.incomplete

    @property
    def begins_at(self):
        """The criterion to begin at where none was saved last: first what the applicant answered, then what is missing."""
        answered = (pk for pk in self.views if any(each.answer and pk in each.criteria for each in self.answers))
        open_ones = (view.pk for view in self.incomplete)
        return next(answered, None) or next(open_ones, None) or next(iter(self.views), None)

    def progress_sentence(self):
        """ "9 of 17 answered, 2 need a reason" """
        answered = sum(view.is_answered for view in self.views.values())
        parts = [_("%(done)s of %(total)s answered") % {"done": answered, "total": len(self.views)}]
        reasons = self._count(scoring.ProblemKind.REASON)
        if reasons:
            parts.append(ngettext("%(n)s needs a reason", "%(n)s need a reason", reasons) % {"n": reasons})
        clashes = self._count(scoring.ProblemKind.CONFLICT, scoring.ProblemKind.INVALID)
        if clashes:
            parts.append(ngettext("%(n)s contradicts a rule", "%(n)s contradict a rule", clashes) % {"n": clashes})
        lacking = sum(
            view.is_answered and any(each.kind is scoring.ProblemKind.MISSING for each in view.problems)
            for view in self.views.values()
        )
        if lacking:
            parts.append(ngettext("%(n)s lacks a part", "%(n)s lack a part", lacking) % {"n": lacking})
        return ", ".join(parts)

    def _count(self, *kinds):
        return sum(any(problem.kind in kinds for problem in view.problems) for view in self.views.values())

    def progress_html(self):
        """The marks of all criteria, the progress in words, and what is missing."""
        marks = ((each.sheet.short_title, _in_a_row(view.link for view in views)) for each, views in self.instruments)
        missing = [(view.title_link, view.needs) for view in self.incomplete]
        said = (
            format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", missing))
            if missing
            else format_html("<p>{}</p>", _("Nothing is missing. You can submit."))
        )
        return frame_of("checklist/_assessment_progress.html").fill(
            {
                "marks": format_html_join("", '<ol class="marks" aria-label="{}">{}</ol>', marks),
                "sentence": self.progress_sentence(),
                "missing": said,
            }
        )

    def bearing_html(self, view):
        """The answers that bear on this criterion, and what seems not to fit; "" where there is nothing to say."""
        sheet, key = view.place.instrument.sheet, view.place.criterion.key
        by_key = self._by_key
        rows = [
            (by_key[row.source_instrument, row.source_key], row.strength is scoring.Strength.MAIN)
            for row in sorted(self.draft.links, key=lambda row: row.strength is not scoring.Strength.MAIN)
            if (row.target_instrument, row.target_key) == (sheet.slug, key)
            and (row.source_instrument, row.source_key) in by_key
        ]
        links = {place: each.title_link for place, each in by_key.items()}
        tensions = self._tensions.beside(sheet.slug, key, links)
        if not rows:
            return tensions
        said = ((text,) for principle, text in self._notices if principle == key)
        return (
            frame_of("checklist/_assessment_bearing.html").fill(
                {
                    "rows": _in_a_row(_bearing_row(view, is_main) for view, is_main in rows),
                    "notices": format_html_join("", '<p class="bearing-notice">{}</p>', said),
                }
            )
            + tensions
        )

    @cached_property
    def _tensions(self):
        return TensionNotices(self.draft)

    @cached_property
    def _by_key(self):
        return {(each.place.instrument.sheet.slug, each.place.criterion.key): each for each in self.views.values()}

    @cached_property
    def _notices(self):
        titles = {each.place.criterion.key: each.place.criterion.short_title for each in self.views.values()}
        found = notices(self.draft.content, self.draft.links)
        return [(each.principle, presentation.notice_text(each, titles)) for each in found]

    def bearing_views(self, view):
        """The criteria whose surroundings change with this one: itself, and what it bears on."""
        slug, key = view.place.instrument.sheet.slug, view.place.criterion.key
        targets = {
            (row.target_instrument, row.target_key)
            for row in self.draft.links
            if (row.source_instrument, row.source_key) == (slug, key)
        } | {(slug, key), *self._tensions.places_beside(slug, key)}
        return [
            each
            for each in self.views.values()
            if (each.place.instrument.sheet.slug, each.place.criterion.key) in targets
        ]

    @property
    def loose_answers(self):
        """Answers of the applicant to what is about no criterion of this form."""
        return [each for each in self.answers if not each.criteria & self.views.keys()]

    def answers_html(self, view):
        """What the applicant was asked about this criterion, and the answers; "" where nothing."""
        own = [each for each in self.answers if view.pk in each.criteria]
        return render_to_string("checklist/_applicant_answers.html", {"answers": own}) if own else ""

    def criterion_html(self, view, *, unsaved=None, current=None, shows_missing=False):
        """One criterion of the form. `unsaved` is a GivenResponse to show instead of what is stored."""
        place = view.place
        frame = criterion_frame(
            place.instrument.sheet, place.criterion, place.instrument.form_length, is_trial=self.is_trial
        )
        return frame.fill(_gaps(self, view, unsaved, current == view.pk, shows_missing))

    def save_url(self, place):
        """Where the answer to one criterion is sent."""
        return f"{self._save_url}{place.criterion.pk}/"

    @cached_property
    def _save_url(self):
        return reverse("checklist:response-save", args=[self.assessment.pk, 0]).removesuffix("0/")


def _place_view(place, item):
    criterion = place.criterion
    answer = scoring.effective_answer(place.instrument.spec.item(criterion.key), place.stored.answer)
    option = answer and criterion.option(answer)
    level = getattr(item, "level", None)
    # A level has a mark of its own; any of the marks would judge it.
    shown = svg.EMPTY if level is not None else presentation.mark_state(item.mark)
    word = option.label if option else presentation.state_word(svg.EMPTY)
    if level is not None:
        word, shown = f"{level} – {word}", "level"
    return PlaceView(place, shown, level, word, item.problems)


def _gaps(form_view, view, unsaved, is_current, shows_missing):
    place, stored = view.place, view.place.stored
    said = unsaved or _as_given(place)
    hints = view.hints(shows_missing=shows_missing)
    gaps = {
        "url": form_view.save_url(place),
        "flags": _flags(is_current, unsaved),
        "revision": said.revision,
        "mark": view.mark_with_word,
        "answered": form_view.answers_html(view),
        "bearing": form_view.bearing_html(view),
        f"answer:{said.answer or ''}": CHECKED,
        "clear_hidden": "" if said.answer else HIDDEN,
        "derived": view.derived_sentence,
        "rationale": said.rationale,
        "saved": saved_html(stored),
        "unsaved": _unsaved_notice() if unsaved else "",
        "evidence_count": len(said.evidence) or "",
        "evidence": "" if form_view.is_trial else evidence_html(form_view, place, said),
        "evidence_open": OPEN if said.evidence else "",
        **{f"problem_{field}": text for field, text in hints.items()},
    }
    for sub in place.criterion.subs:
        given = said.subs.get(sub.key, scoring.SubAnswer())
        gaps[f"sub_{sub.key}:{given.answer or ''}"] = CHECKED
        gaps[f"sub_{sub.key}_text"] = given.text
        gaps[f"sub_{sub.key}_typed"] = given.answer or ""
        if given.text or f"sub_{sub.key}_text" in hints:
            gaps[f"sub_{sub.key}_open"] = OPEN
        if given != scoring.SubAnswer() or any(field.startswith("sub_") for field in hints):
            gaps["parts_open"] = OPEN
    return gaps


def _as_given(place):
    """What is stored, in the shape of what a form gives."""
    stored = place.stored
    return GivenResponse(
        place.criterion.pk,
        stored.revision,
        stored.answer.answer,
        stored.answer.rationale,
        stored.answer.subs,
        tuple(Pointer(each.document_pk, each.page, each.quote) for each in stored.evidence),
    )


def _flags(is_current, unsaved):
    flags = (" data-current" if is_current else "") + (" data-unsaved" if unsaved else "")
    return mark_safe(flags)  # noqa: S308 - words of ours


def _unsaved_notice():
    return format_html(
        '<p class="notice notice-warning unsaved">{}</p>',
        _("This is what you had typed. It is not saved yet: press Save."),
    )


def saved_html(stored):
    """ "Saved 12:04", or nothing before the first save."""
    if not stored.saved_at:
        return SafeString("")
    at = timezone.localtime(stored.saved_at)
    clock = format_html('<time datetime="{}" data-clock>{}</time>', at.isoformat(), time_format(at, "H:i"))
    return format_html(_("Saved {}"), clock)
