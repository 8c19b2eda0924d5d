# Sourced by the scripts beside it: makes the private environment .venv from the lock file. Needs Python 3.11+ with venv.
# root: the repository; set by the caller. environment ARGS: ARGS go to `uv sync` (groups and extras).

UV_VERSION=0.13.9

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "Amur needs Python 3.11 to 3.14 with the venv module (Debian: apt install python3-venv)." >&2
    return 1
}

environment() {
    wanted="$(cat "$root/uv.lock" "$root/pyproject.toml" | cksum) $*"
    stamp="$root/.venv/amur-$(echo "$*" | cksum | cut -d' ' -f1)"
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        return
    fi
    python=$(find_python) || return 1
    if [ ! -x "$root/.venv/bin/python" ]; then
        echo "Making a private environment in .venv (once; about 1.5 GB and a few minutes) ..." >&2
        "$python" -m venv "$root/.venv" || return 1
    fi
    "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" || return 1
    # --inexact: what another script of this folder installed before stays.
    VIRTUAL_ENV="$root/.venv" "$root/.venv/bin/uv" sync --project "$root" --frozen --inexact --quiet "$@" || return 1
    echo "$wanted" >"$stamp"
}
