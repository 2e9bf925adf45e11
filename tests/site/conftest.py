"""A real browser, and the portal at work for it to visit."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.built_pages import BuiltPage, read_site
from tests.site.html_checker import errors_in, why_it_cannot_check
from tests.site.static_host import host_of

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",  # the tests may run as root, in a container
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, playwright):
    """Start the system's Chromium, or Playwright's own. Without one the browser tests cannot say anything."""
    installed = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if installed is None and not Path(playwright.chromium.executable_path).exists():
        reason = "Chromium is not installed and could not be: no browser test has run"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    given = {"executable_path": installed} if installed else {}
    return {**browser_type_launch_args, **given, "args": QUIET}


@pytest.fixture(scope="session")
def built_site(tmp_path_factory) -> Path:
    """The site as `./scripts/build` writes it."""
    out = tmp_path_factory.mktemp("built") / "site"
    command = [sys.executable, "-m", "portal.cli", "build", "--out", str(out)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return out


@pytest.fixture(scope="session")
def built_pages(built_site) -> list[BuiltPage]:
    """Every page of the built site."""
    return read_site(built_site)


@pytest.fixture(scope="session")
def site_url(built_site) -> Iterator[str]:
    """The address of the built site, on a host that sends the headers it asks for."""
    with host_of(built_site) as url:
        yield url


@pytest.fixture(scope="session")
def errors_of():
    """The Nu HTML checker: a function from files to their errors. Without Java there is none."""
    reason = why_it_cannot_check()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    return errors_in


@pytest.fixture(scope="session")
def portal_state(tmp_path_factory) -> Path:
    """Where the portal under test keeps its last build and its books."""
    return tmp_path_factory.mktemp("portal") / "state"


@pytest.fixture(scope="session")
def portal_url(portal_state) -> Iterator[str]:
    """The address of the portal, started as `./scripts/serve` does, with books of its own."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = portal_state.with_name("serve.log")
    command = [sys.executable, "-m", "portal.cli", "serve"]
    command += ["--port", str(port), "--state", str(portal_state)]
    with log.open("w") as printed:
        process = subprocess.Popen(command, cwd=ROOT, stdout=printed, stderr=subprocess.STDOUT)
        try:
            wait_for(f"{url}/api/healthz", process, log)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen, log: Path, seconds: int = 90) -> None:
    """Wait until *url* answers 200. Fails with what the process printed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"{url} did not answer:\n{log.read_text()}")


def euros_shown(text: str) -> int:
    """The first amount of a text, in cents: «1.250,50 €» is 125050."""
    whole, cents = re.search(r"([\d.]+)(?:,(\d\d))?\s*€", text).groups()
    return int(whole.replace(".", "")) * 100 + int(cents or 0)
