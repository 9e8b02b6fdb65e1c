"""An installed wheel works from any folder, not only from a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a wheel holds it, unpacked into a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import hatchling.build, sys; print(hatchling.build.build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=CHECKOUT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nnlab.run", "tracking=none", "epochs=1", "seeds=1", "width=8"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert "digits · 1 seed" in done.stdout


def test_the_wheel_holds_the_menu_and_no_tests(installed: Path) -> None:
    assert (installed / "nnlab" / "conf" / "config.yaml").is_file()
    assert not (installed / "tests").exists()
    ours = {path.relative_to(CHECKOUT / "conf").as_posix() for path in (CHECKOUT / "conf").rglob("*.yaml")}
    theirs = installed / "nnlab" / "conf"
    assert ours == {path.relative_to(theirs).as_posix() for path in theirs.rglob("*.yaml")}


def test_the_wheel_holds_all_that_the_package_reads(installed: Path) -> None:
    """Templates and styles lie beside the code; a report from the wheel has controls only where claims are."""
    kinds = {".jinja", ".css"}
    ours = {path.relative_to(CHECKOUT) for path in (CHECKOUT / "nnlab").rglob("*") if path.suffix in kinds}
    assert len(ours) >= 2
    assert all((installed / path).is_file() for path in ours)
