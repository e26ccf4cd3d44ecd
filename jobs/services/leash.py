"""A program that becomes another one, tied to the process that started it and within limits. Run by path, not imported.

`python leash.py PARENT MEMORY_MB FILE_MB PROGRAM ARGUMENT...`: in the place of a `preexec_fn`, which must not be used
where there are threads. Ends with code 125 when the parent has gone already.
"""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
GONE = 125


def main(arguments: list[str]) -> None:
    parent, memory_mb, file_mb = (int(word) for word in arguments[:3])
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(GONE)
    limits = ((resource.RLIMIT_DATA, memory_mb), (resource.RLIMIT_FSIZE, file_mb), (resource.RLIMIT_CORE, 0))
    for kind, megabytes in limits:
        hard = resource.getrlimit(kind)[1]
        wanted = megabytes * 1024 * 1024
        bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (bound, bound))
    os.execv(arguments[3], arguments[3:])  # noqa: S606  a shell would be one process more


if __name__ == "__main__":
    main(sys.argv[1:])
