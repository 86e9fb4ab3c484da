"""Lists for other tools: what stands there stays until the new one is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services import exporting
from app.services.errors import EnvironmentFailed
from app.services.files import whole

OLD = "an old list"


@pytest.mark.parametrize("ending", exporting.KINDS)
def test_a_list_that_cannot_be_written_is_said_and_not_a_fault(seat, take, tmp_path, ending):
    take(0)
    with pytest.raises(EnvironmentFailed, match="cannot be written"):
        exporting.export(seat, tmp_path / "missing" / f"list{ending}")


@pytest.mark.parametrize(
    ("error", "raised"), [(OSError(28, "No space left on device"), EnvironmentFailed), (RuntimeError(), RuntimeError)]
)
def test_a_file_that_is_not_written_to_its_end_leaves_the_old_one(tmp_path: Path, error: Exception, raised: type):
    file = tmp_path / "list.csv"
    file.write_text(OLD)

    def write() -> None:
        with whole(file) as beside:
            beside.write_text("half of ")
            raise error

    with pytest.raises(raised):
        write()
    assert file.read_text() == OLD
    assert list(tmp_path.iterdir()) == [file]
