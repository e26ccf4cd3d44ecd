"""Documents set by typst, in a process of their own.

The typesetter keeps threads. A process that has set one page and then forks hands its child locks whose holders are not
there, and the child's first page never ends: a report waited for ever where a canvas had been printed before it.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from common.errors import Unavailable

PROGRAM = Path(__file__).with_name("typesetter.py")
LONGEST_S = 120
"""No document of ours takes seconds; a page that never ends must not hold a worker of the web."""


class TypesettingError(Exception):
    """The template failed: a fault of ours, told in the words of the typesetter."""


def typeset(
    template: Path,
    *,
    inputs: Mapping[str, str],
    form: Literal["pdf", "png"] = "pdf",
    fonts: Path | None = None,
    dots_per_inch: float = 144,
) -> bytes:
    """The bytes of the document that `template` makes of `inputs`, which are data to it and never markup.

    `fonts`: a folder whose fonts alone are used. `dots_per_inch` counts for pictures. Refused with `Unavailable`
    where it takes more than two minutes; a template that fails is a `TypesettingError`.
    """
    asked = {"template": str(template), "sys_inputs": dict(inputs), "format": form, "ppi": dots_per_inch}
    if fonts:
        asked |= {"font_paths": [str(fonts)], "ignore_system_fonts": True}
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PROGRAM)],
            input=json.dumps(asked).encode(),
            capture_output=True,
            check=True,
            timeout=LONGEST_S,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(
            "The page takes too long to set.", detail="Shorten its longest texts and try again."
        ) from None
    except subprocess.CalledProcessError as fault:
        raise TypesettingError(fault.stderr.decode(errors="replace").strip()[-2_000:]) from fault
    return done.stdout
