#!/usr/bin/env bash
# Sees to the system libraries that Qt and Python need on Debian and Ubuntu.
#
#   tools/system_libraries.sh interpreter   python3 itself
#   tools/system_libraries.sh venv          the venv module of $PYTHON, which Debian packs apart
#   tools/system_libraries.sh qt            what Qt's libraries lack, once it is installed in .venv
#   tools/system_libraries.sh postgresql    a server for the tests of the team's hub, and a pooler before it
#
# Installs through apt where it may (root, or sudo without a password). Where it may not, prints the one line to run and
# ends with 1; with 0 where only a window under X11 lacks something. WINNOW_APT=never only prints.
set -euo pipefail

# Names differ between releases (libglib2.0-0t64 since 2024): the first that apt knows is taken.
QT_PACKAGES=(
    "libglib2.0-0t64 libglib2.0-0" libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1
    libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxcb-render-util0 libxcb-image0
    libxkbcommon-x11-0
)

main() {
    [ "$(uname -s)" = Linux ] || exit 0 # the wheels of macOS and Windows bring everything
    case "${1:-}" in
    interpreter) need "Python" python3 python3-venv ;;
    venv) have_venv || need "Python's venv module" "$(venv_package)" ;;
    qt)
        local lacking
        lacking=$(lacking_libraries QtWidgets*.so Qt/plugins/platforms/libqoffscreen.so)
        if [ -n "$lacking" ]; then
            need "Qt's libraries ($(echo $lacking))" "${QT_PACKAGES[@]}"
            exit
        fi
        # Tests and pictures do without these, so whoever may not install them can still go on.
        lacking=$(lacking_libraries Qt/plugins/platforms/libqxcb.so)
        if [ -n "$lacking" ]; then
            (need "for a window under X11, Qt's libraries ($(echo $lacking))" "${QT_PACKAGES[@]}") || true
        fi
        ;;
    postgresql)
        have_postgresql || need "PostgreSQL's server, for the tests" postgresql
        # Its tests are skipped where there is none, so whoever may not install it can still go on.
        have_pgbouncer || (need "PgBouncer, for the tests of a pooler" pgbouncer) || true
        ;;
    *)
        echo "usage: $0 interpreter|venv|qt|postgresql" >&2
        exit 2
        ;;
    esac
}

have_venv() { "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null; }

have_postgresql() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1

have_pgbouncer() { command -v pgbouncer || [ -x /usr/sbin/pgbouncer ]; } >/dev/null 2>&1

venv_package() {
    # Debian has a package for each Python; python3-venv belongs to its own default one.
    "${PYTHON:-python3}" -c 'import sys; print(f"python3.{sys.version_info[1]}-venv python3-venv")' 2>/dev/null || echo python3-venv
}

# What these files of Qt cannot find. Qt itself names the wrong library and then aborts, so the linker is asked.
lacking_libraries() {
    local qt
    qt=$(echo .venv/lib/python3*/site-packages/PySide6)
    [ -d "$qt/Qt/plugins/platforms" ] || return 0
    # shellcheck disable=SC2086
    (cd "$qt" && ldd $* 2>/dev/null || true) | awk '/not found/ { print $1 }' | sort -u
}

need() {
    local what=$1
    shift
    if ! command -v apt-get >/dev/null; then
        echo "Missing: $what. On Debian and Ubuntu they are: $*; install the same with this system's package tool." >&2
        exit 1
    fi
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as_root=(sudo -n)
        else
            WINNOW_APT=never
        fi
    fi
    if [ "${WINNOW_APT:-}" = never ]; then
        print_line "$what" "$@"
    fi
    echo "Missing: $what. Installing through apt." >&2
    # A fresh machine has no lists yet; a list that is old is still good enough for these.
    known "$1" || "${as_root[@]}" apt-get update -qq </dev/null >&2 || print_line "$what" "$@"
    # shellcheck disable=SC2046
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $(chosen "$@") </dev/null >/dev/null || {
        "${as_root[@]}" apt-get update -qq </dev/null >&2 || true
        # shellcheck disable=SC2046
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            $(chosen "$@") </dev/null >/dev/null || print_line "$what" "$@"
    }
}

known() {
    local name
    for name in $1; do
        if apt-cache show "$name" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

# For each argument the first of its names that apt knows, else its last.
chosen() {
    local names name pick
    for names in "$@"; do
        for name in $names; do
            pick=$name
            if apt-cache show "$name" >/dev/null 2>&1; then break; fi
        done
        echo "$pick"
    done
}

print_line() {
    local what=$1
    shift
    {
        echo "Missing: $what. Run this once, then the same make again:"
        echo
        echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends" $(chosen "$@")
        echo
    } >&2
    exit 1
}

main "$@"
