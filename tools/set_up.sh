#!/usr/bin/env bash
# Makes .venv in the project's root from requirements.lock, and installs Winnow into it, editable.
#
# `make setup` calls it when the lock or the project file changed. PYTHON chooses the interpreter (3.11 or newer).
set -euo pipefail
cd "$(dirname "$0")/.."

VENV=.venv
export UV_PYTHON_DOWNLOADS=never # the interpreter is the machine's own; nothing else is fetched
export UV_LINK_MODE=copy         # a cache on another disk is no reason for a warning
export PIP_DISABLE_PIP_VERSION_CHECK=1

main() {
    usable || make_environment
    local uv
    if uv=$(find_uv); then
        # Without compiled bytecode the first start takes seconds longer.
        "$uv" pip install --quiet --python "$VENV/bin/python" --require-hashes --compile-bytecode -r requirements.lock
        "$uv" pip install --quiet --python "$VENV/bin/python" --no-deps --no-build-isolation --editable .
    else
        "$VENV/bin/python" -m pip install --quiet --require-hashes -r requirements.lock
        "$VENV/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
    fi
    tools/system_libraries.sh qt
}

# An environment that was left half made, or whose Python is gone, is made again.
usable() { "$VENV/bin/python" -m pip --version >/dev/null 2>&1 || "$VENV/bin/uv" --version >/dev/null 2>&1; }

make_environment() {
    local python
    if ! python=$(find_python); then
        tools/system_libraries.sh interpreter
        python=$(find_python) || {
            echo "Winnow needs Python 3.11 or newer; PYTHON=/path/to/python make setup chooses one." >&2
            exit 1
        }
    fi
    echo "Making $VENV with $("$python" --version) ..." >&2
    if command -v uv >/dev/null; then
        uv venv --quiet --clear --seed --python "$python" "$VENV"
    else
        PYTHON=$python tools/system_libraries.sh venv
        "$python" -m venv --clear "$VENV"
    fi
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# uv from the machine, else the one of the lock: it installs in seconds what takes pip half a minute.
find_uv() {
    if command -v uv; then
        return
    fi
    if [ ! -x "$VENV/bin/uv" ]; then
        local lines
        lines=$(mktemp)
        awk '/^[^ ]/ { wanted = /^uv==/ } wanted' requirements.lock >"$lines"
        "$VENV/bin/python" -m pip install --quiet --require-hashes --no-deps -r "$lines" >&2 || true
        rm -f "$lines"
    fi
    [ -x "$VENV/bin/uv" ] && echo "$VENV/bin/uv"
}

main
