"""Lists: filter, search, sort, pages, and the export of what is shown.

`build_listing` turns a queryset and the address of the page into a `Listing`. Only the rows of
the page are fetched, and what they need besides (`prepare`) is read for these rows only, so
that a list of ten thousand takes as many queries as a list of ten.

    listing = build_listing(request, queryset, COLUMNS, filterset=ProposalFilter, default_sort="reference")
    if listing.export_format:
        return export_response(request, listing, name=..., subject=round_, may_export=...)
    return render(request, "...", {"listing": listing})

In the template: `_components/listing_filter.html`, `{% table_head listing.head listing.order %}`,
`{% for row in listing.rows %}`, `{% pager listing.page %}`, and `_components/listing_export.html`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe

from . import tabular
from .actions import record_list_export
from .models import SavedView

EXPORT_FORMATS = ("csv", "xlsx")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHOSEN = mark_safe(" selected")
# Rows that an export holds in memory at a time.
EXPORT_CHUNK = 2000
PAGE_SIZE = 50


@dataclass(frozen=True)
class Column:
    """One column. `sort` names the fields to order by; without it the column cannot be sorted.

    `value` gives what an export writes for a row; a column without it is not exported.
    `annotate` gives what the order needs besides, computed only while the list is in this order.
    `blanks_last` keeps empty values at the end in both directions. `css` is the class of
    the head ("num", "fit"); `hidden` keeps the label for those who listen.
    """

    key: str
    label: Any
    sort: tuple[str, ...] | None = None
    value: Callable[[Any], Any] | None = None
    css: str = ""
    hidden: bool = False
    blanks_last: bool = False
    annotate: Callable[[], dict[str, Any]] | None = None

    def ordering(self, *, descending: bool) -> list[Any]:
        """What `order_by` takes."""
        sign = "-" if descending else ""
        if not self.blanks_last:
            return [f"{sign}{path}" for path in self.sort or ()]
        way = {"nulls_last": True}
        return [F(path).desc(**way) if descending else F(path).asc(**way) for path in self.sort or ()]


@dataclass(frozen=True)
class Listing:
    """One page of a list with all that a template and an export need of it."""

    page: Page
    rows: Sequence[Any]
    columns: Sequence[Column]
    order: str
    is_sorted: bool
    form: Any
    total: int
    is_filtered: bool
    export_format: str
    queryset: QuerySet
    prepare: Callable[[list[Any]], Any] | None = None

    @property
    def head(self) -> list[dict[str, Any]]:
        """The columns as the component `table_head` wants them."""
        return [
            {
                "label": column.label,
                "sort": column.key if column.sort else "",
                "css": column.css,
                "hidden": column.hidden,
            }
            for column in self.columns
        ]

    @property
    def first_index(self) -> int:
        """The place of the first shown row in the whole list, counted from 0."""
        return max(self.page.start_index() - 1, 0)

    @property
    def filter_fields(self) -> list[dict[str, Any]]:
        """The fields of the filter as plain values, for `_components/listing_filter.html`."""
        return [_plain_field(self.form[name]) for name in self.form.fields] if self.form else []

    @property
    def filter_key(self) -> tuple[Any, ...]:
        """All that the filter shows of these, in one language, to make the same filter only once."""
        names = self.form.fields if self.form else ()
        fields = tuple(_field_key(self.form[name]) for name in names)
        return fields, self.is_filtered, self.order if self.is_sorted else ""

    def exported_columns(self) -> list[Column]:
        return [column for column in self.columns if column.value is not None]

    def exported_rows(self) -> Iterator[list[Any]]:
        """All rows of all pages of the filter, in the order shown, without holding them all."""
        columns = self.exported_columns()
        rows = self.queryset.iterator(chunk_size=EXPORT_CHUNK)
        while chunk := list(islice(rows, EXPORT_CHUNK)):
            if self.prepare:
                self.prepare(chunk)
            for row in chunk:
                yield [column.value(row) for column in columns if column.value]


def build_listing(
    request: HttpRequest,
    queryset: QuerySet,
    columns: Sequence[Column],
    *,
    default_sort: str,
    filterset: Any = None,
    page_size: int = PAGE_SIZE,
    prepare: Callable[[list[Any]], Any] | None = None,
) -> Listing:
    """Filter, order and cut the queryset as the address of the page asks.

    An unknown sort key means `default_sort` ("-amount" for descending); a page beyond the
    last means the last. `prepare` gets the list of rows shown and may put attributes on them.
    """
    filtered = filterset(request.GET, queryset=queryset, request=request) if filterset else None
    ordered, order = ordered_as_asked(filtered.qs if filtered else queryset, columns, request.GET, default_sort)
    page = Paginator(ordered, page_size).get_page(request.GET.get("page"))
    export_format = request.GET.get("export", "")
    rows = [] if export_format in EXPORT_FORMATS else list(page.object_list)
    if prepare and rows:
        prepare(rows)
    return Listing(
        page=page,
        rows=rows,
        columns=columns,
        order=order,
        is_sorted=order != default_sort,
        form=filtered.form if filtered else None,
        total=page.paginator.count,
        is_filtered=bool(filtered and any(request.GET.get(name) for name in filtered.form.fields)),
        export_format=export_format if export_format in EXPORT_FORMATS else "",
        queryset=ordered,
        prepare=prepare,
    )


class Rows(list[Any]):
    """Rows that are in memory already, to be listed and exported like those of a queryset."""

    def iterator(self, chunk_size: int = EXPORT_CHUNK) -> Iterator[Any]:
        return iter(self)


def build_row_listing(
    request: HttpRequest,
    rows: Iterable[Any],
    columns: Sequence[Column],
    *,
    default_sort: str,
    form: Any = None,
    page_size: int = PAGE_SIZE,
) -> Listing:
    """As `build_listing`, of rows that cannot be put in order by the database because they belong together.

    `rows` are filtered already, in the order that `default_sort` means. The paths in the `sort` of a
    column are attributes of the row, and empty values always come last.
    """
    ordered, order = _rows_as_asked(list(rows), columns, request.GET, default_sort)
    page = Paginator(ordered, page_size).get_page(request.GET.get("page"))
    export_format = request.GET.get("export", "")
    return Listing(
        page=page,
        rows=list(page.object_list),
        columns=columns,
        order=order,
        is_sorted=order != default_sort,
        form=form,
        total=page.paginator.count,
        is_filtered=bool(form and any(request.GET.get(name) for name in form.fields)),
        export_format=export_format if export_format in EXPORT_FORMATS else "",
        queryset=Rows(ordered),  # type: ignore[arg-type]
    )


def _rows_as_asked(
    rows: list[Any], columns: Sequence[Column], parameters: Mapping[str, str], default: str
) -> tuple[list[Any], str]:
    sortable = {column.key: column for column in columns if column.sort}
    asked = parameters.get("sort", "")
    order = asked if asked.removeprefix("-") in sortable else default
    if order == default:
        return rows, order
    paths = sortable[order.removeprefix("-")].sort or ()
    known, unknown = [], []
    for row in rows:
        values = tuple(attrgetter(path)(row) for path in paths)
        (unknown if values[0] is None or values[0] == "" else known).append((values, row))
    known.sort(key=lambda pair: pair[0], reverse=order.startswith("-"))
    return [row for _values, row in known + unknown], order


def _plain_field(bound: Any) -> dict[str, Any]:
    """One field of a filter: a select has `choices` of (value, label, attribute), anything else has None."""
    value = str(bound.value() or "")
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        pairs = ((str(code or ""), str(label)) for code, label in choices)
        choices = [(code, label, CHOSEN if code == value else "") for code, label in pairs]
    name = bound.html_name
    return {"name": name, "id": bound.id_for_label, "label": str(bound.label), "value": value, "choices": choices}


def _field_key(bound: Any) -> tuple[Any, ...]:
    # A word of ours is the same for the same code; a name is not.
    choices = getattr(bound.field, "choices", ())
    shown = tuple((code, label if isinstance(label, str) else "") for code, label in choices)
    return bound.html_name, str(bound.value() or ""), shown


@dataclass(frozen=True)
class Neighbours:
    """The rows before and after one row in a list, so that any list can be gone through one by one."""

    previous: int | None
    next: int | None
    index: int


def neighbours(queryset: QuerySet, index: int, pk: int) -> Neighbours | None:
    """The keys beside row `index` (from 0) of an ordered queryset; reads at most three keys.

    None where the list has changed, so that another row stands in that place.
    """
    start = max(index - 1, 0)
    keys = list(queryset.values_list("pk", flat=True)[start : index + 2])
    here = index - start
    if index < 0 or here >= len(keys) or keys[here] != pk:
        return None
    return Neighbours(keys[here - 1] if here else None, keys[here + 1] if here + 1 < len(keys) else None, index)


def export_response(
    request: HttpRequest, listing: Listing, *, name: str, subject: Any, may_export: bool, round_id: int | None = None
) -> HttpResponseBase:
    """The whole list as a file, streamed; who took it out, and by which filter, is recorded.

    `name` becomes the file name. Raises PermissionDenied where the person may see but not take away.
    """
    if not may_export:
        raise PermissionDenied
    record_list_export(
        subject=subject,
        name=name,
        file_format=listing.export_format,
        row_count=listing.total,
        query=shown_query(request),
        round_id=round_id,
        by=request.user,
    )
    header = [str(column.label) for column in listing.exported_columns()]
    return download(name, listing.export_format, header, listing.exported_rows())


def download(name: str, file_format: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """A table as a CSV or XLSX file to keep, never all in memory."""
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.{file_format}") or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    if file_format == "csv":
        pieces = tabular.write_csv(header, rows)
        return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)
    return FileResponse(tabular.write_xlsx(header, rows, name), content_type=XLSX_TYPE, headers=headers)


def shown_query(request: HttpRequest) -> str:
    """The filter and order of the page as a query string, without page and export."""
    kept = [
        (key, value)
        for key, values in request.GET.lists()
        for value in values
        if value and key not in ("page", "export", "at", "list")
    ]
    return urlencode(kept)


def kept_views(request: HttpRequest, page: str) -> dict[str, Any]:
    """What `_components/kept_views.html` needs: this person's views of the list called `page`, by name."""
    query = shown_query(request)
    views = list(SavedView.objects.filter(user_id=request.user.pk, page=page).order_by("name", "pk"))
    return {"page": page, "back": request.path, "query": query, "views": views}


def ordered_as_asked(
    queryset: QuerySet, columns: Sequence[Column], parameters: Mapping[str, str], default: str
) -> tuple[QuerySet, str]:
    """The queryset in the order asked for, always ending in the primary key, and that order's word."""
    sortable = {column.key: column for column in columns if column.sort}
    asked = parameters.get("sort", "")
    order = asked if asked.removeprefix("-") in sortable else default
    descending = order.startswith("-")
    column = sortable[order.removeprefix("-")]
    if column.annotate:
        queryset = queryset.annotate(**column.annotate())
    return queryset.order_by(*column.ordering(descending=descending), "-pk" if descending else "pk"), order
