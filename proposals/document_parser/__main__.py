"""The program: limits itself, opens one file, says what it found."""

import resource
import sys
import warnings
from pathlib import Path

from form_fields import read_form
from office_checks import check_office
from office_text import read_docx, read_xlsx
from parser_output import Refused, Speaker
from pdf_pages import check_pdf, read_pdf

MEMORY = 1024 * 1024 * 1024
FILE_SIZE = 64 * 1024 * 1024


def main(arguments):
    action, kind, path = arguments[:3]
    say = Speaker()
    try:
        if action == "check":
            say(done=check_pdf(path) if kind == "pdf" else check_office(path, kind))
        elif action == "form":
            say(done=read_form(path, kind, say))
        else:
            read = {"pdf": read_pdf, "docx": read_docx, "xlsx": read_xlsx}[kind]
            say(done=read(path, Path(arguments[3]), say), memory=peak_memory())
    except Refused as refusal:
        say(refused=str(refusal))
    except MemoryError:
        say(refused="memory")
    except Exception as problem:
        # Parsers raise whatever they like on broken files. The type helps whoever looks into it.
        say(refused="damaged", detail=type(problem).__name__)


def peak_memory():
    """In kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def limit_myself():
    """Before any file is opened: little memory, little disk, no core files; end with the parent."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        import ctypes

        # macOS refuses this limit.
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL


if __name__ == "__main__":
    limit_myself()
    # openpyxl looks for it, which takes as long as all the rest of loading it; no cell holds an array.
    sys.modules["numpy"] = None
    warnings.simplefilter("ignore")
    main(sys.argv[1:])
