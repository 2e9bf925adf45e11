"""The cache of the build: what is of no use any more goes, and nobody notices."""

import subprocess
import sys

from portal.cache import Cache

MEGABYTE = 1_000_000
GROWTH = """
import resource, sys
from pathlib import Path
from portal.cache import Cache
cache = Cache(Path(sys.argv[1]))
for number in range(12):
    cache.shelf(f"new {number}").put("key", b"value")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
cache.close()
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


def filled(folder, shelves):
    """A cache in which build after build has put ten megabytes of pages on a shelf of its own."""
    for name in shelves:
        cache = Cache(folder)
        shelf = cache.shelf(name)
        for number in range(400):
            shelf.put(str(number), bytes(25_000))
        cache.close()


def kept(folder, name):
    return Cache(folder).shelf(name).take("0") is not None


def test_shelves_that_nobody_has_used_for_long_go(tmp_path):
    """After many versions of the code the newest are there, and the file does not grow for ever."""
    names = [f"version {number}" for number in range(15)]
    filled(tmp_path, names)

    assert [name for name in names if kept(tmp_path, name)] == names[3:]


def test_what_goes_is_not_held_in_memory_on_its_way(tmp_path):
    """A new version leaves behind the pages of the old one: with thousands of stories, hundreds of megabytes."""
    filled(tmp_path, [f"version {number}" for number in range(12)])
    command = [sys.executable, "-c", GROWTH, str(tmp_path)]

    said = subprocess.run(command, check=True, capture_output=True, text=True)

    assert not kept(tmp_path, "version 0")
    assert int(said.stdout) < 30 * MEGABYTE
