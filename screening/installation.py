"""What lies under the data directory: paths, secret key, demo and ready markers.

Plain Python without Django, because the settings are built from it.
"""

import os
import secrets
import tempfile
from pathlib import Path

SECRET_KEY_FILE = "secret_key"  # noqa: S105 (a file name)
DEMO_MARKER = "demo"
DIRECTORIES = ("uploads", "emails", "logs", "tmp", "static")


def data_directory(root: Path) -> Path:
    """The directory named by SCREENING_DATA, or `var` in the checkout."""
    return Path(os.environ.get("SCREENING_DATA") or root / "var").expanduser().resolve()


def make_directories(data: Path) -> None:
    """Create the data directory and its rooms, readable by the owner only."""
    for directory in (data, *(data / name for name in DIRECTORIES)):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)


def is_demo(data: Path) -> bool:
    """Whether this installation shows its demo accounts on the sign-in page.

    SCREENING_DEMO=1 or =0 decides; without it the marker file that the demo data left.
    """
    chosen = os.environ.get("SCREENING_DEMO", "").strip().lower()
    if chosen:
        return chosen in {"1", "true", "yes", "on"}
    return (data / DEMO_MARKER).exists()


def secret_key(data: Path) -> str:
    """The key in SECRET_KEY, else the one kept in the data directory.

    The file is made at first need and is readable by its owner only. Two processes
    that start at the same time agree on one key: the first to link its file wins.
    """
    if given := os.environ.get("SECRET_KEY"):
        return given
    path = data / SECRET_KEY_FILE
    try:
        return _read_key(path)
    except FileNotFoundError:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp opens with mode 0600 whatever the umask is.
    handle, draft = tempfile.mkstemp(dir=data, prefix=".secret_key-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
    finally:
        os.unlink(draft)
    return _read_key(path)


def _read_key(path: Path) -> str:
    key = path.read_text(encoding="ascii").strip()
    if len(key) < 50:
        msg = (
            f"The secret key in {path} is too short. Delete the file to have a new one made; "
            "everybody has to sign in again then."
        )
        raise ValueError(msg)
    return key
