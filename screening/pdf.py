"""HTML to PDF: accessible (PDF/UA-1), archivable (PDF/A-3a), the same bytes for the same input.

With `pdf_lines` the only module that imports WeasyPrint, and only when a PDF is made: without its libraries the
application runs and `PdfUnavailable` says what to install. What is asked for is a plain
`PdfDocument`; `make` renders it in a child process with limits (see `pdf_child`), `make_here` in
this one.

Nothing is fetched but files below static/, by the address `static:<name>`, and the pictures that a
document brings itself, by `picture:<name>`. A reference to anything else in a document stops the
rendering instead of being left out in silence.
"""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from screening import pdf_bytes, pdf_forms, pdf_html, pdf_lines, pdf_tags
from screening.pdf_forms import FormField, fields_from_json

STATIC = Path(__file__).resolve().parent.parent / "static"
VARIANT = "pdf/a-3a"
# What elements start from, in place of the engine's own sheet.
BASE_STYLESHEET = "css/report-base.css"
STYLESHEETS = (
    "css/tokens.css",
    "css/report-fonts.css",
    "css/report.css",
    "css/report-answers.css",
    "css/report-letter.css",
    "css/report-board.css",
    "css/report-form.css",
)

# Scripts written without spaces in which Pango finds no place to break a line.
UNBROKEN_RUN = re.compile("[\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\uaa60-\uaa7f]{2,}")
ZERO_WIDTH_SPACE = "\u200b"
# Neither XML metadata nor a font has them.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")

PDF_UA_METADATA = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
COLOUR = re.compile("#[0-9a-fA-F]{6}")
RDF_END = re.compile(rb"</([A-Za-z0-9]+:)?RDF>")


class PdfUnavailable(Exception):
    """WeasyPrint's libraries are missing; the message says what to install."""


class ReportFailed(Exception):
    """A PDF could not be made; the message is fit for users."""


@dataclass(frozen=True)
class EmbeddedFile:
    """A text file inside the PDF, such as the data that a report shows."""

    name: str
    text: str
    description: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture that belongs to one document; its pages name it `picture:<name>`."""

    name: str
    media_type: str
    base64: str


@dataclass(frozen=True)
class MadePdf:
    """A finished PDF and how many pages it has."""

    data: bytes
    page_count: int


@dataclass(frozen=True)
class PdfDocument:
    """Everything that decides what a PDF looks like: plain values, ready to be sent to a child."""

    html: str
    created: datetime
    attachments: tuple[EmbeddedFile, ...] = field(default=())
    pictures: tuple[Picture, ...] = field(default=())
    # "#1f4e79": the colour of the letterhead, `var(--letterhead)` in the styles.
    colour: str = ""
    # What can be filled in; a PDF that has fields is no PDF/A (see `pdf_forms`).
    fields: tuple[FormField, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.colour and not COLOUR.fullmatch(self.colour):
            raise ValueError("A colour is # and six digits.")

    @property
    def content_key(self) -> str:
        """A hash of content, data, styles, fonts and engine: equal keys mean equal bytes."""
        return hashlib.sha256(f"{engine_fingerprint()}\n{self.to_json()}".encode()).hexdigest()

    def to_json(self) -> str:
        """The document as one line of JSON."""
        return json.dumps({**asdict(self), "created": self.created.isoformat()}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> PdfDocument:
        """The reverse of `to_json`."""
        values = json.loads(text)
        files = tuple(EmbeddedFile(**each) for each in values["attachments"])
        pictures = tuple(Picture(**each) for each in values["pictures"])
        fields = fields_from_json(values["fields"])
        created = datetime.fromisoformat(values["created"])
        return cls(values["html"], created, files, pictures, values["colour"], fields)

    def make(self) -> MadePdf:
        """Render in a child process with limits on time and memory.

        Raises PdfUnavailable and ReportFailed.
        """
        from screening import pdf_child  # the child itself imports this module

        return pdf_child.render(self)

    def make_here(self) -> MadePdf:
        """Render in this process, without limits: for commands, benchmarks and the child itself."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves its colour profile open
            return _engine().make(self)


