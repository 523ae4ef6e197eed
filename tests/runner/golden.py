"""Golden tests: tests/golden/**/NAME.bt or NAME.hawk is run with `hawk ARGS NAME.bt PARAMS`, in its own directory.

NAME.out is its standard output and NAME.err its standard error; a file that is not there stands for nothing printed.
The first comment lines of a source may say

    // ARGS: -d ast --dry-run     options before the file name (shell quoting)
    // PARAMS: 1 "two words"      what follows the file name
    // STDIN: -                   the script is given on standard input, as `-`
    // EXIT: 1                    exit status, else 0
    // NEEDS: root                see requirements.py

scripts/update-goldens writes the .out and .err files; EXIT is written by hand. golden_coverage.py says what has no case.
"""
import concurrent.futures
import difflib
import glob
import os
import re
import shlex
import subprocess

from . import golden_coverage, requirements
from .report import FAILED, PASSED, SKIPPED, Result

TIMEOUT = 30  # seconds
KEYS = ("ARGS", "PARAMS", "STDIN", "EXIT", "NEEDS")


def run(tests, _build, arguments):
    sources = sorted(path for suffix in ("bt", "hawk") for path in glob.glob(f"{tests}/golden/**/*.{suffix}", recursive=True))
    chosen = [path for path in sources if arguments.match in os.path.relpath(path, f"{tests}/golden")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(lambda path: run_case(path, os.path.relpath(path, f"{tests}/golden"), arguments.update), chosen)
    if arguments.match in golden_coverage.NAME:
        yield golden_coverage.run(tests)


def read_header(path):
    header = {}
    with open(path, errors="replace") as file:
        for line in file:
            found = re.match(r"// *([A-Z]+): *(.*)", line)
            if found and found[1] in KEYS:
                header[found[1]] = found[2].strip()
            elif not line.startswith(("//", "#!")):
                break
    return header


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def run_case(path, name, update):
    header = read_header(path)
    unmet = requirements.unmet(header.get("NEEDS", "").split())
    if unmet:
        return Result(name, SKIPPED, unmet)
    directory, file = os.path.split(path)
    by_stdin = "STDIN" in header
    argv = ["hawk", *shlex.split(header.get("ARGS", "")), "-" if by_stdin else file, *shlex.split(header.get("PARAMS", ""))]
    try:
        done = subprocess.run(argv, cwd=directory, input=read(path) if by_stdin else b"", capture_output=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return Result(name, FAILED, f"still running after {TIMEOUT} s")
    stem = os.path.splitext(path)[0]
    printed = {f"{stem}.out": done.stdout, f"{stem}.err": done.stderr}
    wanted = int(header.get("EXIT", 0))
    problems = [] if done.returncode == wanted else [f"exit status {done.returncode}, expected {wanted}"]
    if update and not problems:
        write(printed)
    for golden, text in printed.items():
        if text != read(golden):
            problems.append(difference(read(golden), text, os.path.basename(golden)))
    return Result(name, FAILED if problems else PASSED, "\n".join(problems))


def write(printed):
    for golden, text in printed.items():
        if text:
            with open(golden, "wb") as file:
                file.write(text)
        elif os.path.exists(golden):
            os.remove(golden)


def difference(expected, printed, name):
    old, new = (text.decode(errors="backslashreplace").splitlines() for text in (expected, printed))
    return "\n".join(difflib.unified_diff(old, new, f"expected {name}", "printed", lineterm="", n=2)) or f"{name}: line ends differ"
