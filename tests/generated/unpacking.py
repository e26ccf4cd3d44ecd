"""Projects unpacked elsewhere and run by their own Makefile, with no Python path or setting of ours."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from uv import find_uv_bin

from pipelines.domain.architecture import Architecture
from pipelines.domain.generation import GeneratedProject
from pipelines.services.environments import environment_python
from pipelines.services.skeletons import lock_read

REACHED = ("UV_", "PIP_", "SSL_", "REQUESTS_", "CURL_", "HTTP_", "HTTPS_", "ALL_PROXY", "NO_PROXY", "XDG_")


def unpacked(project: GeneratedProject, folder: Path) -> Path:
    """The project's folder below `folder`."""
    with zipfile.ZipFile(io.BytesIO(project.archive())) as archive:
        archive.extractall(folder)
    return folder / project.slug


def clean_environment(folder: Path) -> dict[str, str]:
    """No Python path, environment or Django setting of ours; how the package index is reached stays."""
    tools = f"{Path(find_uv_bin()).parent}:{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if name.upper().startswith(REACHED)}
    home = os.environ.get("HOME", str(folder))
    return kept | {"PATH": tools, "HOME": home, "PYTHON": sys.executable, "LANG": "C.UTF-8"}


def make(root: Path, *targets: str) -> str:
    """What `make` printed; a target that fails fails the test with its last lines."""
    done = subprocess.run(
        ["make", f"PYTHON={sys.executable}", *targets],
        cwd=root, env=clean_environment(root), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def borrow_environment(root: Path, architecture: Architecture | None = None) -> None:
    """The prepared environment in the place where `make setup` would build the same one."""
    place = environment_python(lock_read(architecture or Architecture())).parent.parent
    (root / ".venv").symlink_to(place, target_is_directory=True)
    (place / ".ready").touch()
