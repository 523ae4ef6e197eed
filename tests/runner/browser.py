"""Flame graphs in a browser (chromium.py): a busy program is profiled, and the picture is used as a person would use it.

Pictures of each case are left in BUILD/browser. Needs root and Chromium; a machine without skips all.
"""
import os
import shutil
import subprocess
import xml.etree.ElementTree as xml

from . import chromium
from .report import FAILED, PASSED, SKIPPED, Result

SCRIPT = 'profile:hz:499 /comm == "busy"/ { @cpu[ustack, kstack] = count(); @per_command[comm, ustack(folded)] = sum(2); }'
HOSTILE = '</title><script>document.documentElement.id="owned"</script>&]]>;'
FRAMES = "[...document.querySelectorAll('#g0 .frame')]"


def run(tests, build, arguments):
    cases = [case for case in CASES if arguments.match in case.__name__]
    missing = "needs Chromium" if chromium.find() is None else "needs root" if os.geteuid() != 0 else None
    if missing:
        yield from (Result(case.__name__, SKIPPED, missing) for case in cases)
        return
    directory = f"{build}/browser"
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    try:
        profile(tests, directory)
    except chromium.Failure as failure:
        yield Result("profile", FAILED, str(failure))
        return
    for case in cases:
        with chromium.Chromium() as browser:
            try:
                case(Pictures(browser, directory, case.__name__))
                yield Result(case.__name__, PASSED)
            except chromium.Failure as failure:
                yield Result(case.__name__, FAILED, str(failure))


def profile(tests, directory):
    """busy.svg, and hostile.svg of the same program with another name for a function."""
    build = ["gcc", "-O0", "-fno-omit-frame-pointer", "-o", f"{directory}/busy", f"{tests}/browser/busy.c"]
    rename = ["objcopy", f"--redefine-sym=heavy={HOSTILE}", f"{directory}/busy", f"{directory}/hostile"]
    for command in (build, rename):
        subprocess.run(command, check=True)
    for name in ("busy", "hostile"):
        argv = ["hawk", "-q", "-f", "flamegraph", "-o", f"{directory}/{name}.svg", "-e", SCRIPT.replace("busy", name), "-c", f"{directory}/{name} 2"]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
        expect("what `-f flamegraph -o FILE` prints", (done.returncode, done.stdout, done.stderr), (0, "", ""))
        xml.parse(f"{directory}/{name}.svg")


def expect(what, found, wanted):
    if found != wanted:
        raise chromium.Failure(f"{what}: found {found!r}, expected {wanted!r}")


def near(what, found, wanted, tolerance):
    if abs(found - wanted) > tolerance:
        raise chromium.Failure(f"{what}: found {found}, expected {wanted}")


class Pictures:
    def __init__(self, browser, directory, case):
        self.browser, self.directory, self.case = browser, directory, case

    def open(self, name="busy", **how):
        return self.browser.open(f"{self.directory}/{name}.svg", **how)

    def keep(self, page, suffix=""):
        page.screenshot(f"{self.directory}/{self.case}{suffix}.png")


def frame(name):
    return f"{FRAMES}.find(f => f.querySelector('title').textContent.startsWith('{name} ('))"


def boxes(page):
    """Of all frames: name, number of samples, depth, left edge and width in pixels within the graph; 0 wide when not shown."""
    rows = page.evaluate(f"{FRAMES}.map(f => {{ const b = f.querySelector('rect').getBoundingClientRect();"
                         "const g = document.querySelector('#g0 rect').getBoundingClientRect();"
                         "return [f.querySelector('title').textContent.replace(/ \\([^(]*$/, ''), +f.dataset.n, +f.dataset.d, b.x - g.x, b.width]; })")
    return [dict(zip(("name", "samples", "depth", "left", "width"), row)) for row in rows]


def graph_width(page):
    return page.evaluate("document.getElementById('g0').width.baseVal.value")


def one(rows, name):
    found = [row for row in rows if row["name"] == name]
    expect(f"frames called {name}", len(found), 1)
    return found[0]


# --- cases ----------------------------------------------------------------------------------------

def without_scripts(pictures):
    """A picture: every frame as wide as its share, names on them, nothing to press."""
    page = pictures.open(scripts=False)
    rows, width = boxes(page), graph_width(page)
    total = one(rows, "all")["samples"]
    for row in rows:
        near(f"width of {row['name']}", row["width"], width * row["samples"] / total, 1)
    heavy, light = one(rows, "heavy"), one(rows, "light")
    expect("enough samples", total > 200, True)
    near("share of heavy", heavy["samples"] / (heavy["samples"] + light["samples"]), 0.75, 0.12)
    expect("above work", heavy["depth"], one(rows, "work")["depth"] + 1)
    expect("name", page.evaluate(f"{frame('heavy')}.querySelector('text').textContent"), "heavy")
    shown = page.evaluate("[...document.querySelectorAll('.control')].filter(c => getComputedStyle(c).display !== 'none').length")
    expect("controls", shown, 0)
    pictures.keep(page)