def prepare_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    language: str,
    created: datetime,
    attachments: Iterable[EmbeddedFile] = (),
    pictures: Iterable[Picture] = (),
    colour: str = "",
    fields: Iterable[FormField] = (),
) -> PdfDocument:
    """Fill the template in the given language. It finds title, language and created in its context.

    `created` needs a time zone; it is the time that the PDF says it was made, so that the same
    state gives the same bytes whenever it is rendered.
    """
    from django.template.loader import render_to_string  # the child renders without Django
    from django.utils import translation

    if created.tzinfo is None:
        raise ValueError("`created` needs a time zone.")
    values = {**context, "title": title, "language": language, "created": created}
    with translation.override(language):
        html = render_to_string(template, values)
    moment = created.replace(microsecond=0)
    return PdfDocument(CONTROL.sub("", html), moment, tuple(attachments), tuple(pictures), colour, tuple(fields))


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    language: str,
    created: datetime,
    attachments: Iterable[EmbeddedFile] = (),
    in_child: bool = True,
) -> bytes:
    """The PDF of a template. See `prepare_pdf` for the arguments and `PdfDocument.make` for errors."""
    document = prepare_pdf(template, context, title=title, language=language, created=created, attachments=attachments)
    return (document.make() if in_child else document.make_here()).data


def prepare_engine() -> None:
    """Load WeasyPrint and what is kept of it for the life of the process. Raises PdfUnavailable."""
    _engine()


def unavailable_reason() -> str:
    """Why no PDF can be made on this machine, and what to install; "" when one can."""
    from screening.checks import INSTALL_LINE, PDF_LIBRARIES, missing_libraries  # Django's checks

    missing = missing_libraries(PDF_LIBRARIES)
    if not missing:
        return ""
    return f"PDFs cannot be made: {', '.join(missing)} cannot be loaded. On Debian or Ubuntu, as root: {INSTALL_LINE}"


# -- Line breaks ------------------------------------------------------------------------------


def with_break_points(html: str) -> str:
    """The same HTML with a place to break after every word of Khmer, Lao and Burmese.

    They are written without spaces; ICU's dictionaries know their words. Such runs hold no markup, so they can
    be treated in the finished HTML.
    """
    if not UNBROKEN_RUN.search(html):
        return html
    # Not at the top: most reports hold no such text, and ICU's data is large.
    from icu4py.breakers import LineBreaker

    return UNBROKEN_RUN.sub(lambda run: ZERO_WIDTH_SPACE.join(LineBreaker(run[0], "km")), html)


# -- WeasyPrint -------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def engine_fingerprint() -> str:
    """A hash of everything outside a document that shapes the PDF: engine, styles, fonts, marks."""
    digest = hashlib.sha256()
    for package in ("weasyprint", "pydyf", "tinyhtml5", "cssselect2", "tinycss2", "icu4py"):
        digest.update(f"{package} {metadata.version(package)}\n".encode())
    folders = ("fonts/pdf", "img/marks")
    names = [str(p.relative_to(STATIC)) for f in folders for p in sorted((STATIC / f).glob("*"))]
    names = [BASE_STYLESHEET, *STYLESHEETS, *names]
    for name in names:
        content = (STATIC / name).read_bytes()
        digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class _Engine:
    """WeasyPrint with what is kept for the life of the process: fonts and parsed styles."""

    weasyprint: Any
    page: Any
    fetcher: Any
    refused: type[BaseException]
    fonts: Any
    stylesheet: Any

    def make(self, document: PdfDocument) -> MadePdf:
        html = with_break_points(document.html)
        files = [self.attachment(each, document.created) for each in document.attachments]
        try:
            fetcher = _own_fetcher(document.pictures) if document.pictures else self.fetcher
            source = self.page(html, fetcher)
            styles = [self.stylesheet, *self.own_styles(document)]
            options = {"pdf_variant": pdf_forms.VARIANT if document.fields else VARIANT}
            options["pdf_forms"] = bool(document.fields)
            laid_out = source.render(font_config=self.fonts, stylesheets=styles, **options)
            data = laid_out.write_pdf(attachments=files, finisher=_finisher(document), **options)
        except self.refused as refusal:
            raise ReportFailed("The report refers to a file that is not part of it.") from refusal
        return MadePdf(data, len(laid_out.pages))

    def own_styles(self, document: PdfDocument) -> list[Any]:
        """What one document looks different in: the colour of its letterhead."""
        if not document.colour:
            return []
        text = f":root {{ --letterhead: {document.colour} }}"
        return [self.weasyprint.CSS(string=text, base_url="static:", url_fetcher=self.fetcher)]

    def attachment(self, file: EmbeddedFile, created: datetime) -> Any:
        return self.weasyprint.Attachment(
            string=file.text,
            base_url="static:",
            url_fetcher=self.fetcher,
            name=file.name,
            description=file.description,
            created=created,
            modified=created,
            relationship="Data",
        )


