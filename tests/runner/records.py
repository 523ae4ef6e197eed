"""Machine-readable output: the golden and live cases once more with `-f jsonl`, every record of all of them validated
against the published schema (schema/hawk-jsonl.schema.json) by Python's jsonschema, which knows nothing of hawk.

What hawk prints goes to a file (-o), so that nothing else mixes with it; the checks of the cases themselves do not count. Left
out are cases that choose a format or a file themselves, and goldens that print nothing. A golden's last record must be that of
its exit status. That the validator and the schema can fail at all is a case of its own.
"""
import concurrent.futures
import glob
import json
import os
import re
import shlex
import subprocess
import tempfile
import time

from . import golden, live, places, requirements
from .report import FAILED, PASSED, SKIPPED, Result

try:
    import jsonschema
except ImportError:
    jsonschema = None

SKIP = re.compile(r"(^|\s)-(f|o|l|h|V|-info|-help|-dry-run|-version)\b")


def run(tests, _build, arguments):
    if jsonschema is None:
        yield Result("records", SKIPPED, "needs python3-jsonschema (scripts/setup --test)")
        return
    schema = validator(os.path.dirname(tests))
    one_golden = lambda path: check_golden(path, os.path.relpath(path, f"{tests}/golden"), schema)  # noqa: E731
    one_live = lambda case: check_live(case, tests, schema, arguments.patience)  # noqa: E731
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        if arguments.match in "the schema refuses":
            yield from refusals(schema)
            yield check_printed_schema(os.path.dirname(tests))
        goldens = [path for path in sorted(glob.glob(f"{tests}/golden/**/*.bt", recursive=True)) if os.path.exists(f"{path[:-3]}.out")]
        yield from filter(None, pool.map(one_golden, [path for path in goldens if arguments.match in path]))
    with concurrent.futures.ThreadPoolExecutor(2 * os.cpu_count()) as pool:  # they mostly wait
        yield from filter(None, pool.map(one_live, live.all_cases(tests, arguments.match, requirements.has_kprobes())))


def validator(top):
    with open(f"{top}/schema/hawk-jsonl.schema.json") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def refusals(schema):
    """Records with one thing wrong."""
    good = {"schema": 1, "type": "value", "time": "2026-01-01T00:00:00.000000000Z", "boot_ns": "1", "probe": "begin", "cpu": 0,
            "data": {"type": "int64", "value": 1}}
    yield Result("the schema accepts a good record", PASSED if schema.is_valid(good) else FAILED)
    wrong = {
        "a record without its probe": {key: value for key, value in good.items() if key != "probe"},
        "a local time": {**good, "time": "2026-01-01T00:00:00.000000000+01:00"},
        "an unknown record": {**good, "type": "values"},
        "a value that is not of its type": {**good, "data": {"type": "int64", "value": "1"}},
        "an integer that is not exact": {**good, "data": {"type": "uint64", "value": 2**53}},
        "a type without a form": {**good, "data": {"type": "sketch_t", "value": 1}},
        "an unknown member": {**good, "extra": 1},
    }
    for what, record in wrong.items():
        refused = not schema.is_valid(record)
        yield Result(f"the schema refuses {what}", PASSED if refused else FAILED, "" if refused else json.dumps(record))


def check_printed_schema(top):
    printed = subprocess.run(["hawk", "--print-schema"], capture_output=True).stdout
    same = printed == golden.read(f"{top}/schema/hawk-jsonl.schema.json")
    return Result("the schema is what hawk --print-schema prints", PASSED if same else FAILED, "" if same else "it is not")


def check_golden(path, name, schema):
    header = golden.read_header(path)
    options = shlex.split(header.get("ARGS", ""))
    if SKIP.search(f" {header.get('ARGS', '')}") or requirements.unmet(header.get("NEEDS", "").split()):
        return None
    with tempfile.TemporaryDirectory() as directory:
        where, file = os.path.split(path)
        by_stdin = "STDIN" in header
        argv = ["hawk", "-f", "jsonl", "-o", f"{directory}/records", *options, "-" if by_stdin else file]
        argv += shlex.split(header.get("PARAMS", ""))
        try:
            done = subprocess.run(argv, cwd=where, input=golden.read(path) if by_stdin else b"", capture_output=True,
                                  timeout=golden.TIMEOUT)
        except subprocess.TimeoutExpired:
            return Result(name, FAILED, f"still running after {golden.TIMEOUT} s")
        wanted = int(header.get("EXIT", 0))
        if done.returncode != wanted:
            return Result(name, FAILED, f"exit status {done.returncode}, expected {wanted}\n{done.stderr.decode(errors='replace')}")
        problems, last = check_file(f"{directory}/records", schema)
    if not problems and last and (last["type"] != "exit" or last["data"]["code"] != wanted):
        problems = [f"the last record is not that of exit status {wanted}: {last}"]
    return Result(name, FAILED if problems else PASSED, "\n".join(problems))


def check_live(case, tests, schema, patience):
    if SKIP.search(case["RUN"]) or requirements.unmet(case.needs):
        return None
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        records = f"{directory}/records"
        os.mkdir(records)
        os.chmod(records, 0o777)
        session = live.Session(case, tests, directory, f"-f jsonl -o {records}/$$")
        session.play(time.monotonic() + patience * float(case["TIMEOUT"] or 20))
        problems = []
        for file in sorted(os.listdir(records)):
            problems += check_file(f"{records}/{file}", schema)[0]
    return Result(case.name, FAILED if problems else PASSED, "\n".join(problems[:5]))


def check_file(path, schema):
    """What is wrong with its records, and the last one. A record is cut short where hawk was killed while it wrote."""
    last, problems = None, []
    for line in golden.read(path).split(b"\n"):
        if not line:
            continue
        try:
            problem = check_line(schema, line.decode())
            last = json.loads(line)
        except ValueError as error:
            problem = str(error)
        if problem:
            problems.append(f"{problem}: {line[:300]!r}")
    return problems, last


SEEN = {}  # what is wrong with a line, or None
DIGITS = re.compile(r"(?<!\d)\d{4,15}(?!\d)")


def check_line(schema, line):
    """Records that differ in digits only are looked at once: the schema asks how many digits there are, not which."""
    return check_shape(schema, DIGITS.sub(lambda found: "7" * len(found[0]), line))


def check_shape(schema, line):
    if line not in SEEN:
        error = next(schema.iter_errors(json.loads(line)), None)
        SEEN[line] = error and f"{error.json_path}: {error.message[:300]}"
    return SEEN[line]
