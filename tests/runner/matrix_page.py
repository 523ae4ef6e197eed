"""The tables of man/hawk-kernels.7 as values: read from the page, compared, and written back.

Between `.\\" NAME: written by ...` and `.\\" end of NAME` there is one table (tbl), a row a case and a column a kernel, and below
it, for what some kernel does not have, the reasons in hawk's words.
"""
import re

from .report import FAILED, PASSED, Result

TABLES = ("probe_kinds", "features")
ABSENT = "?"


def comparable(cell):
    """Numbers (addresses, lengths) may differ from one version to the next."""
    return re.sub(r"0x[0-9a-f]+|\d+", "0", cell)


def roff(text):
    for character, escape in (("\\", r"\e"), ("-", r"\-"), ("'", r"\(aq"), ("~", r"\(ti"), ("^", r"\(ha")):
        text = text.replace(character, escape)
    return rf"\&{text}" if text.startswith(".") else text


def plain(text):
    for escape, character in ((r"\&", ""), (r"\(ha", "^"), (r"\(ti", "~"), (r"\(aq", "'"), (r"\-", "-"), (r"\e", "\\")):
        text = text.replace(escape, character)
    return text


class Page:
    def __init__(self, path, kernels):
        self.path, self.kernels = path, kernels
        with open(path) as file:
            self.text = file.read()
        noted = self.section("versions").strip().rstrip(".").split(", ")
        self.versions = {kernel: version for kernel, version in zip(kernels, noted) if version[:1].isdigit()}
        self.cells = {}  # (table, row, kernel): `yes` or `no: REASON`, in the page's order
        for table in TABLES:
            self.read(table)

    def section(self, name):
        return re.search(self.borders(name), self.text, re.S)[2]

    @staticmethod
    def borders(name):
        return rf'(\.\\" {name}: [^\n]*\n)(.*?)(\.\\" end of {name}\n)'

    def read(self, table):
        text = self.section(table)
        reasons = {}
        for row, headings, reason in re.findall(r'^\.TP\n\.B "([^\n]*): ([^\n:]*)"\n([^\n]*)\n', text, re.M):
            for heading in headings.split(", "):
                reasons[plain(row), heading] = plain(reason)
        lines = [line.split("\t") for line in text.splitlines() if "\t" in line]
        headings = lines[0][1:] if lines else []
        for row, *cells in lines[1:]:
            for kernel, heading, cell in zip(self.kernels, headings, cells):
                reason = reasons.get((plain(row), heading), "")
                self.cells[table, plain(row), kernel] = f"no: {reason}" if cell == "no" else cell

    def get(self, cell):
        return self.cells.get(cell, ABSENT)

    def set(self, cell, value):
        self.cells[cell] = value

    def foreign_rows(self, rows, update):
        """A result for each table: it has the rows of its file, in their order, and no others."""
        for table, names in rows.items():
            if update:
                self.cells = {(where, name, kernel): self.get((where, name, kernel))
                              for where in TABLES for name in (names if where == table else self.rows(where)) for kernel in self.kernels}
            same = self.rows(table) == names
            yield Result(f"hawk-kernels.7: rows of {table}", PASSED if same else FAILED,
                         "other rows than tests/kernels has: run `tests/run --update --kernels all matrix`")

    def rows(self, table):
        return list(dict.fromkeys(row for where, row, _ in self.cells if where == table))

    def heading(self, kernel):
        """6.12; of `newest` what it was."""
        return ".".join(self.versions.get(kernel, kernel).split(".")[:2])

    def table_text(self, table):
        headings = [self.heading(kernel) for kernel in self.kernels]
        text = ".TS\n" + "l " + " ".join("c" for _ in headings) + ".\n" + "\t".join(["", *headings]) + "\n_\n"
        reasons = {}  # (row, reason): headings
        for row in self.rows(table):
            cells = [self.get((table, row, kernel)) for kernel in self.kernels]
            text += "\t".join([roff(row), *(cell.partition(":")[0] for cell in cells)]) + "\n"
            for heading, cell in zip(headings, cells):
                if cell.startswith("no: "):
                    reasons.setdefault((row, cell[len("no: "):]), []).append(heading)
        text += ".TE\n"
        for (row, reason), where in reasons.items():
            text += f'.TP\n.B "{roff(row)}: {", ".join(where)}"\n{roff(reason)}\n'
        return text

    def write(self):
        sections = {table: self.table_text(table) for table in TABLES}
        sections["versions"] = ", ".join(self.versions.get(kernel, ABSENT) for kernel in self.kernels) + ".\n"
        for name, text in sections.items():
            self.text = re.sub(self.borders(name), lambda found, text=text: found[1] + text + found[3], self.text, flags=re.S)
        with open(self.path, "w") as file:
            file.write(self.text)
