from __future__ import annotations

import tomllib

import pytest

from app import paths, shipped


def test_the_parsed_documents_are_what_the_documents_say():
    kept = (paths.resources() / shipped.FILE).read_bytes()
    assert kept == shipped.parse(), "run: python tools/parsed_documents.py"


@pytest.mark.parametrize("folder", shipped.FOLDERS)
def test_every_document_of_a_folder_is_there_and_is_its_own_copy(folder):
    files = {file.stem: file for file in (paths.resources() / folder).glob("*.toml")}
    assert shipped.names(folder) == tuple(sorted(files))
    for name, file in files.items():
        found = shipped.document(folder, name)
        assert found == tomllib.loads(file.read_text("utf-8"))
        found.clear()
        assert shipped.document(folder, name)
