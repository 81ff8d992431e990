"""A throw-away PostgreSQL: its own directory, a socket only, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

# Not the settings of a real server: the disk is taken out of the comparison with SQLite's WAL.
SETTINGS = ("listen_addresses=", "synchronous_commit=off", "max_connections=30")


def find_programs():
    """The directory of initdb and postgres, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def running(programs, directory):
    """The DATABASE_URL of a server below `directory`, with what was kept there."""
    home = directory / "postgres"
    home.mkdir(mode=0o700, exist_ok=True)
    who = _somebody(home)
    if not (home / "data").exists():
        initdb = [programs / "initdb", "-D", home / "data", "-U", "screening", "-A", "trust", "-E", "UTF8"]
        initdb += ["--locale=C.UTF-8", "--no-sync"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=home, **who)
    options = [part for setting in SETTINGS for part in ("-c", setting)]
    server = subprocess.Popen(
        [programs / "postgres", "-D", home / "data", "-k", home, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=home,
        **who,
    )
    try:
        _wait(programs, home, server)
        yield f"postgres://screening@/postgres?host={home}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _somebody(home):
    """PostgreSQL refuses to run as root: then it runs as somebody else, who owns its directory."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(home, person.pw_uid, person.pw_gid)
        for above in home.parents:
            if above.stat().st_uid == 0 and not above.stat().st_mode & 0o001:
                above.chmod(0o711)  # lets them through, shows them nothing
        return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and there is nobody else.")


def _wait(programs, home, server):
    for _ in range(150):
        ready = [programs / "pg_isready", "-q", "-h", home, "-U", "screening", "-d", "postgres"]
        if subprocess.run(ready, check=False).returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not start.")
