"""What the child process says, and how much of it."""

import json
import sys

MAX_PAGES = 1000
MAX_TEXT_PER_PAGE = 200_000
MAX_TEXT = 5_000_000
LEFT_OUT = "[…]"
# Line ends, and the invisible marks that Khmer, Thai and Persian words need.
KEPT = "\n\t\u200b\u200c\u200d"


class Refused(Exception):
    """The file is not taken; the argument is a code of `document_reading.REASONS`."""


class Speaker:
    """Writes one JSON object a line, at once, and counts the text said so far."""

    def __init__(self):
        self.characters = 0

    def __call__(self, **message):
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()

    def page(self, number, *, title="", text="", **picture):
        room = max(0, min(MAX_TEXT_PER_PAGE, MAX_TEXT - self.characters))
        text = clean(text).strip()
        if len(text) > room:
            text = f"{text[:room].rstrip()}\n{LEFT_OUT}"
        self.characters += len(text)
        self(page=number, title=" ".join(clean(title).split())[:200], text=text, **picture)


def clean(text):
    """Without control characters and marks that turn the direction of text; every space a plain one."""
    return "".join(c if c.isprintable() or c in KEPT else " " if c.isspace() else "" for c in text)
