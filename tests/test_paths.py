"""What comes with Winnow is found from a checkout and from a bundle; from a wheel in `test_packaging.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app import paths

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def nothing_remembered():
    paths._shipped.cache_clear()
    yield
    paths._shipped.cache_clear()


def test_a_checkout_uses_its_own_folders_whatever_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert paths.resources() == ROOT / "resources"
    assert paths.migrations() == ROOT / "migrations"


def test_a_bundle_uses_what_it_unpacked_and_nothing_else(tmp_path, monkeypatch):
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resources() == tmp_path / "resources"
    with pytest.raises(FileNotFoundError, match="lacks its folder 'migrations'"):
        paths.migrations()


def test_an_installed_copy_never_takes_the_folder_of_another_project(tmp_path, monkeypatch):
    (tmp_path / "resources").mkdir()
    (tmp_path / "app").mkdir()
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "app")
    with pytest.raises(FileNotFoundError, match="Install Winnow again"):
        paths.resources()
