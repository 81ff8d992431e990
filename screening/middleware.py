"""Sets the language that a signed-in person has chosen for herself; stops uploads that are too much."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

CHUNK = 1024 * 1024


class LanguageOfUser:
    """After sign-in the person's own setting decides; before it, the browser's wish."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request):
        user = request.user
        if user.is_authenticated and user.language in self.known:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        return self.get_response(request)


class UploadLimit:
    """A form that brings more than is taken is shown again with the reason, instead of an error page.

    Stands before whatever reads the form. The request goes on as a mere question for the page,
    which changes nothing; the view shows `refused_upload(request)` at its field. Where no view
    does, the answer is a page of its own (413).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reason = self._too_much(request)
        if reason is None:
            return self.get_response(request)
        _throw_away(request)
        request.refused_upload = reason
        response = self.get_response(request)
        if request.refused_upload is None:
            return response
        return render(request, "413.html", {"reason": reason}, status=413)

    def _too_much(self, request):
        """Why the upload is not taken, or None; reads the form of those that may be."""
        if request.method != "POST" or request.content_type != "multipart/form-data":
            return None
        limit = settings.SCREENING_MAX_UPLOAD_MB
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit * 1024 * 1024:
            return _("The files are more than %(limit)s MB together. Send fewer at a time.") % {"limit": limit}
        try:
            request.POST  # noqa: B018 - reading it is what finds out
        except TooManyFilesSent:
            files = settings.DATA_UPLOAD_MAX_NUMBER_FILES
            return _("These are more than %(files)s files. Send fewer at a time.") % {"files": files}
        except (RequestDataTooBig, TooManyFieldsSent):
            return _("The form holds more than can be taken at once.")
        return None


def _throw_away(request):
    """Read to the end what is not taken, for a browser listens only then, and leave an empty question."""
    while request.read(CHUNK):
        pass
    request.method = request.META["REQUEST_METHOD"] = "GET"
    request._post, request._files = QueryDict(), MultiValueDict()


def refused_upload(request):
    """Why the upload was not taken, once, for the view that says so at its field; "" when all was."""
    reason, request.refused_upload = getattr(request, "refused_upload", None), None
    return str(reason or "")
