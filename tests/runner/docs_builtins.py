"""man/hawk-builtins.7: every builtin, with its signature from src/ast/builtins.def or src/prelude/*.hawk and a sentence of the page's own.

A builtin without a sentence fails; --update writes the signatures and the sections anew, keeps the sentences, and adds
what is new, without one.
"""
import glob
import re

from .report import FAILED, PASSED, Result

NAME = "hawk-builtins.7: builtins"
BEGIN = '.\\" builtins: written by `tests/run --update docs`, but for the sentences\n'
END = '.\\" end of builtins\n'


def run(top, update):
    path = f"{top}/man/hawk-builtins.7"
    with open(path) as file:
        page = file.read()
    before, _, rest = page.partition(BEGIN)
    body, _, after = rest.partition(END)
    known = sentences(body)
    wanted = render(top, known)
    if update:
        with open(path, "w") as file:
            file.write(before + BEGIN + wanted + END + after)
    missing = [name for _, rows in sections(top) for name, _ in rows if not known.get(name)]
    if missing:
        return Result(NAME, FAILED, "without a sentence: " + ", ".join(missing))
    return Result(NAME, PASSED if update or body == wanted else FAILED, "differs from the tables: run `tests/run --update docs`")


def sections(top):
    """(heading, [(name, signature)]) in the order of the tables; builtins of the compiler's own have no signature."""
    result = []
    with open(f"{top}/src/ast/builtins.def") as file:
        for line in file:
            if heading := re.match(r"// --- (.*) ---", line):
                result.append((heading[1], []))
            row = re.match(r'BUILTIN\(\w+, *"([^"]*)",.*, *(\w+), *"((?:[^"\\]|\\.)*)"\)', line)
            if row and row[3]:
                result[-1][1].append((row[1], row[3].replace('\\"', '"')))
    rows = {}
    for path in sorted(glob.glob(f"{top}/src/prelude/*.hawk")):
        with open(path) as file:
            for name, parameters in re.findall(r"^(?:macro|fn) (\w+)\(([^)]*)\)", file.read(), re.M):
                rows.setdefault(name, []).append(f"{name}({parameters})")
    result.append(("written in hawk", [(name, " or ".join(forms)) for name, forms in rows.items()]))
    return result


def roff(text):
    return text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("'", "\\(aq")


def render(top, known):
    out = ""
    for heading, rows in sections(top):
        out += f".SH {roff(heading).upper()}\n"
        for name, signature in rows:
            out += f'.\\" {name}\n.TP\n.B "{roff(signature)}"\n{known.get(name, "")}'
    return out


def sentences(body):
    """The text below each signature, by the name in the comment above."""
    return {name: text for name, text in re.findall(r'^\.\\" (\S+)\n\.TP\n\.B .*\n((?:(?!\.\\"|\.SH).*\n)*)', body, re.M)}
