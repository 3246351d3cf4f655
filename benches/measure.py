#!/usr/bin/env python3
"""Runs commands in turn, several times each, and prints the medians and the ratio to the first.

Usage: measure.py TITLE RUNS NAME=COMMAND...

A command is run by the shell with its output thrown away. Whole processes are measured: wall time, processor time of all
threads, and the largest resident set. The runs alternate, so that a slow minute of the machine falls on all of them.
"""

import os
import statistics
import subprocess
import sys
import time


def once(command):
    start = time.perf_counter()
    child = subprocess.Popen(["sh", "-c", f"exec {command}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1, 2):
        sys.exit(f"exit status {child.returncode}: {command}")
    return wall * 1e3, (used.ru_utime + used.ru_stime) * 1e3, used.ru_maxrss / 1024


def main():
    title, runs, *named = sys.argv[1:]
    commands = [part.split("=", 1) for part in named]
    for _, command in commands:
        once(command)
    times = {name: [] for name, _ in commands}
    for _ in range(int(runs)):
        for name, command in commands:
            times[name].append(once(command))
    first = None
    for name, measured in times.items():
        wall, cpu, memory = (statistics.median(column) for column in zip(*measured))
        best = min(column[0] for column in measured)
        first = first or wall
        print(
            f"| {title} | {name} | {wall:.1f} ms | {best:.1f} ms | {cpu:.0f} ms | {memory:.0f} MiB | {wall / first:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
