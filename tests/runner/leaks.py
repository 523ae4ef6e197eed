"""Attaching and detaching leave nothing behind, however hawk ends.

A cycle is one run of hawk with a script that has a clause of every probe kind that this kernel has, and one with an iterator. hawk
ends by SIGINT in one half of the cycles and by SIGKILL in the other, in a quarter of all while it still loads and attaches.
Before and after all cycles the test takes stock: BPF programs, maps, links and BTF objects (by their numbers), kernel functions
that are probed, events in tracefs, files in the BPF file system, hawk's processes, open files of the machine; and in the traced
process the code at the probe and the counter of its USDT probe.
A hardware breakpoint that was lost shows at the fifth cycle: the processor has four.

    tests/run --cycles 1000 leaks       20 if nothing else is said, and 4 in each virtual machine of the kind `kernels`

What is new afterwards may belong to someone else, or go a little later (RCU): only what stays for WAIT seconds is a leak.
"""
import ctypes
import os
import platform
import random
import signal
import socket
import subprocess
import tempfile
import time

from . import golden_coverage, requirements
from .report import FAILED, PASSED, SKIPPED, Result

WAIT = 30  # seconds, from when the last process that detaches has ended; a busy machine frees maps late
LIMIT = 300  # seconds, for one run of hawk: the kernel attaches and detaches one event after the other, and runs queue up
NAMES = ("every probe kind, again and again", "iterators, again and again", "what a traced command inherits")
BPF_CALL = {"x86_64": 321, "aarch64": 280}
NEXT_ID = {"BPF programs": 11, "BPF maps": 12, "BTF objects": 23, "BPF links": 31}  # enum bpf_cmd: *_GET_NEXT_ID
LISTS = {"probed kernel functions": "/sys/kernel/tracing/enabled_functions", "kprobes": "/sys/kernel/debug/kprobes/list",
         "kprobe events": "/sys/kernel/tracing/kprobe_events", "uprobe events": "/sys/kernel/tracing/uprobe_events"}
OPEN_FILES = 500  # the number of the whole machine goes up and down by hundreds: one for each cycle is noticed among 1,000

# One clause each; those that this kernel refuses are left out. {path}, {steps}: the traced program, its variable.
CLAUSES = (
    "begin {{ @begun = 1; }}",
    "end {{ @ended = 1; }}",
    "self:signal:SIGUSR1 {{ @signals++; }}",
    "tracepoint:syscalls:sys_enter_getppid {{ @keys[pid, comm] = count(); @stacks[kstack, ustack] = count(); }}",
    "rawtracepoint:sys_enter {{ @raw[cpu] = count(); }}",
    "uprobe:{path}:step {{ @sizes = hist(arg0); }}",
    "uretprobe:{path}:step {{ @back = count(); }}",
    "usdt:{path}:hawk:step {{ @usdt = count(); }}",
    "profile:hz:99 {{ @profile = count(); }}",
    "interval:ms:10 {{ @tasks[curtask] = count(); print(@tasks); clear(@tasks); }}",
    "software:page-faults:1 {{ @faults = count(); }}",
    "hardware:instructions:100000 {{ @instructions = count(); }}",
    "watchpoint:{steps}:8:w {{ @written = count(); }}",
    "kprobe:vfs_write {{ @k = count(); }}",
    "kprobe:vfs_rea* {{ @wild[func] = count(); }}",
    "kretprobe:vfs_read {{ @kr = count(); }}",
    "fentry:vfs_read {{ @f = count(); }}",
    "fexit:vfs_write {{ @fr = count(); }}",
)
NOT_ATTACHED = {"test", "bench"}
ITERATOR = "iter:task {{ @[ctx.task.comm] = count(); }}"


def run(tests, _build, arguments):
    names = [name for name in NAMES if arguments.match in name]
    unmet = requirements.explain("root") or requirements.explain("command:gcc")
    if unmet or not names:
        yield from (Result(name, SKIPPED, unmet) for name in names)
        return
    requirements.has_tracepoint("sched:sched_switch")  # mounts tracefs
    with tempfile.TemporaryDirectory() as directory, Target(tests, directory) as target:
        tests_of = dict(zip(NAMES, (repeat_all_kinds, repeat_iterators, inherited_files)))
        for name in names:
            problem, detail = tests_of[name](target, arguments.cycles)
            yield Result(name, FAILED if problem else PASSED, problem or detail)


