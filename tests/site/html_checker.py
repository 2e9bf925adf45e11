"""The Nu HTML checker, as `./scripts/test` has set it up."""

import json
import shutil
import subprocess
from pathlib import Path

from portal.environment import VALIDATOR


def why_it_cannot_check() -> str | None:
    """What is missing, or nothing."""
    if not shutil.which("java"):
        return "Java is not installed: no page was checked for valid HTML"
    if not VALIDATOR.is_file():
        return (
            "./scripts/test could not fetch the Nu HTML checker: no page was checked for valid HTML"
        )
    started = subprocess.run(
        ["java", "-jar", VALIDATOR, "--version"], capture_output=True, text=True
    )
    if started.returncode:
        return f"the Nu HTML checker needs a newer Java: {started.stderr.splitlines()[0]}"
    return None


def errors_in(*files: Path, kind: str = "html") -> list[tuple[str, int, str]]:
    """Where and why *files*, or those under a folder, are not valid *kind*."""
    # The checker lives for seconds: Java need not prepare for more.
    command = ["java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", VALIDATOR]
    command += ["--errors-only", "--no-langdetect", "--format", "json", f"--skip-non-{kind}"]
    result = subprocess.run([*command, *files], capture_output=True, text=True)
    return [
        (
            message.get("url", "").removeprefix("file:"),
            message.get("lastLine", 0),
            message["message"],
        )
        for message in json.loads(result.stderr)["messages"]
    ]
