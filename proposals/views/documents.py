"""Documents: add, read, download, remove."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from screening.middleware import refused_upload

from .. import reader, rules
from ..actions import documents as actions
from ..enums import ReadingState
from ..forms.documents import DocumentAddForm, DocumentRemoveForm
from ..models import Document, DocumentPage
from .loading import load_proposal

# A browser that opens one of these all the same may run and load nothing (docs/adr/0003).
HARMLESS = "sandbox; default-src 'none'"
ZOOMS = ("fit", "100", "150")


def load_document(request, pk, *, needs=None, with_removed=False):
    """The document with its proposal; 404 without the right to read the proposal, and for removed ones."""
    document = Document.objects.select_related("proposal__round", "proposal__applicant").filter(pk=pk).first()
    if document is None or not rules.can_read_proposal(request.user, document.proposal):
        raise Http404
    if document.removed_at and not with_removed:
        raise Http404
    request.round = document.proposal.round
    if needs is not None and not needs(request.user, document.proposal):
        raise PermissionDenied
    return document


@login_required
def document_add(request, pk):
    proposal = load_proposal(request, pk, needs=rules.can_add_document)
    form = DocumentAddForm()
    if request.method == "POST":
        form = DocumentAddForm(request.POST, request.FILES)
        if form.is_valid():
            received = actions.add_documents(
                proposal=proposal, uploads=form.cleaned_data["files"], kind=form.cleaned_data["kind"], by=request.user
            )
            _say_added(request, received.added)
            refused = [*form.refused, *received.refused]
            if not refused:
                return redirect(proposal)
            form.show_refused(refused)
    elif reason := refused_upload(request):
        form.refuse("files", reason)
    form.cancel_url = proposal.get_absolute_url()
    context = {
        "proposal": proposal,
        "form": form,
        "documents": proposal.documents.kept().order_by("kind", "pk"),
        "can_add_document": True,
    }
    return render(request, "proposals/document_add.html", context)


def _say_added(request, documents):
    if documents:
        text = ngettext(
            "Added: %(names)s. Its pages are being prepared.",
            "Added: %(names)s. Their pages are being prepared.",
            len(documents),
        )
        messages.success(request, text % {"names": ", ".join(document.name for document in documents)})


@login_required
@require_safe
def document_view(request, pk):
    """The reader; with ?embed=1 the slim one for a frame beside the assessment form."""
    document = load_document(request, pk, with_removed=True)
    is_embedded = request.GET.get("embed") == "1"
    context = {
        "document": document,
        "proposal": document.proposal,
        "is_embedded": is_embedded,
        "can_add_document": rules.can_add_document(request.user, document.proposal),
        "base": "base_root.html" if is_embedded else "base.html",
    }
    if document.removed_at:
        return render(request, "proposals/document_removed.html", context, status=410)
    if "go" in request.GET:
        return _go_to(request, document)
    context.update(_reader(request, document))
    return render(request, f"proposals/document_{'embed' if is_embedded else 'view'}.html", context)


def _go_to(request, document):
    """From ?go=12, ?go=12-14 or ?go=Heading to that page."""
    number = reader.page_number(document, request.GET["go"])
    if number is None:
        messages.warning(request, _("There is no such page in this document."))
    kept = {key: request.GET[key] for key in ("embed", "zoom") if key in request.GET}
    query = urlencode({**kept, "page": number or 1})
    return redirect(f"{reverse('proposals:document-view', args=[document.pk])}?{query}#page-{number or 1}")


def _reader(request, document):
    """What the reader shows: the state of a document that is not ready, hits, text or pages."""
    zoom = request.GET.get("zoom")
    context = {
        "zoom": zoom if zoom in ZOOMS else "fit",
        "zooms": (("fit", _("Fit")), ("100", _("100 %")), ("150", _("150 %"))),
        "query": " ".join(request.GET.get("q", "").split())[:200],
        "is_text_only": request.GET.get("text") == "1",
        "page_number": 1,
        "made": 0,
        "stretch": None,
        "hits": None,
        "hits_shown": reader.HITS_SHOWN,
    }
    if document.reading == ReadingState.WAITING:
        context["made"] = reader.pages_made(document)
    elif document.reading == ReadingState.READY and context["query"]:
        context["hits"] = reader.find_words(document, context["query"])
    elif document.reading == ReadingState.READY:
        context["page_number"] = reader.page_number(document, request.GET.get("page", "1")) or 1
        if context["is_text_only"]:
            context["pages"] = reader.whole_text(document)
        else:
            context["stretch"] = reader.stretch_around(document, context["page_number"])
            context["pages"] = context["stretch"].pages
    return context


@login_required
@require_safe
@never_cache
def document_state(request, pk):
    """How far the preparation of the pages is, for the script of the reader."""
    document = load_document(request, pk)
    made = reader.pages_made(document) if document.reading == ReadingState.WAITING else 0
    return JsonResponse({"reading": document.reading, "made": made, "total": document.page_count})


@login_required
@require_safe
def document_file(request, pk):
    """The original file, to be saved and never shown by the browser; logged."""
    document = load_document(request, pk)
    if request.method == "GET":
        actions.record_download(document=document, by=request.user)
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.name, content_type=document.media_type
    )
    response["Content-Security-Policy"] = HARMLESS
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def document_page(request, pk, number):
    """The picture of one page. The browser may keep it but asks each time whether it still may show it."""
    document = load_document(request, pk)
    page = DocumentPage.objects.filter(document=document, number=number).exclude(picture="").first()
    if page is None:
        raise Http404
    # The random name of the picture changes when it is made anew.
    etag = quote_etag(page.picture.name.rsplit("/", 1)[-1])
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = FileResponse(page.picture.open("rb"), content_type="image/webp")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = HARMLESS
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def document_read_again(request, pk):
    document = load_document(request, pk, needs=rules.can_add_document)
    actions.ask_for_reading(document=document, by=request.user)
    return redirect("proposals:document-view", document.pk)


@login_required
def document_remove(request, pk):
    document = load_document(request, pk, needs=rules.can_add_document)
    form = DocumentRemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.remove_document(document=document, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("%(name)s was removed.") % {"name": document.name})
        return redirect(document.proposal)
    form.cancel_url = document.proposal.get_absolute_url()
    context = {"document": document, "proposal": document.proposal, "form": form}
    return render(request, "proposals/document_remove.html", context)
