"""Live tests: tests/live/*.live. A file holds several cases; a case traces something real and says what must be printed.

    CASE files opened by one command
    NEEDS tracepoint:syscalls:sys_enter_openat
    RUN hawk -e '...' -c 'cat /etc/hostname'
    STDOUT line cat /etc/hostname

Keywords, one a line; an indented line continues the one above; `#` begins a comment line.
    NEEDS WORDS     see requirements.py; `root` is understood. A case that needs kprobes or their absence is run only where that
                    holds, and counts nowhere else: the virtual machines of the kind `kernels` have kprobes
    RUN COMMANDS    bash; `hawk` is the binary under test, $TESTS is this tree; the directory is a temporary one with one
                    thing in it: `./traced` is dd under a name that no other process of the machine has
    WORKLOAD CMDS   bash; runs when hawk says READY=1 on $NOTIFY_SOCKET; $HAWK_PID is the process of RUN
    STOP SIGNAL     sent to that process after the workload (INT, TERM, ...)
    TIMEOUT S       (20) for all of it
    EXIT N          (0) exit status of RUN
    STDOUT, STDERR  followed by one check; all checks must hold
        line TEXT       one line is TEXT
        has TEXT        TEXT is part of the output
        lacks TEXT      TEXT is not
        matches REGEX   found somewhere; ^ and $ are line ends; blanks around indented continuation lines do not count
        is TEXT         the output is TEXT (its own line ends at both ends aside); continuation lines follow as they are
        is nothing
        any             no check
A case runs again with `--place kernel` and `--place host` (places.py), one that traces system calls with `--lower plain` too, and
the same checks hold.

Without a STDERR check the only thing that may stand there is the line `Attached N probes`, and before Linux 5.11 the warning
that keys of maps are short.
"""
import glob
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import textwrap
import time

from . import places, requirements
from .report import FAILED, PASSED, SKIPPED, Result

SINGLE = ("CASE", "RUN", "WORKLOAD", "STOP", "TIMEOUT", "EXIT")
CHECKS = ("line", "has", "lacks", "matches", "is", "any")


class Case:
    def __init__(self, name, file):
        self.name, self.file, self.needs, self.checks, self.values = name, file, ["root"], [], {}

    def __getitem__(self, keyword):
        return self.values.get(keyword)


def logical_lines(path):
    """(keyword, rest) of each entry, continuation lines joined with newlines."""
    entries = []
    with open(path) as file:
        for line in file.read().split("\n"):
            if line.startswith((" ", "\t")) or not line:
                entries[-1:] and entries[-1][1].append(line)
            elif not line.startswith("#"):
                keyword, _, rest = line.partition(" ")
                entries.append((keyword, [rest]))
    for keyword, (first, *others) in entries:
        yield keyword, f"{first}\n{textwrap.dedent(chr(10).join(others))}".rstrip("\n")


def read_cases(path):
    cases, file = [], os.path.basename(path)
    for keyword, rest in logical_lines(path):
        if keyword == "CASE":
            cases.append(Case(rest, file))
        elif keyword == "NEEDS":
            cases[-1].needs += rest.split()
        elif keyword in ("STDOUT", "STDERR"):
            check, text = (re.split(r"[ \n]", rest, maxsplit=1) + [""])[:2]
            if check not in CHECKS:
                raise ValueError(f"{path}: {cases[-1].name}: unknown check `{check}`")
            cases[-1].checks.append((keyword, check, text))
        elif keyword in SINGLE:
            cases[-1].values[keyword] = rest
        else:
            raise ValueError(f"{path}: unknown keyword `{keyword}`")
    return cases


def all_cases(tests, match, kprobes):
    """The cases meant for a kernel with, or without, kprobes."""
    foreign = "no-kprobes" if kprobes else "kprobes"
    cases = [case for path in sorted(glob.glob(f"{tests}/live/*.live")) for case in read_cases(path)]
    return [case for case in cases if match in case.name and foreign not in case.needs]


def run(tests, _build, arguments):
    for case in all_cases(tests, arguments.match, requirements.has_kprobes()):
        yield run_case(case, tests, arguments.patience)
        if arguments.once:
            continue
        for options in other_ways(case):
            result = run_case(case, tests, arguments.patience, options)
            if result.status != SKIPPED:
                yield result


def other_ways(case):
    """Options with which the case has to show the same."""
    ways = [f"--place {place}" for place in places.PLACES if "--place" not in case["RUN"]]
    may_differ = "--lower" in case["RUN"] or "hawk -v" in case["RUN"]  # -v says how
    return ways + ["--lower plain"] if "syscall" in case["RUN"] and not may_differ else ways


