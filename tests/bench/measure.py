"""How tests/bench/peers measures: tools that take turns, medians, rows that are printed when they are there."""
import os
import statistics
import subprocess
import tempfile
import threading
import time


OURS = ("hawk", "plain")


class Failed(Exception):
    """A tool ended with an error; what it said."""


class Run:
    """One run of a tool: what it printed, and what it took."""

    def __init__(self, argv, environment=(), keep_output=True, timeout=900):
        with tempfile.TemporaryFile() as said:
            started = time.perf_counter()
            process = subprocess.Popen(argv, stdout=subprocess.PIPE if keep_output else subprocess.DEVNULL, stderr=said,
                                       env={**os.environ, **dict(environment)})
            timer = threading.Timer(timeout, process.kill)
            timer.start()
            self.printed = process.stdout.read() if keep_output else b""
            _, status, usage = os.wait4(process.pid, 0)
            self.wall = (time.perf_counter() - started) * 1000
            timer.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            self.said = said.read().decode(errors="replace")
        if status:
            # The first line, unless warnings come before the one that says what went wrong.
            raise Failed(next((line for line in self.said.splitlines() if "ERROR" in line or "rror:" in line),
                              self.said.partition("\n")[0] or f"status {process.returncode}"))
        self.cpu = (usage.ru_utime + usage.ru_stime) * 1000  # of the command too
        self.peak = usage.ru_maxrss / 1024


class Bench:
    """Rows of a table, each measured with several tools that take turns: a drifting machine treats them alike."""

    def __init__(self, tools, runs, peer_runs):
        self.tools = tools
        self.runs = {name: peer_runs if name == "peer" else runs for name in tools}
        self.failed = False  # hawk did, in either form

    def title(self, text, columns):
        print(f"\n{text:36}" + "".join(f"{column:>12}" for column in columns), flush=True)

    def row(self, what, measure, only=None):
        """`measure(tool)` gives the figures of one run, a tuple. `only`: the names of the tools."""
        names = [name for name in only or self.tools if name in self.tools]
        figures = {name: [] for name in names}
        errors = {}
        for turn in range(-1, max(self.runs[name] for name in names)):  # the first one fills the file cache
            for name in names:
                if name in errors or turn >= self.runs[name]:
                    continue
                try:
                    figures[name].append(measure(name))
                except (Failed, OSError) as error:
                    errors[name] = str(error)
                    self.failed = self.failed or name in OURS
        medians = {name: [statistics.median(column) for column in zip(*rows[1:])]
                   for name, rows in figures.items() if name not in errors}
        self.show(what, names, medians, errors)

    @staticmethod
    def show(what, names, medians, errors):
        for name in names:
            label = what if name == "hawk" else f"  {name}"
            text = f"failed: {errors[name]}" if name in errors else "".join(f"{figure:12.1f}" for figure in medians[name])
            print(f"{label:36}{text}")
        for other in ("peer", "by hand"):
            if other in medians and "hawk" in medians:
                pairs = zip(medians["hawk"], medians[other])  # less than nothing is noise, and has no ratio
                ratios = [f"{ours / theirs:.2f}" if ours > 0 and theirs > 0 else "-" for ours, theirs in pairs]
                print(f"{f'  hawk / {other}':36}" + "".join(f"{ratio:>12}" for ratio in ratios))
        print(end="", flush=True)

    def verdicts(self, what, check, names):
        """`check(tool)` gives whether one run was right, and what the tool said."""
        print(what)
        for name in names:
            right = 0
            try:
                for _ in range(self.runs[name]):
                    good, said = check(name)
                    right += good
            except (Failed, OSError, ValueError) as error:
                said = f"failed: {error}"
                self.failed = self.failed or name in OURS
            print(f"{f'  {name}':36}{right} of {self.runs[name]} runs right; the last: {said}", flush=True)
