"""Golden tests: tests/golden/**/NAME.bt or NAME.hawk is run with `hawk ARGS NAME.bt PARAMS`, in its own directory.

NAME.out is its standard output and NAME.err its standard error; a file that is not there stands for nothing printed.
The first comment lines of a source may say

    // ARGS: -d ast --dry-run     options before the file name (shell quoting)
    // PARAMS: 1 "two words"      what follows the file name
    // STDIN: -                   the script is given on standard input, as `-`
    // EXIT: 1                    exit status, else 0
    // NEEDS: root                see requirements.py

Each case runs again with `--place kernel` and `--place host` in front of its options (places.py), and must print the same; not
those whose ARGS have `-d` or `--place`. What can run inside hawk does so once more as a user without any privilege.

scripts/update-goldens writes the .out and .err files; EXIT is written by hand. golden_coverage.py says what has no case.
"""
import concurrent.futures
import difflib
import glob
import os
import re
import shlex
import shutil
import subprocess
import tempfile

from . import golden_coverage, places, requirements
from .report import FAILED, PASSED, SKIPPED, Result

TIMEOUT = 30  # seconds
KEYS = ("ARGS", "PARAMS", "STDIN", "EXIT", "NEEDS")


def run(tests, _build, arguments):
    sources = sorted(path for suffix in ("bt", "hawk") for path in glob.glob(f"{tests}/golden/**/*.{suffix}", recursive=True))
    chosen = [path for path in sources if arguments.match in os.path.relpath(path, f"{tests}/golden")]
    with tempfile.TemporaryDirectory() as directory, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        public = publish(tests, directory) if os.geteuid() == 0 else None
        one = lambda path: run_everywhere(path, os.path.relpath(path, f"{tests}/golden"), arguments.update, public)  # noqa: E731
        for results in pool.map(one, chosen):
            yield from results
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


def publish(tests, directory):
    """A copy of hawk and of the cases that every user may read."""
    os.chmod(directory, 0o755)
    shutil.copytree(f"{tests}/golden", f"{directory}/golden")
    os.mkdir(f"{directory}/bin")
    shutil.copy(shutil.which("hawk"), f"{directory}/bin/hawk")
    subprocess.run(["chmod", "-R", "a+rX", directory], check=True)
    return directory


def run_everywhere(path, name, update, public):
    header = read_header(path)
    unmet = requirements.unmet(header.get("NEEDS", "").split())
    if unmet:
        return [Result(name, SKIPPED, unmet)]
    options = shlex.split(header.get("ARGS", ""))
    results = [run_case(path, name, header, options, update)]
    if any(word.startswith(("-d", "--place", "--debug")) for word in options):
        return results
    for place in places.PLACES:
        if place == "kernel" and os.geteuid() != 0:
            continue
        result = run_case(path, f"{name} --place {place}", header, ["--place", place, *options], False)
        if result.status == SKIPPED and may_be_refused(name, header, place):
            continue
        if result.status == SKIPPED:
            result = Result(result.name, FAILED, f"refused: a case like this runs with --place {place}")
        results.append(result)
        if place == "host" and public and "root" not in header.get("NEEDS", ""):
            copy = f"{public}/golden/{name}"
            results.append(run_case(copy, f"{name} as an ordinary user", header, options, False, f"{public}/bin/hawk"))
    return results


def may_be_refused(name, header, place):
    """Whether a case may be one that cannot run at `place`: errors, and for the host what says that it needs root, for the
    kernel what stands in host/ and placement/."""
    if header.get("EXIT", "0") != "0":
        return True
    return "root" in header.get("NEEDS", "").split() if place == "host" else name.startswith(("host/", "placement/"))


def run_case(path, name, header, options, update, ordinary_user_hawk=None):
    """Skipped if the program cannot run where its name says."""
    directory, file = os.path.split(path)
    by_stdin = "STDIN" in header
    argv = [ordinary_user_hawk or "hawk", *options, "-" if by_stdin else file, *shlex.split(header.get("PARAMS", ""))]
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if ordinary_user_hawk else {}
    try:
        done = subprocess.run(argv, cwd=directory, input=read(path) if by_stdin else b"", capture_output=True, timeout=TIMEOUT, **nobody)
    except subprocess.TimeoutExpired:
        return Result(name, FAILED, f"still running after {TIMEOUT} s")
    if " --place " in name and places.is_refused(done.stderr):
        return Result(name, SKIPPED, "cannot run there")
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
