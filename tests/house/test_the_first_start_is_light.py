"""The first start loads models and a few services, not the numeric libraries: those took half of its time."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOADED = """
import sys
import django
django.setup()
import pipelines.management.commands.load_demo
loaded = {name.split(".")[0] for name in sys.modules}
print(*sorted(loaded & {"numpy", "pandas", "scipy", "sklearn", "pyarrow", "plotly"}))
"""


def test_models_and_the_demo_load_no_numeric_library(tmp_path: Path) -> None:
    given = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env=given, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_a_web_server_has_loaded_its_pages_before_it_answers(tmp_path: Path) -> None:
    """Each process of the server loaded all pages anew, in the moment its first visitor waited."""
    given = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    told = "import sys, config.wsgi; print('config.urls' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, env=given, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
