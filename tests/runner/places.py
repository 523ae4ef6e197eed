"""Golden and live cases run once more with every clause in the kernel, and once more with every clause inside hawk: the same
program on both targets prints the same. A program that only one of them can run is refused there, and counts once."""
import os
import shlex
import stat

PLACES = ("kernel", "host")
REFUSAL = "cannot run this clause"  # diagnostics NotInKernel and NotOnHost


def is_refused(stderr):
    return REFUSAL in (stderr if isinstance(stderr, str) else stderr.decode(errors="replace"))


def shim(directory, hawk, options):
    """A directory for PATH whose `hawk` runs with these options (shell) in front of its own."""
    os.makedirs(directory, exist_ok=True)
    path = f"{directory}/hawk"
    with open(path, "w") as file:
        file.write(f'#!/bin/sh\nexec {shlex.quote(hawk)} {options} "$@"\n')
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return directory
