"""Shows one page in Qt WebEngine, offscreen: `start.py qtwebengine.show FOLDER ADDRESS FLAG...`.

It needs PySide6, and runs until it is killed. FLAGs are Chromium's own. Nothing is kept: the
profile is off the record, and what Qt writes nevertheless goes to FOLDER.
"""

from __future__ import annotations

import importlib
import os
import sys


def main() -> None:
    """Tells the version, or shows the page."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    if "--version" in sys.argv:
        core = importlib.import_module("PySide6.QtWebEngineCore")
        print(f"{core.qWebEngineVersion()} (Chromium {core.qWebEngineChromiumVersion()})")
        return
    folder, address, *flags = sys.argv[2:]
    os.chdir(folder)
    raise SystemExit(_show(address, flags))


def _show(address: str, flags: list[str]) -> int:
    core = importlib.import_module("PySide6.QtWebEngineCore")
    widgets = importlib.import_module("PySide6.QtWebEngineWidgets")
    arguments = ["show", "--webEngineArgs", *flags]
    application = importlib.import_module("PySide6.QtWidgets").QApplication(arguments)
    url = importlib.import_module("PySide6.QtCore").QUrl(address)
    profile = core.QWebEngineProfile()  # it has to live as long as the view
    view = widgets.QWebEngineView(profile)
    view.load(url)
    # A page that nobody sees would have its timers slowed down.
    view.show()
    return int(application.exec())
