"""Which kernel has what: the tables of man/hawk-kernels.7, measured in virtual machines (scripts/vm) and held against the page.

Rows are the cases of tests/kernels/probe_kinds and tests/kernels/features, written as live cases are. A row is
    yes     if its checks hold
    no      if hawk ends with status 1, 2 or 255, prints nothing and says why; its first line on standard error is the reason
and anything else is a failure whatever the page says: what hawk cannot do it has to refuse in words of its own, so a line that
passes on what the verifier, libbpf or errno say counts as none.

`--kernels` chooses the columns that are measured, as for the kind `kernels`; `--update` writes them into the page and leaves
the others. `--here` measures this machine's kernel instead, and compares nothing: rows that are `no` are skipped.
"""
import os
import platform
import re
import subprocess
import tempfile
import time

from . import golden_coverage, kernels, live, matrix_page
from .report import FAILED, PASSED, SKIPPED, Result

PATIENCE = 5
VERSION = "version of the kernel"  # a result that carries it in its detail
FOREIGN_WORDS = r"verifier|libbpf|the kernel answered|\binsn|\bR\d|[Ii]nvalid argument|errno|cannot load the program|`unknown`"
FAILURE_STATUS = (1, 2, 255)


def tables(tests, match):
    """{table: its cases}"""
    names = {table: live.read_cases(f"{tests}/kernels/{table}") for table in matrix_page.TABLES}
    return {table: [case for case in cases if match in case.name] for table, cases in names.items()}


def run(tests, build, arguments):
    rows = tables(tests, arguments.match)
    if arguments.here:
        yield from measure_here(tests, [case for cases in rows.values() for case in cases], arguments.patience)
        return
    page = matrix_page.Page(f"{os.path.dirname(tests)}/man/hawk-kernels.7", list(kernels.read_list(tests)))
    chosen = kernels.chosen(tests, arguments.kernels) if any(rows.values()) else []
    inside = [f"{tests}/run", "--build", build, "--json", "--here", "--match", arguments.match, "--patience", str(PATIENCE), "matrix"]
    for kernel, guest in kernels.in_guests(tests, chosen, inside):
        if VERSION in guest.results and arguments.update:
            page.versions[kernel] = guest.results[VERSION].detail
        for table, cases in rows.items():
            for case in cases:
                yield compare(page, (table, case.name, kernel), guest, arguments.update)
    if not arguments.match:
        missing = golden_coverage.probe_kinds_not_in(tests, "\n".join(case["RUN"] for case in rows["probe_kinds"]))
        yield Result("every probe kind has a row", FAILED if missing else PASSED, f"none in tests/kernels/probe_kinds: {', '.join(missing)}")
        yield from page.foreign_rows({table: [case.name for case in cases] for table, cases in rows.items()}, arguments.update)
    if arguments.update:
        page.write()


def compare(page, cell, guest, update):
    _, name, kernel = cell
    found = guest.results.get(name, guest.missing())
    if name not in guest.results or found.status == FAILED:
        return Result(f"{kernel}: {name}", found.status, found.detail)
    measured = "yes" if found.status == PASSED else f"no: {found.detail}"
    if update:
        page.set(cell, measured)
    documented = page.get(cell)
    same = matrix_page.comparable(measured) == matrix_page.comparable(documented)
    return Result(f"{kernel}: {name}", PASSED if same else FAILED,
                  f"hawk-kernels.7 says `{documented}`, this is `{measured}`: run `tests/run --update --kernels all matrix`")


# ---- on the kernel that is measured ------------------------------------------------------------------------------


def measure_here(tests, cases, patience):
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        os.environ["SUBJECT"] = f"{directory}/subject"
        subprocess.run(["g++", "-g", "-O1", "-fno-omit-frame-pointer", "-fcf-protection=full", "-no-pie", "-Wl,--build-id=sha1",
                        "-o", os.environ["SUBJECT"], f"{tests}/kernels/subject.cpp"], check=True)
        yield Result(VERSION, PASSED, full_version())
        for case in cases:
            yield measure(case, tests, patience)


def full_version():
    """6.12.117: Debian's release names change with the interface only, its version does not."""
    debian = re.search(r"Debian (\d+\.\d+\.\d+)", platform.version())
    return debian[1] if debian else re.match(r"[\d.]+", platform.release())[0].rstrip(".")


def measure(case, tests, patience):
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        session = live.Session(case, tests, directory, None)
        problems = session.play(time.monotonic() + patience * float(case["TIMEOUT"] or 20))
        output = {"STDOUT": session.read("stdout"), "STDERR": session.read("stderr")}
    problems += live.verify(case, output)
    if not problems:
        return Result(case.name, PASSED)
    reason = refusal(session.status, output)
    if reason:
        return Result(case.name, SKIPPED, reason)
    return Result(case.name, FAILED, "neither works nor is refused with a reason\n" +
                  "\n".join(problems + [f"--- {stream.lower()}\n{text[-1500:]}" for stream, text in output.items() if text]))


def refusal(status, output):
    """hawk's reason for not doing it, or None if it gave none that helps."""
    first = re.match(r"(?:\S+: )?ERROR: (.*)", output["STDERR"])
    if status not in FAILURE_STATUS or output["STDOUT"].strip() or not first or re.search(FOREIGN_WORDS, first[1]):
        return None
    return first[1].replace(os.environ["SUBJECT"], "./subject")
