"""Unit tests: every GoogleTest binary that ctest knows under the name `unit.*`; each TEST is one case."""
import glob
import json
import os
import subprocess
import tempfile

from .report import FAILED, PASSED, SKIPPED, Result


def run(_tests, build, arguments):
    with tempfile.TemporaryDirectory() as directory:
        environment = dict(os.environ, GTEST_OUTPUT=f"json:{directory}/", GTEST_FILTER=f"*{arguments.match}*")
        ctest = subprocess.run(["ctest", "--test-dir", build, "-R", "^unit[.]", "-j2", "--timeout", "300"], env=environment,
                               capture_output=True, text=True)
        reports = sorted(glob.glob(f"{directory}/*.json"))
        cases = [case for path in reports for case in read_report(path)]
    yield from cases
    # A binary that crashes writes no report: then ctest's word stands for it.
    if ctest.returncode and not any(case.status == FAILED for case in cases):
        yield Result("ctest", FAILED, "\n" + ctest.stdout[-3000:] + ctest.stderr)
    elif not cases and not arguments.match:
        yield Result("ctest", FAILED, "no unit test was found\n" + ctest.stdout + ctest.stderr)


def read_report(path):
    with open(path) as file:
        suites = json.load(file)["testsuites"]
    for suite in suites:
        for case in suite["testsuite"]:
            name = f"{suite['name']}.{case['name']}"
            if case.get("failures"):
                yield Result(name, FAILED, "\n" + "\n".join(failure["failure"] for failure in case["failures"]))
            elif case["result"] == "SKIPPED":
                yield Result(name, SKIPPED, "; ".join(skip.get("message", "") for skip in case.get("skipped", [])))
            elif case["result"] == "COMPLETED":
                yield Result(name, PASSED)
