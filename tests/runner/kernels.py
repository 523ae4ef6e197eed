"""The live cases again, in virtual machines (scripts/vm): one boot for each kernel of tests/kernels/list.

In the guest this is `tests/run --json live`; kprobes are there, so it also runs the cases that this machine's kernel may
have left out. Where there can be no virtual machine, every case is skipped with the reason.
"""
import concurrent.futures
import json
import os
import subprocess

from . import live
from .report import FAILED, SKIPPED, Result

PATIENCE = 5  # an emulated machine is some 15 times slower, but most limits are generous
TIMEOUT = 900  # seconds, for all the cases of a kernel
CANNOT_RUN_HERE = 77  # exit status of scripts/vm


def run(tests, build, arguments):
    with open(f"{tests}/kernels/list") as file:
        kernels = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    names = [case.name for case in live.all_cases(tests, arguments.match, kprobes=True)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:  # an emulated machine keeps one CPU busy
        for results in pool.map(lambda kernel: run_kernel(kernel, names, (tests, build, arguments.match)), kernels if names else []):
            yield from results


def run_kernel(kernel, names, what):
    tests, build, match = what
    inside = [f"{tests}/run", "--build", build, "--json", "--once", "--match", match, "--patience", str(PATIENCE), "live"]
    done = subprocess.run([f"{tests}/../scripts/vm", "--kernel", kernel, "--timeout", str(TIMEOUT), "--", *inside],
                          capture_output=True, text=True)
    if done.returncode == CANNOT_RUN_HERE:
        return [Result(f"{kernel}: {name}", SKIPPED, done.stderr.strip()) for name in names]
    results = {}
    for line in done.stdout.splitlines():
        result = Result(**json.loads(line))
        results[result.name] = result
    unfinished = Result("", FAILED, f"did not run: scripts/vm ended with status {done.returncode}\n{done.stderr[-2000:]}")
    return [Result(f"{kernel}: {name}", results.get(name, unfinished).status, results.get(name, unfinished).detail)
            for name in names]