class Target:
    """The traced process, and hawk on it."""

    def __init__(self, tests, directory):
        self.directory, self.path = directory, f"{directory}/steady"
        subprocess.run(["gcc", "-O1", "-no-pie", "-o", self.path, f"{tests}/live/programs/steady.c"], check=True)
        self.process = subprocess.Popen([self.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.step, self.guard, self.steps = (int(address, 16) for address in self.process.stdout.readline().split())
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(f"{directory}/notify")
        self.notify.settimeout(0.005)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.notify.close()
        self.process.stdin.close()
        self.process.wait()

    def memory(self, address, size):
        with open(f"/proc/{self.process.pid}/mem", "rb") as memory:
            memory.seek(address)
            return memory.read(size).hex()

    def hawk(self, script, *options):
        filled = script.format(path=self.path, steps=hex(self.steps))
        environment = dict(os.environ, NOTIFY_SOCKET=f"{self.directory}/notify")
        return subprocess.Popen(["hawk", "-q", *options, "-e", filled], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True, env=environment)

    def works(self, script):
        hawk = self.hawk(script, "-p", str(self.process.pid), "--dry-run")
        hawk.communicate(timeout=LIMIT)
        return hawk.returncode == 0

    def wait_until_ready(self, hawk, limit):
        """Whether it attached within the limit; it may have ended as well."""
        end = time.monotonic() + limit
        while time.monotonic() < end and hawk.poll() is None:
            try:
                if b"READY=1" in self.notify.recv(4096):
                    return True
            except socket.timeout:
                pass
        return False

    def forget_notices(self):
        try:
            while self.notify.recv(4096):
                pass
        except socket.timeout:
            pass


# ---- what there is ----------------------------------------------------------------------------------------------------


def bpf_ids(command):
    """The numbers of all BPF objects of a kind; bpf(2)."""
    libc, ids = ctypes.CDLL(None, use_errno=True), set()
    attributes = (ctypes.c_uint32 * 3)()  # start_id, next_id, open_flags
    while libc.syscall(BPF_CALL[platform.machine()], command, ctypes.byref(attributes), ctypes.sizeof(attributes)) == 0:
        ids.add(attributes[1])
        attributes[0] = attributes[1]
    return ids


def lines(path):
    try:
        with open(path) as file:
            return {line.split("\n")[0] for line in file}
    except OSError:
        return set()


def processes_of(program):
    found = set()
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.path.samefile(f"/proc/{entry}/exe", program):
                found.add(entry)
        except OSError:
            pass
    return found


def find_hawk():
    return next(path for path in (f"{directory}/hawk" for directory in os.environ["PATH"].split(":")) if os.access(path, os.X_OK))


def stock(target):
    """{kind of thing: what there is of it}"""
    things = {name: bpf_ids(command) for name, command in NEXT_ID.items()}
    things |= {name: lines(path) for name, path in LISTS.items()}
    things["files in /sys/fs/bpf"] = set(os.listdir("/sys/fs/bpf")) if os.path.isdir("/sys/fs/bpf") else set()
    things["processes of hawk"] = processes_of(find_hawk())
    things["the code at the probe"] = {target.memory(target.step, 16)}
    things["the counter of the USDT probe"] = {target.memory(target.guard, 2)}
    return things


def open_files():
    with open("/proc/sys/fs/file-nr") as file:
        return int(file.read().split()[0])


def left_behind(target, before, files, cycles):
    """What is new since `before` and stays, as a text."""
    started = time.monotonic()
    end, new, more = 0, None, None
    while True:
        now = stock(target)
        if not end and (not now["processes of hawk"] - before["processes of hawk"] or time.monotonic() - started > LIMIT):
            end = time.monotonic() + WAIT
        new = {name: (now[name] - before[name]) & (new[name] if new else now[name]) for name in now}
        more = min(open_files() - files, more if more is not None else 1 << 30)
        leaked = [f"{len(things)} {name}: {', '.join(sorted(map(str, things))[:5])}" for name, things in new.items() if things]
        if more > max(OPEN_FILES, cycles // 2):
            leaked.append(f"{more} open files")
        if not leaked or end and time.monotonic() > end:
            return "\n".join(["left behind: " + leaked[0], *leaked[1:]]) if leaked else ""
        time.sleep(0.2)


# ---- tests: (what is wrong or "", what was done) -----------------------------------------------------------------------


def repeat_all_kinds(target, cycles):
    missing = set(golden_coverage.probe_kinds_not_in(os.path.dirname(os.path.dirname(__file__)), "\n".join([*CLAUSES, ITERATOR])))
    if missing - NOT_ATTACHED:
        return f"no clause here for {', '.join(missing - NOT_ATTACHED)}", ""
    clauses = [clause for clause in CLAUSES if target.works(clause)]
    script = "\n".join(clauses)
    problem = repeat(target, cycles, lambda cycle: cycle_of_tracing(target, script, random.Random(cycle)))
    return problem, f"{cycles} cycles of " + ", ".join(clause.split(":")[0].split(" ")[0] for clause in clauses)


def repeat_iterators(target, cycles):
    if not target.works(ITERATOR):
        return "", "no iterators here"
    return repeat(target, cycles, lambda cycle: cycle_of_iterator(target, random.Random(cycle))), f"{cycles} cycles"


def repeat(target, cycles, cycle):
    before, files = stock(target), open_files()
    for number in range(cycles):
        problem = cycle(number)
        if problem:
            return f"cycle {number + 1}: {problem}"
    if target.process.poll() is not None:
        return f"the traced process ended with status {target.process.returncode}"
    return left_behind(target, before, files, cycles)


def cycle_of_tracing(target, script, chance):
    """Regular end, killed while tracing, regular end, killed while attaching, ..."""
    how = chance.randrange(4)
    target.forget_notices()
    hawk = target.hawk(script, "-p", str(target.process.pid))
    if how == 3:
        target.wait_until_ready(hawk, chance.random() * 0.1)
    elif not target.wait_until_ready(hawk, LIMIT):
        hawk.kill()
        return f"hawk did not attach: {hawk.communicate()[1].strip()[-500:]}"
    hawk.send_signal(signal.SIGINT if how < 2 else signal.SIGKILL)
    return ending(hawk, how < 2)


def cycle_of_iterator(target, chance):
    killed = chance.randrange(2) == 0
    target.forget_notices()
    hawk = target.hawk(ITERATOR)
    if killed:
        time.sleep(chance.random() * 0.05)
        hawk.kill()
    return ending(hawk, not killed)


def ending(hawk, regular):
    try:
        message = hawk.communicate(timeout=LIMIT)[1]
    except subprocess.TimeoutExpired:
        hawk.kill()
        hawk.communicate()
        return "hawk did not end"
    wrong = hawk.returncode != 0 if regular else hawk.returncode not in (0, -signal.SIGKILL)
    return f"hawk ended with status {hawk.returncode}: {message.strip()[-500:]}" if wrong else ""


def inherited_files(target, _cycles):
    """The command of -c gets hawk's standard files and nothing else: no program, map or event."""
    script = "\n".join(clause.format(path=target.path, steps=hex(target.steps)) for clause in CLAUSES if target.works(clause))
    listing = "sh -c 'for file in /proc/$$/fd/*; do readlink $file; done >&2'"
    done = subprocess.run(["hawk", "-q", "--no-warnings", "-o", "/dev/null", "-e", script, "-c", listing], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=LIMIT)
    files = done.stderr.splitlines()
    own = [file for file in files if file == "/dev/null" or file.startswith("pipe:")]
    if done.returncode != 0 or len(own) < 3:
        return f"hawk ended with status {done.returncode}: {done.stderr[-500:]}", ""
    foreign = [file for file in files if file not in own]
    return ("the command has open: " + ", ".join(foreign) if foreign else ""), ""
