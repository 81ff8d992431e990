# Shared by ./start and ./runtests: Python, system libraries, .venv. Sourced, not run.
# Needs: ROOT, the directory of the checkout.

VENV="$ROOT/.venv"
# Compiled once, every further process of Python here starts in half of the time.
unset PYTHONDONTWRITEBYTECODE
VENV_PYTHON="$VENV/bin/python"

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }
die() { complain "$*"; exit 1; }

can_install_packages() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# install_packages PACKAGE...: quiet; false when it did not work. The package lists are
# fetched only when the first attempt fails, so that nothing is downloaded in vain.
install_packages() {
    local apt="apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2"
    DEBIAN_FRONTEND=noninteractive $apt install -y --no-install-recommends "$@" >/dev/null 2>&1 && return 0
    $apt update >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive $apt install -y --no-install-recommends "$@" >/dev/null
}

# ensure_packages WHAT PACKAGE...: install as root, otherwise print the line to run.
ensure_packages() {
    local what="$1"; shift
    if can_install_packages; then
        say "Installing $what ($*)..."
        install_packages "$@" && return 0
        complain "$what could not be installed. As root: apt-get install -y $*"
    else
        complain "$what is missing. Run this as root, then start again: apt-get install -y $*"
    fi
    return 1
}

# A distribution compiles its Python with profiles of real use. One compiled by hand mostly is not, and takes a
# tenth to a sixth longer for everything.
SYSTEM_PYTHON="${SCREENING_PYTHON:-/usr/bin/python3}"

# is_suitable COMMAND [MODULES]: whether this Python is there, is new enough and has the modules.
is_suitable() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c "import ${2:-sys}, sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null
}

# Sets PYTHON to a suitable interpreter: the system's own where it can make .venv, then the plain name, then the newest.
find_python() {
    local candidate
    if is_suitable "$SYSTEM_PYTHON" "ensurepip, venv"; then
        PYTHON="$SYSTEM_PYTHON"
        return 0
    fi
    [ -z "${SCREENING_PYTHON:-}" ] || die "SCREENING_PYTHON names $SCREENING_PYTHON, which is no Python 3.11 or newer that can make .venv."
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if is_suitable "$candidate"; then
            PYTHON="$candidate"
            return 0
        fi
    done
    if command -v python3 >/dev/null 2>&1; then
        die "Python 3.11 or newer is needed; this is $(python3 --version 2>&1). Install a newer one (on Debian 12 or Ubuntu 24.04: apt-get install python3)."
    fi
    if can_install_packages && ensure_packages "Python" python3 python3-venv; then
        find_python_after_install
        return
    fi
    die "Python 3.11 or newer is needed, and there is none. On Debian or Ubuntu, as root: apt-get install -y python3 python3-venv"
}

find_python_after_install() {
    PYTHON=python3
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        die "Python 3.11 or newer is needed; this system offers $(python3 --version 2>&1)."
}

has_library() { "$PYTHON" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }

# What WeasyPrint loads. Probed by loading it, not by asking the package manager.
ensure_pdf_libraries() {
    local missing=()
    [ "$(uname -s)" = Linux ] || return 0
    has_library libpango-1.0.so.0 || missing+=(libpango-1.0-0)
    has_library libpangoft2-1.0.so.0 || missing+=(libpangoft2-1.0-0)
    has_library libharfbuzz-subset.so.0 || missing+=(libharfbuzz-subset0)
    [ ${#missing[@]} = 0 ] && return 0
    ensure_packages "What PDFs are made with" "${missing[@]}" ||
        complain "The site starts all the same; PDFs can be made once this is there."
    return 0
}

ensure_venv() {
    if [ -x "$VENV_PYTHON" ] && "$VENV_PYTHON" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        return 0
    fi
    if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        local version
        version="$("$PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
        [ "$PYTHON" = python3 ] && version="python3-venv"
        ensure_packages "Python's venv module" "$version" || exit 1
    fi
    say "Making .venv..."
    rm -rf "$VENV"
    "$PYTHON" -m venv "$VENV" || { rm -rf "$VENV"; die "Could not make $VENV."; }
}

# ensure_requirements base|dev [OPTIONS OF PIP]: install with pip and hashes, unless the stamp says
# that exactly these files are installed already. Then nothing needs the network.
ensure_requirements() {
    local wanted="$1" stamp="$VENV/.installed-$1" sum
    shift
    sum="$("$VENV_PYTHON" - "$ROOT/requirements/$wanted.txt" <<'PYTHON'
import hashlib, pathlib, sys
print(hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest(), sys.version.split()[0])
PYTHON
)"
    [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return 0
    say "Installing Python packages into .venv (about a minute the first time)..."
    "$VENV_PYTHON" -m pip install --quiet --disable-pip-version-check --no-input "$@" \
        --require-hashes --requirement "$ROOT/requirements/$wanted.txt" ||
        die "The Python packages could not be installed. Is the network there? Nothing else was changed; start again when it is."
    printf '%s\n' "$sum" >"$stamp"
}
