"""The one file that others wrote: the bytes are those that were looked at."""

import hashlib
import re

from portal.admin import app

VENDOR = app.__file__.replace("app.py", "vendor")


def read(name: str) -> bytes:
    with open(f"{VENDOR}/{name}", "rb") as file:
        return file.read()


def test_the_bundle_is_byte_for_byte_the_one_that_was_taken():
    """Whoever changed it would be in every editor's browser, with the content folder open."""
    sums = dict(reversed(line.split("  ")) for line in read("SHA512SUMS").decode().splitlines())

    assert set(sums) == {"decap-cms.js", "LICENSE.txt", "THIRD_PARTY_LICENSES.txt"}
    assert {name: hashlib.sha512(read(name)).hexdigest() for name in sums} == sums


def test_the_version_that_is_written_beside_it_is_its_own():
    """Otherwise nobody could tell whether a known fault is in it."""
    version = re.match(r"# Decap CMS ([\d.]+)\n", read("README.md").decode())[1]

    assert f'console.log("decap-cms {version}")'.encode() in read("decap-cms.js")
