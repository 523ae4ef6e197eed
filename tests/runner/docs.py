"""Documentation tests: every example of README.md and of man/ is run, in the top directory.

In Markdown an example is a fenced block: in ```console the lines after `$ ` or `# ` are commands and what follows them is their
output; in ```sh each line is a command that must succeed. In a man page it is what stands between .EX and .EE, read like
```console. `sudo` is left out. A command ends after 2 minutes at the latest, as if by Ctrl-C.

Output is real output of some day and machine, so it is compared loosely: any number stands for any number, a bar of a
histogram for any bar, a run of blanks for any blanks, `...` for any text within a line and alone on a line for any lines.

The options in man/hawk.8 are those of `hawk -h`, word for word; --update writes them. man/hawk-builtins.7 has every builtin.

An example that cannot be run is preceded by the Markdown comment `<!-- not run: REASON -->` or the roff comment `.\\" not run: REASON`.
"""
import glob
import os
import re
import subprocess

from . import docs_builtins
from .report import FAILED, PASSED, SKIPPED, Result

LIMIT = 120  # seconds


def run(tests, _build, arguments):
    top = os.path.dirname(tests)
    for path in [f"{top}/README.md", *sorted(glob.glob(f"{top}/man/*.[1-8]"))]:
        with open(path) as file:
            text = file.read()
        examples = markdown_examples(text) if path.endswith(".md") else roff_examples(text)
        for reason, language, block in examples:
            for command, expected in commands(language, block):
                name = f"{os.path.basename(path)}: {command.splitlines()[0]}"
                if arguments.match not in name:
                    continue
                yield Result(name, SKIPPED, reason) if reason else run_example(name, top, command, expected)
    if arguments.match in "hawk.8: options":
        yield compare_options(f"{top}/man/hawk.8", arguments.update)
    if arguments.match in docs_builtins.NAME:
        yield docs_builtins.run(top, arguments.update)


def compare_options(path, update):
    usage = subprocess.run(["hawk", "-h"], capture_output=True, text=True).stdout
    rows = re.findall(r"^    (-\S.*?)  +(\S.*)$", usage.partition("OPTIONS:")[2].partition("EXAMPLES:")[0], re.M)
    wanted = "".join(f".TP\n{roff_flags(flags)}\n{text}\n".replace("-", r"\-") for flags, text in rows)
    with open(path) as file:
        page = file.read()
    before, begin, rest = re.split(r'(\.\\" options: [^\n]*\n)', page)
    after = rest[rest.index('.\\" end of options'):]
    if update:
        with open(path, "w") as file:
            file.write(before + begin + wanted + after)
    same = bool(rows) and (update or rest.startswith(wanted + after[:2]))
    return Result("hawk.8: options", PASSED if same else FAILED, "differ from `hawk -h`: run `tests/run --update docs`")


def roff_flags(flags):
    """`-q, --quiet` in bold, an argument in italics."""
    return re.sub(r"(-[\w-]+)", r"\\fB\1\\fR", re.sub(r" ([A-Z]+)", r" \\fI\1\\fR", flags))


def markdown_examples(text):
    """(reason not to run it or "", language, block)"""
    for found in re.finditer(r"(?:<!-- not run: (.*?) -->\n)?```(\w*)\n(.*?)```", text, re.S):
        if found[2] in ("console", "sh"):
            yield found[1] or "", found[2], found[3]


def roff_examples(text):
    for found in re.finditer(r'(?:\.\\" not run: ([^\n]*)\n)?\.EX\n(.*?)\.EE', text, re.S):
        block = found[2]
        for escape, character in ((r"\-", "-"), (r"\(aq", "'"), (r"\(ti", "~"), (r"\(ha", "^"), (r"\&", ""), (r"\e", "\\")):
            block = block.replace(escape, character)
        yield found[1] or "", "console", block


def commands(language, block):
    """(command, expected output or None) of a block; a command goes on while its quotes are open or its line ends in `\\`."""
    if language == "sh":
        for line in block.splitlines():
            if line.strip() and not line.startswith("#"):
                yield line, None
        return
    for example in re.split(r"^(?=[$#] )", block, flags=re.M):
        lines = example[2:].splitlines()
        if example[:2] not in ("$ ", "# "):
            continue
        command = lines.pop(0)
        while lines and (command.count("'") % 2 or command.endswith("\\")):
            command += "\n" + lines.pop(0)
        yield command, "\n".join(lines)


def run_example(name, top, command, expected):
    command = re.sub(r"\bsudo ", "", command)
    try:
        done = subprocess.run(["timeout", "-s", "INT", "-k", "5", str(LIMIT), "bash", "-c", command], cwd=top, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="backslashreplace")
    except OSError as error:
        return Result(name, FAILED, str(error))
    if expected is None:
        return Result(name, FAILED if done.returncode else PASSED, f"exit status {done.returncode}\n{done.stdout[-2000:]}")
    if re.fullmatch(pattern(expected), squeeze(done.stdout)):
        return Result(name, PASSED)
    return Result(name, FAILED, f"prints something else\n--- documented\n{expected.strip()}\n--- printed\n{done.stdout.strip()[-3000:]}")


def squeeze(text):
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    return "".join(line + "\n" for line in lines if line)


def pattern(expected):
    """A regular expression for the squeezed output."""
    lines = []
    for line in squeeze(expected).splitlines():
        if line == "...":
            lines.append(r"(?:.*\n)*?")
            continue
        line = re.sub(r"\|[@ ]*\|$", "\0bar", line)
        parts = re.split(r"(\.\.\.|\d+|\0bar)", line)
        stands_for = {"...": ".*", "\0bar": r"\|[@ ]*\|"}
        lines.append("".join(stands_for.get(part, r"\d+" if part.isdigit() else re.escape(part)) for part in parts) + r"\n")
    return "".join(lines)
