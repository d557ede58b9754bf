"""Runs a program and prints its seconds and peak memory as JSON. A program of its own: `python launch.py PROGRAM …`.

The system counts into a child's peak the memory of whoever started it, so the starter must be small.
"""

import os
import resource
import sys
import time

if __name__ == "__main__":
    silent = os.open(os.devnull, os.O_RDWR)
    start = time.perf_counter()
    pid = os.posix_spawn(
        sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, silent, n) for n in (0, 1)]
    )
    _, status = os.waitpid(pid, 0)
    seconds = time.perf_counter() - start
    # kilobytes, but bytes on macOS
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(f"[{seconds}, {peak}]")
    sys.exit(os.waitstatus_to_exitcode(status))
