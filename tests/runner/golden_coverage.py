"""Every diagnostic, builtin and probe kind has a golden case.

Reads the tables of the sources and the files of tests/golden; runs nothing, so that a case which this machine skips
counts too. A diagnostic is recognised by its text, `{}` standing for anything; where several rows fit, the one with
the most text of its own. A row whose text is nothing but `{}` is recognised by the case's name: `fail_reached*.bt`
shows FailReached. Builtins and probe kinds must stand in a script outside of its strings and comments.
"""
import glob
import os
import re

from .report import FAILED, PASSED, Result

NAME = "coverage"
# Rows that no case can show on every machine, and why.
EXEMPT = {"UnwoundNeedsKernel": "needs an old kernel",
          "KernelTooOld": "needs an old kernel",
          "NoArgumentTypes": "needs a kernel without BTF",
          "FunctionInSeveralModules": "needs modules that have a function of one name",
          "StructInRegisters": "needs a function of the kernel that takes a struct"}
STRING = r'"(?:[^"\\\n]|\\.)*"'


def run(tests):
    missing = [f"diagnostic {name}" for name in missing_diagnostics(tests)]
    sources = stripped_sources(tests)
    missing += [f"builtin {name}" for name in missing_words(f"{tests}/../src/ast/builtins.def", "BUILTIN", sources, r"\b{}\b")]
    missing += [f"probe {name}" for name in missing_words(f"{tests}/../src/ast/probes.def", "PROBE", sources, r"(?m)^(?:.*[,}}=] *)?{}(?=[:\s{{,/])")]
    return Result(NAME, FAILED if missing else PASSED, "\n".join(["in no golden case:", *missing] if missing else []))


def rows(path, macro):
    """The first two arguments of every row: (id, second), the second without its quotes if it is a string."""
    with open(path) as file:
        found = re.findall(rf"(?m)^{macro}\((\w+), *(?:\w+, *)?({STRING})", file.read())
    return [(name, re.sub(r"\\(.)", r"\1", text[1:-1])) for name, text in found]


def probe_kinds_not_in(tests, text):
    """Names of probe kinds that begin no clause of a text that holds scripts."""
    return [name for _, name in rows(f"{tests}/../src/ast/probes.def", "PROBE") if not re.search(rf"(?m)(?:^|['\"}},] *){name}[:\s]", text)]


def pattern(text):
    parts = re.split(r"\{[^}]*\}", text)
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL), sum(map(len, parts))


def snake_case(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def missing_diagnostics(tests):
    names = {name: pattern(text) for name, text in rows(f"{tests}/../src/support/diagnostics.def", "DIAG")}
    unnamed = {name for name, (_, literal) in names.items() if literal == 0}
    seen = set()
    for path in glob.glob(f"{tests}/golden/**/*.err", recursive=True):
        with open(path, errors="replace") as file:
            messages = re.findall(r"(?m)^\S+:\d+(?:-\d+|:\d+-\d+): (?:ERROR|WARNING): (.*)", file.read())
        for message in messages:
            fitting = [(literal, name) for name, (regex, literal) in names.items() if literal and regex.fullmatch(message)]
            seen.update([max(fitting)[1]] if fitting else [])
        case = os.path.basename(path)
        seen.update(name for name in unnamed if messages and case.startswith(snake_case(name)))
    return [name for name in names if name not in seen and name not in EXEMPT]


def stripped_sources(tests):
    texts = []
    for suffix in ("bt", "hawk"):
        for path in glob.glob(f"{tests}/golden/**/*.{suffix}", recursive=True):
            with open(path, errors="replace") as file:
                texts.append(re.sub(rf"{STRING}|//.*|/\*(?s:.*?)\*/", " ", file.read()))
    return "\n".join(texts)


def missing_words(path, macro, sources, regex):
    names = [name for _, name in rows(path, macro) if name.isidentifier()]
    return [name for name in names if not re.search(regex.format(re.escape(name)), sources)]
