"""What a case may need of the machine (NEEDS in golden and live cases), and why a machine does not have it.

    root                 privileges to trace
    kprobes              a kernel with kprobes (CONFIG_KPROBES)
    no-kprobes           a kernel without
    kernel:6.4           this version or newer
    before:7.0           an older one
    tracepoint:CAT:EVENT this event
    command:NAME         an executable in PATH
    program:GLOB         an executable file whose path matches
    loopdevice           a loop device to do block I/O on
"""
import glob
import os
import platform
import re
import shutil
import subprocess

TRACEFS = "/sys/kernel/tracing"


def version(text):
    return tuple(int(number) for number in re.findall(r"\d+", text)[:2])


def has_kprobes():
    return os.path.exists("/sys/bus/event_source/devices/kprobe")


def has_tracepoint(event):
    if not os.path.isdir(f"{TRACEFS}/events") and os.geteuid() == 0:
        subprocess.run(["mount", "-t", "tracefs", "tracefs", TRACEFS], capture_output=True)
    return os.path.isdir(f"{TRACEFS}/events/{event.replace(':', '/')}")


def explain(need):
    """Why this machine does not have it, or None."""
    kind, _, what = need.partition(":")
    if kind == "root":
        return None if os.geteuid() == 0 else "needs root"
    if kind == "kprobes":
        return None if has_kprobes() else "needs a kernel with kprobes (CONFIG_KPROBES)"
    if kind == "no-kprobes":
        return "needs a kernel without kprobes" if has_kprobes() else None
    if kind == "kernel":
        return None if version(platform.release()) >= version(what) else f"needs Linux {what}"
    if kind == "before":
        return None if version(platform.release()) < version(what) else f"needs a kernel before Linux {what}"
    if kind == "tracepoint":
        return None if has_tracepoint(what) else f"this kernel has no tracepoint `{what}`"
    if kind == "command":
        return None if shutil.which(what) else f"needs the command `{what}`"
    if kind == "program":
        return None if any(os.access(path, os.X_OK) for path in glob.glob(what)) else f"needs a program `{what}`"
    if kind == "loopdevice":
        subprocess.run(["modprobe", "-q", "loop"], capture_output=True)
        return None if subprocess.run(["losetup", "--find"], capture_output=True).returncode == 0 else "needs a loop device"
    raise ValueError(f"unknown requirement `{need}`")


def unmet(needs):
    """All the reasons, joined, or an empty string."""
    return "; ".join(reason for reason in map(explain, needs) if reason)
