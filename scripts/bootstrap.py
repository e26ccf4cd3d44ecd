"""Check the Python that was found, in words an old one understands too, then hand over to install.py."""

import sys

WANTED = (3, 11)

if sys.version_info[:2] != WANTED:
    sys.exit(
        "Taskworth runs on Python 3.11; this is Python %d.%d (%s). Install python3.11 "
        "(Debian 12: apt-get install python3), or name it: make run PYTHON=/path/to/python3.11"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

import install  # noqa: E402

sys.exit(install.main(sys.argv[1:]))
