"""What a benchmark tells of the machine and the versions, and how it says what it is doing."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys


def machine() -> dict[str, object]:
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "platform": platform.platform(),
    }


def version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unreleased"


def say(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)
    else:
        print(what, file=sys.stderr, flush=True)


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as told:
            models = [line.partition(":")[2].strip() for line in told if "model name" in line]
    except OSError:
        models = []
    return models[0] if models else platform.processor() or platform.machine()