def zoom(pictures):
    page = pictures.open()
    before, width = boxes(page), graph_width(page)
    page.click(frame("heavy"))
    rows = boxes(page)
    heavy = one(rows, "heavy")
    for name in ("heavy", "work", "main", "all"):
        near(f"width of {name} when zoomed on heavy", one(rows, name)["width"], width, 1)
    expect("light is not shown", one(rows, "light")["width"], 0)
    inside = [row for row in rows if row["depth"] == heavy["depth"] + 1 and row["width"] > 0]
    expect("something is inside", inside[-1]["name"], "spin")
    for row in inside:
        near(f"width of {row['name']} inside of heavy", row["width"], width * row["samples"] / heavy["samples"], 1)
    expect("work is below", page.evaluate(f"{frame('work')}.classList.contains('below')"), True)
    pictures.keep(page)
    page.click("document.getElementById('reset')")
    for row, old in zip(boxes(page), before):
        near(f"width of {row['name']} when zoomed out", row["width"], old["width"], 0.1)
        near(f"place of {row['name']} when zoomed out", row["left"], old["left"], 0.1)


def search(pictures):
    page = pictures.open()
    rows = boxes(page)
    total = one(rows, "all")["samples"]

    def look_for(text, matched):
        page.press("Escape")
        page.click("document.getElementById('search')")
        page.type(text)
        expect(f"what is said about {text}", page.evaluate("document.getElementById('g0-matched').textContent"), matched)
        return page.evaluate(f"{FRAMES}.filter(f => f.classList.contains('hit')).map(f => f.hawk.name)")

    def share(*names):
        return f"matched: {100 * sum(row['samples'] for row in rows if row['name'] in names) / total:.2f} %"

    spins = [row["name"] for row in rows if row["name"] == "spin"]
    expect("hits of ^spin$", look_for("^spin$", share("spin")), spins)
    pictures.keep(page)
    expect("hits of (HEAVY|light)$", sorted(look_for("(HEAVY|light)$", share("heavy", "light"))), ["heavy", "light"])
    expect("a match on a match counts once", sorted(look_for("^work$|^heavy$", share("work"))), ["heavy", "work"])
    expect("hits of what is not there", look_for("nosuchname", "matched: 0.00 %"), [])
    expect("hits of half an expression", look_for("(spin", ""), [])
    expect("it is marked", page.evaluate("document.getElementById('search').classList.contains('wrong')"), True)
    look_for("leaf", share("leaf"))
    page.click(frame("light"))
    light, leaf = one(rows, "light"), one(rows, "leaf")
    expect("search in what is shown", page.evaluate("document.getElementById('g0-matched').textContent"),
           f"matched: {100 * leaf['samples'] / light['samples']:.2f} % of what is shown")


def keyboard(pictures):
    page = pictures.open()
    focused = "document.activeElement.hawk?.name"
    page.evaluate(f"{frame('all')}.focus()")
    seen = []
    while page.evaluate(focused) != "heavy" and len(seen) < 20:
        page.press("ArrowUp")
        seen.append(page.evaluate(focused))
    expect("the way up ends with", seen[-2:], ["work", "heavy"])
    page.press("ArrowRight")
    expect("to the right of heavy", page.evaluate(focused), "light")
    page.press("ArrowLeft")
    page.press("Enter")
    near("width of heavy", one(boxes(page), "heavy")["width"], graph_width(page), 1)
    expect("what is said about it", page.evaluate("document.querySelector('#info text').textContent").startswith("heavy ("), True)
    page.press("ArrowDown")
    expect("below heavy", page.evaluate(focused), "work")
    page.press("Escape")
    expect("light is shown again", one(boxes(page), "light")["width"] > 0, True)
    page.press("/")
    expect("the field", page.evaluate("document.activeElement.id"), "search")


def hover(pictures):
    """Details in a line, and a second graph of the same file."""
    page = pictures.open()
    expect("graphs", page.evaluate("[...document.querySelectorAll('.name')].map(n => n.firstChild.textContent.trim())"), ["@cpu", "@per_command"])
    page.evaluate("document.querySelector('#g1 .frame').dispatchEvent(new MouseEvent('mouseover', {bubbles: true}))")
    expect("details", page.evaluate("document.querySelector('#info text').textContent").startswith("all ("), True)
    pictures.keep(page)


def low_window(pictures):
    """What does not fit into the window is seen from below."""
    visible = f"(r => r.top >= 0 && r.bottom <= innerHeight)({frame('all')}.getBoundingClientRect())"
    page = pictures.open(height=200)
    expect("the first frame is visible", page.evaluate(visible), True)
    expect("the page has moved", page.evaluate("scrollY > 0"), True)
    pictures.keep(page)
    expect("a page that fits has not moved", pictures.open(height=2000).evaluate("scrollY"), 0)


def dark(pictures):
    page = pictures.open(scheme="dark")
    expect("the page", page.evaluate("getComputedStyle(document.querySelector('.page')).fill"), "rgb(20, 23, 29)")
    pictures.keep(page)


def hostile_names(pictures):
    page = pictures.open("hostile")
    names = [row["name"] for row in boxes(page)]
    expect("it is shown as it is called", HOSTILE in names, True)
    expect("it did nothing", page.evaluate("document.documentElement.id"), "")
    expect("no other script", page.evaluate("document.querySelectorAll('script').length"), 1)
    pictures.keep(page)


def nothing_loaded_and_nothing_said(pictures):
    for name in ("busy", "hostile"):
        page = pictures.open(name)
        page.click(frame("work"))
        page.press("Escape")
        expect(f"{name}: requests and messages", page.complaints(), [])


CASES = (without_scripts, zoom, search, keyboard, hover, low_window, dark, hostile_names, nothing_loaded_and_nothing_said)