@lru_cache(maxsize=1)
def _engine() -> _Engine:
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError
    except (ImportError, OSError) as problem:  # OSError: a shared library cannot be loaded
        raise PdfUnavailable(unavailable_reason() or f"WeasyPrint cannot be loaded: {problem}") from problem
    fetcher = _own_fetcher(())
    fonts = FontConfiguration()
    pdf_lines.KeptLines(fonts).install()

    def parsed(names: Iterable[str]) -> Any:
        # As one sheet: each is tried on every element.
        text = "\n".join(_stylesheet(name) for name in names)
        return weasyprint.CSS(string=text, base_url="static:", url_fetcher=fetcher, font_config=fonts)

    page = _own_page(weasyprint.HTML, parsed([BASE_STYLESHEET]))
    return _Engine(weasyprint, page, fetcher, FatalURLFetchingError, fonts, parsed(STYLESHEETS))


def _own_page(html_class: Any, base: Any) -> Any:
    """WeasyPrint's class for a parsed page, with a faster parser and a smaller base sheet."""
    from cssselect2 import ElementWrapper

    class OwnPage(html_class):  # type: ignore[misc]
        def __init__(self, html: str, fetcher: Any) -> None:
            tree = pdf_html.tree_of(html)
            if tree is None:
                super().__init__(string=html, base_url="static:", url_fetcher=fetcher)
                return
            self.base_url, self.url_fetcher, self.media_type = "static:", fetcher, "print"
            self.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return list(super()._ua_stylesheets(forms)) if forms else [base]

    return OwnPage


def _stylesheet(name: str) -> str:
    """A file of static/css with its relative addresses written as `static:`."""
    return (STATIC / name).read_text(encoding="utf-8").replace('url("../', 'url("static:')


def _own_fetcher(pictures: Iterable[Picture]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    own = {f"picture:{each.name}": each for each in pictures}

    class OwnFetcher(URLFetcher):  # type: ignore[misc]
        """Answers `static:<name>` with a file below static/, `picture:<name>` from the document, nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in own:
                picture = own[url]
                return URLFetcherResponse(url, b64decode(picture.base64), {"Content-Type": picture.media_type})
            scheme, _, name = url.partition(":")
            file = (STATIC / name).resolve()
            if scheme != "static" or not file.is_relative_to(STATIC) or not file.is_file():
                raise ValueError("Reports use files of their own only.")
            return URLFetcherResponse(url, file.read_bytes())

    return OwnFetcher(fail_on_errors=True)


def _finisher(document: PdfDocument) -> Any:
    """What is done to the objects of a PDF before they are written."""

    def finish(_laid_out: Any, pdf: Any) -> None:
        pdf_tags.complete(pdf)
        if document.fields:
            pdf_forms.finish(pdf, document.fields)
        else:
            _declare_pdf_ua(pdf)
        pdf_bytes.write_once(pdf)

    return finish


def _declare_pdf_ua(pdf: Any) -> None:
    """Add what PDF/UA-1 asks for to the metadata of a PDF/A-3a: WeasyPrint writes one of the two."""
    reference = int(pdf.catalog["Metadata"].split()[0])
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])  # each file is listed twice
    stream = pdf.objects[reference]
    stream.stream = [RDF_END.sub(lambda end: PDF_UA_METADATA + end[0], part) for part in stream.stream]
