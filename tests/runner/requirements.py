"""What a case may need of the machine (NEEDS in golden and live cases), and why a machine does not have it.

    root                 privileges to trace
    kprobes              a kernel with kprobes (CONFIG_KPROBES)
    no-kprobes           a kernel without
    kernel:6.4           this version or newer
    before:5.13          an older version
    guest                a virtual machine of scripts/vm: what the case does to the machine cannot be undone
    no-pmu               a processor whose hardware counters cannot be used
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
        return None if version(platform.release()) < version(what) else f"needs Linux older than {what}"
    if kind == "guest":
        return None if platform.node() == "hawk-vm" else "needs a virtual machine of scripts/vm"
    if kind == "no-pmu":
        return "needs a machine without hardware counters" if os.path.exists("/sys/bus/event_source/devices/cpu") else None
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
