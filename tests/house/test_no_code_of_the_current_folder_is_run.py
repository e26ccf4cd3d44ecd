"""A command called from any folder runs the product's code and its packages, never a file that lies there."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_a_file_named_like_a_package_is_not_imported(tmp_path: Path) -> None:
    for name in ("csp", "axes", "jobs", "django_htmx"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('run from the current folder')")
    called = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "check"]
    done = subprocess.run(called, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
