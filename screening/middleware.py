"""Sets the language that a signed-in person has chosen for herself."""

from django.conf import settings
from django.utils import translation


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
