"""Components: tags that draw one small thing the same way everywhere.

A tag names its arguments; a wrong one raises when the page is made. The gallery page
(templates/screening/components.html) shows all of them in all states.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, ngettext_lazy, pgettext

from screening import svg

register = template.Library()

THEMES = ("system", "light", "dark")

STATE_WORDS: Mapping[str, Any] = {
    svg.FAVOURABLE: gettext_lazy("Favourable"),
    svg.PARTLY: gettext_lazy("Partly"),
    svg.ADVERSE: gettext_lazy("Adverse"),
    svg.NEI: gettext_lazy("Not enough information"),
    svg.NA: gettext_lazy("Not applicable"),
    svg.EMPTY: gettext_lazy("Not answered yet"),
    svg.SEEN: gettext_lazy("Seen"),
    svg.UNSEEN: gettext_lazy("Not seen"),
    svg.MAIN: gettext_lazy("Main theme"),
    svg.ALSO: gettext_lazy("Also addressed"),
    svg.ABSENT: gettext_lazy("Not addressed"),
}
COUNTED_STATES: Mapping[str, Any] = {
    svg.FAVOURABLE: ngettext_lazy("%(n)s favourable", "%(n)s favourable", "n"),
    svg.PARTLY: ngettext_lazy("%(n)s partly", "%(n)s partly", "n"),
    svg.ADVERSE: ngettext_lazy("%(n)s adverse", "%(n)s adverse", "n"),
    svg.NEI: ngettext_lazy("%(n)s not enough information", "%(n)s not enough information", "n"),
    svg.NA: ngettext_lazy("%(n)s not applicable", "%(n)s not applicable", "n"),
    svg.EMPTY: ngettext_lazy("%(n)s not answered yet", "%(n)s not answered yet", "n"),
    svg.SEEN: ngettext_lazy("%(n)s seen", "%(n)s seen", "n"),
    svg.UNSEEN: ngettext_lazy("%(n)s not seen", "%(n)s not seen", "n"),
    svg.MAIN: ngettext_lazy("%(n)s main theme", "%(n)s main themes", "n"),
    svg.ALSO: ngettext_lazy("%(n)s also addressed", "%(n)s also addressed", "n"),
    svg.ABSENT: ngettext_lazy("%(n)s not addressed", "%(n)s not addressed", "n"),
}
LEVEL_WORDS = (
    gettext_lazy("Absent or contrary"),
    gettext_lazy("Claimed"),
    gettext_lazy("Partial"),
    gettext_lazy("Sound"),
    gettext_lazy("Strong"),
)
TAG_KINDS = ("", "open", "good", "warn", "bad", "off")
NOTICE_ICONS = {"success": "check", "warning": "warning", "error": "warning", "info": "info", "debug": "info"}


# -- What is made once ------------------------------------------------------------------------

# Enough for every mix of roles, rounds and languages of a busy hour; then it begins anew.
MOST_KEPT = 500


class KeptNode(template.Node):
    """Renders what stands inside once for each language and value of its keys."""

    def __init__(self, nodelist: template.NodeList, keys: Sequence[Any]) -> None:
        self.nodelist = nodelist
        self.keys = keys
        self.made: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_language(), *(each.resolve(context) for each in self.keys))
        # Asked for once only: another thread may begin anew at any moment.
        made = self.made.get(key)
        if made is None:
            if len(self.made) >= MOST_KEPT:
                self.made.clear()
            made = self.made[key] = self.nodelist.render(context)
        return made


@register.tag
def kept(parser: Any, token: Any) -> KeptNode:
    """{% kept a b %} … {% endkept %}: made once per process for each a and b, then only put in.

    For parts of every page. Whatever differs between people or pages must be among the keys;
    a token against forgery must stand outside.
    """
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, keys)


# -- Icons and marks ------------------------------------------------------------------------


@lru_cache(maxsize=128)
def _icon_paths(name: str) -> str:
    return render_to_string(f"_icons/{slugify(name)}.svg").strip()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, css: str = "") -> SafeString:
    """A line icon from templates/_icons/. Decoration only: the words stand beside it."""
    return format_html(
        '<svg class="icon icon-{} {}" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">{}</svg>',
        slugify(name),
        css,
        mark_safe(_icon_paths(name)),  # noqa: S308 - our own file
    )


@register.simple_tag
def answer_mark(state: str, word: str = "", size: int = 16) -> SafeString:
    """The mark of an answer with its word; `word` replaces the usual one ("Linked")."""
    said = str(word or STATE_WORDS[state])
    mark = svg.answer_mark(state, size, said, hidden=True)
    return format_html('<span class="mk mk-{}">{} <span>{}</span></span>', state, mark_safe(mark), said)  # noqa: S308


@register.simple_tag
def answer_mark_only(state: str, word: str = "", size: int = 16) -> SafeString:
    """The mark alone, for a dense table. Its word is the title and is read out."""
    return mark_safe(svg.answer_mark(state, size, str(word or STATE_WORDS[state])))  # noqa: S308


@register.simple_tag
def checklist_strip(items: Sequence[tuple[object, str, str]], title: str = "") -> SafeString:
    """The checklist as a row of marks; items are (number, state, short label)."""
    said = title or svg.count_words([state for _, state, _ in items], counted_state)
    return mark_safe(svg.checklist_strip(items, said))  # noqa: S308


@register.simple_tag
def range_bar(low: float, share: float | None, high: float, label: str = "") -> SafeString:
    """The share of favourable answers in per cent, with the range that is still open."""
    return mark_safe(svg.range_bar(low, share, high, label or _range_words(low, share, high)))  # noqa: S308


@register.simple_tag
def principle_lines(rows: Sequence[tuple[str, int | str | None]], title: str = "") -> SafeString:
    """One line per principle; rows are (label, level 0 to 4, or "nei", "na" or None)."""
    levels = [str(word) for word in LEVEL_WORDS]
    return mark_safe(svg.principle_lines(rows, title, levels, _state_words()))  # noqa: S308


@register.simple_tag
def spark(states: Iterable[str], title: str = "") -> SafeString:
    """A very small strip of marks for a row of a list."""
    return spark_in(get_language(), tuple(states), title)


@lru_cache(maxsize=4096)
def spark_in(language: str | None, states: tuple[str, ...], title: str = "") -> SafeString:
    """The spark with its words in the language in force, kept: a list shows the same ones again and again."""
    return mark_safe(svg.spark(states, title or svg.count_words(states, counted_state)))  # noqa: S308


@register.simple_tag
def brand_mark() -> SafeString:
    """The sign of the product: a full, a half and an open mark."""
    return mark_safe(
        '<svg viewBox="0 0 52 16" width="46" height="14" aria-hidden="true" fill="none" stroke="currentColor"'
        ' stroke-width="1.6"><circle cx="8" cy="8" r="6.2" fill="currentColor"/><circle cx="26" cy="8" r="6.2"/>'
        '<path d="M26 1.8a6.2 6.2 0 0 0 0 12.4z" fill="currentColor"/><path d="M44 2 51 13.8H37z"/></svg>'
    )


# -- Small blocks ---------------------------------------------------------------------------


@register.simple_tag
def state_tag(label: str, kind: str = "", icon_name: str = "") -> SafeString:
    """A word in a frame, with an icon where states are told apart by shape.

    Kinds: open, good, warn, bad, off, or nothing for neutral.
    """
    if kind not in TAG_KINDS:
        raise template.TemplateSyntaxError(f"state_tag: no kind {kind!r}, one of {', '.join(TAG_KINDS)}")
    shape = icon(icon_name, "icon-small") if icon_name else ""
    return format_html('<span class="tag{}">{}{}</span>', f" tag-{kind}" if kind else "", shape, label)


@register.inclusion_tag("_components/notice.html")
def notice(text: str, kind: str = "info", title: str = "") -> dict[str, Any]:
    """A message. Kinds: info, success, warning, error (the levels of django.contrib.messages)."""
    icon_name = NOTICE_ICONS.get(kind, "info")
    return {"text": text, "kind": kind, "title": title, "icon_name": icon_name, "urgent": kind == "error"}


@register.inclusion_tag("_components/facts.html")
def facts(rows: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Terms and values; an empty value is said as "not given"."""
    return {"rows": [(term, value, value is None or value == "") for term, value in rows]}


