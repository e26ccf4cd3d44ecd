"""`make lock`: resolve what generated projects install, all parts together, and note which packages each part brings.

Writes `pipelines/environments/packages.lock` (every package pinned by hash, in one resolution, so that any union of
parts fits together) and `closures.json` (part to the names of its packages, what they need included).
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ENVIRONMENTS = Path(__file__).resolve().parent.parent / "pipelines" / "environments"
PYTHON = "3.11"
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", re.MULTILINE)


def main() -> None:
    parts: dict[str, dict[str, str]] = tomllib.loads((ENVIRONMENTS / "parts.toml").read_text(encoding="utf-8"))
    lock = ENVIRONMENTS / "packages.lock"
    wanted = sorted({requirement for part in parts.values() for requirement in part.values()})
    kept = lock.read_text(encoding="utf-8") if lock.exists() else ""
    lock.write_text(_resolved(wanted, kept, "--generate-hashes"), encoding="utf-8")
    pinned = lock.read_text(encoding="utf-8")
    closures = {name: _names(_resolved(sorted(part.values()), pinned)) for name, part in parts.items()}
    (ENVIRONMENTS / "closures.json").write_text(json.dumps(closures, indent=1) + "\n", encoding="utf-8")


def _resolved(requirements: list[str], constraints: str, *options: str) -> str:
    """What uv pins for these requirements, for every platform; versions in `constraints` are kept."""
    if not requirements:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        wanted, kept = Path(folder, "wanted.in"), Path(folder, "kept.txt")
        wanted.write_text("\n".join(requirements), encoding="utf-8")
        pins = [line.removesuffix("\\").strip() for line in constraints.splitlines() if PINNED.match(line)]
        kept.write_text("\n".join(pins), encoding="utf-8")
        command = [str(Path(sys.executable).parent / "uv"), "pip", "compile", "--universal", "--python-version", PYTHON]
        command += ["--no-annotate", "--no-header", "-q", *options, str(wanted), "-c", str(kept)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _names(resolved: str) -> list[str]:
    return sorted(set(PINNED.findall(resolved)))


if __name__ == "__main__":
    main()
