"""The live cases and those of leaks.py again, in virtual machines (scripts/vm): one boot for each kernel that is asked for.

tests/kernels/list names the kernels. The default one keeps an ordinary run short; `--kernels all` takes them all and
`--kernels 5.10,newest` these. In the guest this is `tests/run --json live leaks`; kprobes are there, so it also runs the cases that
this machine's kernel may have left out. Where there can be no virtual machine, every case is skipped with the reason.
"""
import concurrent.futures
import json
import os
import subprocess

from . import leaks, live
from .report import FAILED, SKIPPED, Result

PATIENCE = 5  # an emulated machine is some 15 times slower, but most limits are generous
TIMEOUT = 1700  # seconds, for all the cases of a kernel; two guests share this machine's processors
MEMORY = 4096  # MiB, taken as it is used: the verifier alone may want more than 1 GiB for a large program
CYCLES = 4  # of leaks.py
CANNOT_RUN_HERE = 77  # exit status of scripts/vm


def read_list(tests):
    """{name: whether it is the default}, in the file's order."""
    with open(f"{tests}/kernels/list") as file:
        lines = [line.partition("#")[0].split() for line in file]
    return {words[0]: "default" in words[1:] for words in lines if words}


def chosen(tests, wanted):
    """The kernels that `wanted` (of --kernels: a list, `all`, or nothing) stands for; ValueError for one that is unknown."""
    known = read_list(tests)
    names = wanted.split(",") if wanted else [name for name, default in known.items() if default]
    if wanted == "all":
        return list(known)
    for name in names:
        if name not in known:
            raise ValueError(f"unknown kernel `{name}`; there are {', '.join(known)}")
    return names


def run(tests, build, arguments):
    names = [case.name for case in live.all_cases(tests, arguments.match, kprobes=True)]
    names += [name for name in leaks.NAMES if arguments.match in name]
    inside = [f"{tests}/run", "--build", build, "--json", "--once", "--match", arguments.match, "--patience", str(PATIENCE),
              "--cycles", str(CYCLES), "leaks", "live"]  # the last live cases lock the kernel down
    for kernel, guest in in_guests(tests, chosen(tests, arguments.kernels) if names else [], inside):
        yield from (guest.result(kernel, name) for name in names)


def in_guests(tests, kernels, command):
    """(kernel, Guest) of each kernel, in their order: what `command`, a tests/run --json, said there."""
    # An emulated machine keeps one processor busy.
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        yield from zip(kernels, pool.map(lambda kernel: Guest(tests, kernel, command), kernels))


class Guest:
    """One run of a command in a virtual machine."""

    def __init__(self, tests, kernel, command):
        machine = [f"{tests}/../scripts/vm", "--kernel", kernel, "--timeout", str(TIMEOUT), "--memory", str(MEMORY)]
        self.done = subprocess.run([*machine, "--", *command], capture_output=True, text=True)
        self.results = {}
        for line in self.done.stdout.splitlines():
            result = Result(**json.loads(line))
            self.results[result.name] = result

    def result(self, kernel, name):
        found = self.results.get(name, self.missing())
        return Result(f"{kernel}: {name}", found.status, found.detail)

    def missing(self):
        """Instead of the result of a case that the guest said nothing about."""
        if self.done.returncode == CANNOT_RUN_HERE:
            return Result("", SKIPPED, self.done.stderr.strip())
        return Result("", FAILED, f"did not run: scripts/vm ended with status {self.done.returncode}\n{self.done.stderr[-2000:]}")