def run_case(case, tests, patience, options=None):
    """With more options for hawk; skipped if one of the clauses cannot be where they want it."""
    name = f"{case.name} {options}" if options else case.name
    unmet = requirements.unmet(case.needs)
    if unmet:
        return Result(name, SKIPPED, unmet)
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        session = Session(case, tests, directory, options)
        problems = session.play(time.monotonic() + patience * float(case["TIMEOUT"] or 20))
        output = {"STDOUT": session.read("stdout"), "STDERR": session.read("stderr")}
    if options and places.is_refused(output["STDERR"]):
        if options == "--place kernel" and case.file != "host.live":
            return Result(name, FAILED, "refused: only the cases of host.live need to run inside hawk")
        return Result(name, SKIPPED, f"cannot run with {options}")
    problems += verify(case, output)
    if not problems:
        return Result(name, PASSED)
    for stream, text in output.items():
        if text:
            problems.append(f"--- {stream.lower()}\n{text[-2000:]}")
    return Result(name, FAILED, "\n".join(problems))


class Session:
    """One run of a case in `directory`, with more options for hawk."""

    def __init__(self, case, tests, directory, options):
        self.case, self.directory, self.status = case, directory, None
        self.environment = dict(os.environ, TESTS=tests, NOTIFY_SOCKET=f"{directory}/notify")
        if options:
            shim = places.shim(f"{directory}/bin", shutil.which("hawk"), options)
            self.environment["PATH"] = f"{shim}:{os.environ['PATH']}"
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(f"{directory}/notify")
        self.notify.settimeout(0.02)
        os.chmod(f"{directory}/notify", 0o666)
        os.mkdir(f"{directory}/cwd")
        os.symlink(shutil.which("dd"), f"{directory}/cwd/traced")

    def read(self, name):
        with open(f"{self.directory}/{name}", errors="backslashreplace") as file:
            return file.read()

    def shell(self, commands, stdout, stderr):
        with open(f"{self.directory}/{stdout}", "ab") as out, open(f"{self.directory}/{stderr}", "ab") as err:
            return subprocess.Popen(["bash", "-c", commands], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                    cwd=f"{self.directory}/cwd", env=self.environment, start_new_session=True)

    def play(self, deadline):
        """What went wrong, as a list of texts."""
        self.deadline = deadline
        process = self.shell(self.case["RUN"], "stdout", "stderr")
        try:
            problems = self.disturb(process) if self.case["WORKLOAD"] or self.case["STOP"] else []
            status = process.wait(max(0.1, self.deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return ["still running after the timeout"]
        finally:
            self.notify.close()
            kill_session(process)
        wanted = int(self.case["EXIT"] or 0)
        self.status = status if status >= 0 else 128 - status
        return problems + ([] if self.status == wanted else [f"exit status {self.status}, expected {wanted}"])

    def disturb(self, process):
        if not self.wait_until_ready(process):
            return ["hawk did not say READY=1"]
        self.environment["HAWK_PID"] = str(process.pid)
        problems = []
        if self.case["WORKLOAD"]:
            workload = self.shell(self.case["WORKLOAD"], "workload", "workload")
            status = workload.wait(max(0.1, self.deadline - time.monotonic()))
            if status:
                problems.append(f"the workload ended with status {status}: {self.read('workload').strip()[-300:]}")
        if self.case["STOP"]:
            process.send_signal(getattr(signal, f"SIG{self.case['STOP']}"))
        return problems

    def wait_until_ready(self, process):
        while time.monotonic() < self.deadline:
            try:
                if b"READY=1" in self.notify.recv(4096).split(b"\n"):
                    return True
            except socket.timeout:
                if process.poll() is not None:
                    return False
        return False


def kill_session(process):
    """Whatever the case left running, found by the session that it was started in."""
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.getsid(int(entry)) == process.pid:
                os.kill(int(entry), signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait()


def verify(case, output):
    checks = list(case.checks)
    problems = []
    if not any(stream == "STDERR" for stream, _, _ in checks):
        noise = re.sub(r"^Attached \d+ probes?\n", "", output["STDERR"], flags=re.M)
        if requirements.version(platform.release()) >= (7, 0):  # it preempts programs, and leaves out hits of others meanwhile
            noise = re.sub(r"^WARNING: .*: \d+ hits were missed: .*\n", "", noise, flags=re.M)
        noise = re.sub(r"^WARNING: keys of maps hold at most 512 bytes.*\nHINT: .*\n", "", noise, flags=re.M)
        if noise:
            problems.append("stderr holds more than `Attached N probes`")
    for stream, check, text in checks:
        if not holds(check, text, output[stream]):
            problems.append(f"not so: {stream} {check} {text}")
    return problems


def holds(check, text, output):
    if check == "line":
        return text in output.split("\n")
    if check == "has":
        return text in output
    if check == "lacks":
        return text not in output
    if check == "matches":
        return re.search(re.sub(r"\n", "", text), output, re.M) is not None
    if check == "is":
        return output.strip("\n") == ("" if text == "nothing" else text.strip("\n"))
    return True
