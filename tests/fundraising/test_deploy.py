"""What goes online: bundles that hold what they need, a template that names what exists."""

import importlib
import json
import os
import re
import runpy
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from fundraising.deploy.package import (
    LARGEST_WEB_BYTES,
    LOCK,
    MACHINE,
    WEB,
    WORKER,
    build,
    read_lock,
    size_of,
)
from fundraising.settings import read_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "fundraising" / "deploy"
BENCHMARK = ROOT / "tests" / "benchmarks" / "cold_start.py"


class Template(yaml.SafeLoader):
    """YAML as CloudFormation writes it, with its short forms."""


Template.add_multi_constructor("!", lambda loader, tag, node: (tag, node.value))


@pytest.fixture(scope="module")
def template():
    return yaml.load((DEPLOY / "template.yaml").read_text(encoding="utf-8"), Template)


@pytest.mark.parametrize("bundle", [WEB, WORKER, MACHINE], ids=lambda bundle: bundle.name)
def test_bundle_names_everything_its_packages_need(bundle):
    """
    Only requests stays out: Stripe's SDK does without.
    """
    needed = {
        need.name.lower().replace("_", "-")
        for name in bundle.packages
        for need in map(Requirement, requires(name) or ())
        if need.marker is None or need.marker.evaluate({"extra": ""})
    }

    assert needed - set(bundle.packages) == {"requests"}


def test_lock_has_what_the_bundles_need_with_hashes():
    lock = read_lock(LOCK.read_text(encoding="utf-8"))

    for bundle in (WEB, WORKER, MACHINE):
        for name in bundle.packages:
            assert "--hash=sha256:" in lock[name], name


def test_lock_is_read_entry_by_entry():
    lock = read_lock("a-b==1 \\\n    --hash=sha256:1\nC_d[x]==2 \\\n    --hash=sha256:2\n")

    assert lock == {
        "a-b": "a-b==1 \\\n    --hash=sha256:1\n",
        "c-d": "C_d[x]==2 \\\n    --hash=sha256:2\n",
    }


def test_template_names_functions_that_exist(template):
    for name, bundle in (("Web", WEB), ("Worker", WORKER)):
        function = template["Resources"][name]["Properties"]
        module, _, attribute = function["Handler"].rpartition(".")

        assert callable(getattr(importlib.import_module(module), attribute))
        assert function["CodeUri"] == f"../../build/functions/{bundle.name}"


def test_template_sets_settings_we_read_and_secrets_only_by_reference(template):
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    documented = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert set(variables) <= set(documented)
    for name in ("DATABASE_URL", "FORM_SECRET", "SMTP_URL", "STRIPE_SECRET_KEY",
                 "STRIPE_WEBHOOK_SECRET"):  # fmt: skip
        reference = f"{{{{resolve:secretsmanager:${{SecretName}}:SecretString:{name}}}}}"
        assert variables[name] == ("Sub", reference)


def test_function_starts_with_nothing_but_what_the_template_sets(template, tmp_path):
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    values = {
        "SITE_URL": "https://dona.example.org",
        "MAIL_FROM": "donazioni@example.org",
        "TRUSTED_PROXIES": "2",
        "CAMPAIGNS_FILE": "/var/task/campaigns.json",
        "DATA_DIR": "/tmp",
        "DATABASE_URL": "postgresql://db.example.org/giving",
        "SMTP_URL": "smtps://user:password@mail.example.org:465",
        "FORM_SECRET": "f" * 32,
        "STRIPE_SECRET_KEY": "rk_live_1",
        "STRIPE_WEBHOOK_SECRET": "whsec_1",
    }
    assert set(values) == set(variables)

    settings = read_settings(values | {"AWS_LAMBDA_FUNCTION_NAME": "giving-web"})

    assert settings.livemode
    assert settings.trusted_proxies == 2


def test_functions_may_do_nothing_but_write_their_own_log(template):
    roles = {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }
    assert set(roles) == {"WebRole", "WorkerRole"}
    for name, role in roles.items():
        [policy] = role["Policies"]
        [statement] = policy["PolicyDocument"]["Statement"]
        assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
        assert statement["Resource"] == ("GetAtt", f"{name.removesuffix('Role')}Log.Arn")
        assert "ManagedPolicyArns" not in role


def test_logs_end_and_hold_no_address_and_no_query(template):
    logs = [
        one["Properties"]
        for one in template["Resources"].values()
        if one["Type"] == "AWS::Logs::LogGroup"
    ]
    line = template["Resources"]["Api"]["Properties"]["AccessLogSettings"]["Format"]

    assert len(logs) == 3
    assert all("RetentionInDays" in log for log in logs)
    assert set(re.findall(r"\$context\.(\w+)", line)) == {
        "requestId", "requestTime", "routeKey", "httpMethod", "status", "responseLatency",
    }  # fmt: skip
    json.loads(line)


def test_template_is_one_cloudformation_accepts():
    """
    Asked of cfn-lint, which knows what a SAM template becomes.
    """
    result = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), DEPLOY / "template.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout


@pytest.mark.slow
def test_web_bundle_alone_answers_a_notification(tmp_path, postgres_url):
    """
    In a fresh interpreter with only that folder to import from, and small enough to start fast.
    """
    folder = tmp_path / "web"
    build(WEB, folder)
    (folder / "campaigns.json").write_text(
        '{"version": 1, "currency": "eur", "campaigns": [], "recipients": []}'
    )
    benchmark = runpy.run_path(str(BENCHMARK))
    program = (
        "import sys\n"
        f"sys.path = [{str(folder)!r}] + [one for one in sys.path if 'site-packages' not in one]\n"
        f"{benchmark['OURS']}\n"
        "import fundraising\n"
        f"assert fundraising.__file__.startswith({str(folder)!r}), fundraising.__file__\n"
        "handler = importlib.import_module('fundraising.entrypoints.lambda').handler\n"
        "event['requestContext']['http']['method'] = 'GET'\n"
        "event['rawPath'] = '/api/donate'\n"
        "page = handler(event, None)\n"
        "assert page['statusCode'] == 200 and 'campagne' in page['body'], page\n"
    )
    environment = benchmark["environment"](tmp_path, postgres_url) | {
        "CAMPAIGNS_FILE": str(folder / "campaigns.json"),
        "AWS_LAMBDA_FUNCTION_NAME": "giving-web",
        "SMTP_URL": "smtp://127.0.0.1:9",
    }
    from fundraising.store import open_store

    with open_store(postgres_url) as store:
        store.migrate()
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        input=benchmark["signed_event"](1),
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == 0, result.stderr.decode()
    assert size_of(folder) <= LARGEST_WEB_BYTES
    assert not list(folder.rglob("*.py"))
    assert os.access(ROOT / "scripts" / "package", os.X_OK)