@register.inclusion_tag("_components/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """Nothing here: why, and the next step."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("_components/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: str = "") -> dict[str, Any]:
    """Links that look like tabs. Items: label, url, current, and count where there is one."""
    return {
        "items": [{"count": None, "current": False, **item} for item in items],
        "label": label or gettext("Parts of this page"),
    }


@register.inclusion_tag("_components/progress_line.html")
def progress_line(done: int, total: int, text: str = "") -> dict[str, Any]:
    """A bar with its words: "9 of 17 answered"."""
    said = text or gettext("%(done)s of %(total)s") % {"done": done, "total": total}
    return {"done": done, "total": max(total, 1), "text": said}


@register.inclusion_tag("_components/confirm.html")
def confirm_summary(items: Sequence[Any], title: str = "") -> dict[str, Any]:
    """What was selected, shown before anything is done to it."""
    count = len(items)
    said = title or ngettext("You selected this one:", "You selected these %(n)s:", count) % {"n": count}
    return {"items": items, "title": said}


@register.inclusion_tag("_components/history.html")
def history_list(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Who did what, when. Entries: at, by, text, and changes as (field, before, after)."""
    return {"entries": [{"changes": (), **entry} for entry in entries]}


# -- Lists ----------------------------------------------------------------------------------


@register.inclusion_tag("_components/table_head.html", takes_context=True)
def table_head(context: Mapping[str, Any], columns: Iterable[Mapping[str, Any]], order: str = "") -> dict[str, Any]:
    """The head of a table with sorting links.

    Columns: label, sort (the value of ?sort=, empty for none), css, hidden (label only read out).
    `order` is the sorting in force, with a leading minus for descending.
    """
    query = _query(context, "page", "sort")
    return {"columns": [_column(column, order, query) for column in columns]}


def _column(column: Mapping[str, Any], order: str, query: list[tuple[str, str]]) -> dict[str, Any]:
    sort = column.get("sort", "")
    current = {sort: "ascending", f"-{sort}": "descending"}.get(order, "") if sort else ""
    following = f"-{sort}" if current == "ascending" else sort
    return {
        "label": column["label"],
        "css": column.get("css", ""),
        "hidden": column.get("hidden", False),
        "url": f"?{urlencode([*query, ('sort', following)])}" if sort else "",
        "aria_sort": current,
        "icon": {"ascending": "arrow-up", "descending": "arrow-down"}.get(current, "sort"),
    }


@register.inclusion_tag("_components/pager.html", takes_context=True)
def pager(context: Mapping[str, Any], page: Any) -> dict[str, Any]:
    """Pages of a list (a Page of django.core.paginator), keeping the filters in the address."""
    query = _query(context, "page")
    paginator = page.paginator
    around = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [
        {"label": number, "url": "" if number == paginator.ELLIPSIS else _page_url(query, number)} for number in around
    ]
    return {
        "page": page,
        "links": links,
        "previous_url": _page_url(query, page.number - 1) if page.has_previous() else "",
        "next_url": _page_url(query, page.number + 1) if page.has_next() else "",
    }


def _page_url(query: list[tuple[str, str]], number: object) -> str:
    return f"?{urlencode([*query, ('page', str(number))])}"


@register.inclusion_tag("_components/filter_bar.html", takes_context=True)
def filter_bar(context: Mapping[str, Any], form: Any, clear_url: str = "") -> dict[str, Any]:
    """The fields of a GET form in one row, with Show and Clear."""
    request = context.get("request")
    sort = request.GET.get("sort", "") if request else ""
    filled = bool(form.is_bound and any(form.data.get(form.add_prefix(name)) for name in form.fields))
    return {"form": form, "sort": sort, "filled": filled, "clear_url": clear_url or "?"}


@register.simple_tag(takes_context=True)
def current_query(context: Mapping[str, Any], **changes: str) -> str:
    """The query string of this page with changes, for export links: ?{% current_query format="csv" %}."""
    query = _query(context, "page", *changes)
    return urlencode([*query, *((key, value) for key, value in changes.items() if value)])


def _query(context: Mapping[str, Any], *without: str) -> list[tuple[str, str]]:
    request = context.get("request")
    if request is None:
        return []
    return [(key, value) for key, values in request.GET.lists() for value in values if key not in without]


# -- The shell ------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def theme(context: Mapping[str, Any]) -> str:
    """The choice of colours of whoever is signed in; "system" for everybody else."""
    user = getattr(context.get("request"), "user", None)
    chosen = getattr(user, "theme", "")
    return chosen if chosen in THEMES else "system"


@register.filter
def notice_kind(message: Any) -> str:
    """The kind of notice for a message of django.contrib.messages."""
    return message.level_tag if message.level_tag in NOTICE_ICONS else "info"


@register.simple_tag
def colon() -> str:
    """The colon after a label, with the space that the language wants before it."""
    return pgettext("after a label", ":")


@register.filter
def in_parts(number: str) -> SafeString:
    """The number of an issue, such as GMS-2026/P-7/feedback/1, that breaks after a slash only."""
    parts = number.split("/")
    pieces = ((f"{part}/",) for part in parts[:-1])
    last = format_html('<span class="nowrap">{}</span>', parts[-1])
    return format_html_join("", '<span class="nowrap">{}</span><wbr>', pieces) + last


def counted_state(state: str, count: int) -> str:
    """A state with its number, such as "2 favourable", in the language in force and its plural."""
    return str(COUNTED_STATES[state] % {"n": count})


def _state_words() -> dict[str, str]:
    return {state: str(word) for state, word in STATE_WORDS.items()}


def _range_words(low: float, share: float | None, high: float) -> str:
    if share is None:
        return gettext("Nothing could be judged; from %(low).0f %% to %(high).0f %% is open.") % {
            "low": low,
            "high": high,
        }
    return gettext("%(share).0f %% favourable; missing information leaves %(low).0f %% to %(high).0f %% open.") % {
        "share": share,
        "low": low,
        "high": high,
    }
