"""Winnow runs from what is handed out: the wheel is installed into another environment and used from another folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import app

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PASSPHRASE = "correct horse battery staple"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built by the installed backend, so that no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return next(folder.glob("winnow-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory) -> Path:
    """The folder of commands of another environment that holds the wheel."""
    place = tmp_path_factory.mktemp("elsewhere") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    python = command(place, "python")
    site = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    )
    # Winnow comes from the wheel; what it depends on from this environment, and nothing from the network. A path file
    # within an added folder is not read, so this environment's editable Winnow stays out.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    subprocess.run(
        [uv(), "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(python), str(wheel)], check=True
    )
    return python.parent


def test_the_wheel_holds_everything_that_winnow_reads(wheel: Path):
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"app/_data/{path.relative_to(ROOT).as_posix()}"
        for folder in ("resources", "migrations")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted
    assert wanted <= held
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "app").rglob("*.py")} <= held


def test_the_wheel_holds_nothing_of_the_workshop(wheel: Path):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"app", f"winnow-{app.__version__}.dist-info"}


def test_the_version_is_the_same_everywhere():
    assert PROJECT["project"]["version"] == app.__version__


@pytest.mark.parametrize("lock", ["requirements.lock", "packaging/requirements.lock"])
def test_a_lock_holds_hashes_and_no_address(lock: str):
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if not line.startswith(" ")]
    assert not [line for line in lines if "//" in line or "file:" in line or " @ " in line or line.startswith("-")]
    assert all(re.match(r"[a-z0-9.-]+==[^ ]+( ; .+)? \\$", line) for line in packages)
    assert sum("--hash=sha256:" in line for line in lines) >= len(packages)


def test_the_lock_holds_every_dependency_of_the_project():
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    names = {re.split(r"[^A-Za-z0-9_.-]", requirement)[0].lower() for requirement in wanted}
    locked = re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    assert names <= set(locked)


def runtime_closure() -> set[str]:
    """Everything that an installation of Winnow brings along on this system, by normalised name."""
    found: set[str] = set()
    todo = list(PROJECT["project"]["dependencies"])
    while todo:
        requirement = Requirement(todo.pop())
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        todo += metadata.distribution(name).requires or []
    return found


def test_nothing_that_is_handed_out_is_under_the_gpl_alone():
    strict = {}
    for name in runtime_closure():
        about = metadata.distribution(name).metadata
        licence = " ".join(
            [about.get("License-Expression") or "", about.get("License") or "", *about.get_all("Classifier", [])]
        )
        if re.search(r"\bA?GPL|GNU (Affero )?General", licence) and not re.search(r"\bLGPL|Lesser", licence):
            strict[name] = licence
    assert strict == {}


def test_every_dependency_is_imported():
    modules: dict[str, set[str]] = {}
    for module, owners in metadata.packages_distributions().items():
        for owner in owners:
            modules.setdefault(canonicalize_name(owner), set()).add(module)
    sources = " ".join(file.read_text(encoding="utf-8") for file in (ROOT / "app").rglob("*.py"))
    imported = set(re.findall(r"^ *(?:from|import) (\w+)", sources, re.MULTILINE))
    named = {canonicalize_name(Requirement(each).name) for each in PROJECT["project"]["dependencies"]}
    assert {name for name in named if imported.isdisjoint(modules[name])} == {"tzdata"}, "which holds data alone"


def test_every_dependency_is_explained():
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    words = {canonicalize_name(word) for word in re.findall(r"[A-Za-z0-9_.-]*[A-Za-z0-9]", page)}
    assert runtime_closure() - words == set()


def test_the_installed_winnow_is_the_one_of_the_wheel(installed: Path, tmp_path: Path):
    shown = subprocess.run(
        [installed / "python", "-c", "import app, app.paths as p; print(app.__file__, p.resources(), p.migrations())"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert len(shown) == 3
    assert all(Path(place).is_relative_to(installed.parent) for place in shown)


@pytest.mark.skipif(not (ROOT / "app" / "__main__.py").exists(), reason="there is no command yet")
def test_the_installed_winnow_says_how_it_is_used(installed: Path, tmp_path: Path):
    helped = winnow(installed, tmp_path, "--help")
    assert "import" in helped
    assert "queue" in helped


@pytest.mark.skipif(not (ROOT / "app" / "__main__.py").exists(), reason="there is no command yet")
def test_a_call_is_worked_from_the_installed_wheel_in_another_folder(installed: Path, tmp_path: Path):
    filled = json.loads(winnow(installed, tmp_path, "--json", "demo"))
    assert filled["inquiries"] > 0

    claimed = json.loads(winnow(installed, tmp_path, "--json", "next"))
    called = json.loads(winnow(installed, tmp_path, "--json", "call", claimed["id"], "no-answer"))

    assert called["id"] == claimed["id"]
    assert called["attempts"] == claimed["attempts"] + 1
    waiting = json.loads(winnow(installed, tmp_path, "--json", "queue"))
    assert claimed["id"] not in {row["id"] for row in waiting}, "who did not answer is not called again at once"


def winnow(installed: Path, folder: Path, *arguments: str) -> str:
    """What the installed command prints, run from `folder` on a home inside it."""
    ran = subprocess.run(
        [installed / "winnow", "--home", str(folder / "home"), *arguments],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, f"winnow {' '.join(arguments)} ended with {ran.returncode}:\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def environment(home: Path) -> dict[str, str]:
    """Nothing of the checkout: no PYTHONPATH, another HOME, the passphrase of the test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPATH", "VIRTUAL_ENV"))}
    return kept | {"HOME": str(home), "WINNOW_PASSPHRASE": PASSPHRASE}


def command(place: Path, name: str) -> Path:
    return place / ("Scripts" if os.name == "nt" else "bin") / name


def uv() -> str:
    beside = Path(sys.executable).parent / "uv"
    return str(beside) if beside.exists() else "uv"
