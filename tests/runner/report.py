"""One case's result, and how results are printed and counted."""
import dataclasses
import json
import time

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclasses.dataclass
class Result:
    name: str
    status: str
    detail: str = ""  # of a failure: what differs; of a skip: the reason


class Report:
    def __init__(self, as_json=False):
        self.as_json, self.total, self.kind = as_json, {PASSED: 0, FAILED: 0, SKIPPED: 0}, None

    def begin(self, kind):
        self.end()
        self.kind, self.counts, self.started = kind, dict.fromkeys(self.total, 0), time.monotonic()

    def add(self, result):
        self.counts[result.status] += 1
        if self.as_json:
            print(json.dumps(dataclasses.asdict(result)), flush=True)
        elif result.status != PASSED:
            first, *rest = result.detail.rstrip().split("\n")
            print(f"{result.status.upper():8}{self.kind}: {result.name}: {first}", flush=True)
            for line in rest:
                print(f"        {line}", flush=True)

    def end(self):
        if self.kind is None:
            return
        for status, count in self.counts.items():
            self.total[status] += count
        if not self.as_json:
            print(f"{self.kind}: {self.summary(self.counts)} ({time.monotonic() - self.started:.0f} s)", flush=True)

    def finish(self):
        """Prints the last line; returns the exit status."""
        self.end()
        if not self.as_json:
            print(self.summary(self.total), flush=True)
        return int(self.total[FAILED] > 0)

    @staticmethod
    def summary(counts):
        return ", ".join(f"{count} {status}" for status, count in counts.items())
