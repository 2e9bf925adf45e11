"""The set-up that the executables in `scripts/` do for themselves, once.

Only the standard library, and syntax an older Python can still read: this runs
before anything is installed, and its first task may be to find a newer Python.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
MINIMUM = (3, 11, 5)
TESTED = ("python3.13", "python3.12", "python3.11")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VALIDATOR = ROOT / ".portal" / "tools" / "vnu-26.9.27.jar"
VALIDATOR_PACKAGE = "vnu-jar@26.9.27"
VALIDATOR_SHA512 = (
    "4e441de4315f39a582f5e6edbe8cd3b2b1f655aa1dde3620faface791133217c"
    "417b12f3f7ead2d8336d8e7efe44f5226618258b44a0860057e9125135e6b428"
)
"""Of the package as npm publishes it; npm itself would take the registry's word."""


def run(module: str, *arguments: str) -> None:
    """Set up what is missing, then become `python -m module arguments` inside the environment."""
    python = prepare()
    os.chdir(str(ROOT))
    os.execv(str(python), [str(python), "-m", module, *arguments])


def prepare() -> Path:
    """Create `.venv` with the locked packages, unless nothing changed since the last time. Returns its Python."""
    python = VENV / "bin" / "python"
    ready = VENV / ".ready"
    wanted = _fingerprint()
    if _read(ready) == wanted:
        return python
    with open(str(ROOT / ".setup.lock"), "w") as lock:
        # Two terminals may start at once: the second one waits and then finds the work done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _read(ready) == wanted:
            return python
        _say(
            "Preparo l'ambiente in .venv: succede la prima volta e quando cambiano le dipendenze. Un paio di minuti…"
        )
        shutil.rmtree(str(VENV), ignore_errors=True)
        _do(
            [_find_python(), "-m", "venv", str(VENV)],
            "Su Debian e Ubuntu manca forse python3-venv: apt install python3-venv",
        )
        pip = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
        ]
        _do(
            [*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock")],
            "Controlla la connessione e riprova.",
        )
        _do(
            [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
            "Il file pyproject.toml è intero?",
        )
        ready.write_text(wanted)
    return python


def prepare_browser() -> None:
    """Install Chromium for the browser tests where that is possible. Says so when it is not; the tests then skip."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _say("Installo Chromium per le prove nel browser (apt)…")
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "chromium"],
        ):
            subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    else:
        _say("Scarico Chromium per le prove nel browser (playwright)…")
        subprocess.run(
            [str(VENV / "bin" / "playwright"), "install", "chromium"], stdout=subprocess.DEVNULL
        )


def prepare_validator() -> None:
    """Fetch the Nu HTML checker where there are Java to run it and npm to fetch it. Elsewhere its tests skip."""
    if VALIDATOR.is_file():
        return
    missing = [name for name in ("java", "npm") if not shutil.which(name)]
    if missing:
        _say("Senza " + " e ".join(missing) + " l'HTML delle pagine non si può controllare.")
        return
    _say("Scarico il controllore dell'HTML (30 MB)…")
    VALIDATOR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=str(VALIDATOR.parent)) as folder:
        fetch = ["npm", "pack", "--silent", VALIDATOR_PACKAGE]
        if subprocess.run(fetch, cwd=folder, stdout=subprocess.DEVNULL).returncode:
            _say("npm non lo ha scaricato: senza rete le prove dell'HTML si saltano.")
            return
        (package,) = Path(folder).glob("*.tgz")
        if hashlib.sha512(package.read_bytes()).hexdigest() != VALIDATOR_SHA512:
            sys.exit(f"{VALIDATOR_PACKAGE} non ha l'impronta attesa: non lo uso.")
        with tarfile.open(str(package)) as archive:
            packed = archive.extractfile("package/build/dist/vnu.jar")
            assert packed is not None, "a package of this hash has the file"
            jar = packed.read()
        unpacked = Path(folder) / VALIDATOR.name
        unpacked.write_bytes(jar)
        # Two runs may start at once: each puts a whole file in place.
        os.replace(str(unpacked), str(VALIDATOR))


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for part in (ROOT / "requirements.lock", ROOT / "pyproject.toml"):
        digest.update(part.read_bytes())
    # A virtual environment does not survive being moved, nor its Python being replaced.
    digest.update(f"{ROOT} {sys.version_info[:2]} {MINIMUM}".encode())
    return digest.hexdigest()


def _find_python() -> str:
    if MINIMUM <= sys.version_info[:3] < (3, 14):
        return sys.executable
    for name in TESTED:
        path = shutil.which(name)
        if path and _version_of(path) >= MINIMUM:
            return path
    if sys.version_info[:3] >= MINIMUM:
        return sys.executable
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(f"Serve Python 3.11.5 o più recente, e qui c'è {found}. Installalo e riprova.")


def _version_of(path: str) -> "tuple[int, ...]":
    script = "import sys; print(*sys.version_info[:3])"
    answer = subprocess.run([path, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return tuple(int(part) for part in answer.stdout.split()) if answer.returncode == 0 else (0,)


def _do(command: "list[str]", advice: str) -> None:
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode:
        tail = result.stdout.decode(errors="replace").strip().splitlines()[-15:]
        sys.exit(
            "\n".join(
                [*tail, "", "L'ambiente non è pronto: il comando qui sopra si è fermato. " + advice]
            )
        )


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
