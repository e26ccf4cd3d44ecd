"""The program that `common.typesetting` runs: asked on standard input by JSON, the document's bytes on standard output.

Run by its path, in an interpreter of its own that knows neither Django nor the settings.
"""

import json
import sys
from pathlib import Path

import typst


def main() -> None:
    """Read what to set, write what came of it; a fault of the template is a traceback and exit code 1."""
    asked = json.load(sys.stdin.buffer)
    template = Path(asked.pop("template")).read_bytes()
    sys.stdout.buffer.write(typst.compile(template, **asked))


if __name__ == "__main__":
    main()
