"""Imports run one way: what is written below may not reach back up."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "scripts" / "portal"
FUNDRAISING = ROOT / "fundraising"
PURE = {
    "model": {"portal.model"},
    "readers": {"portal.model", "portal.readers"},
    "editorial": {"portal.model", "portal.readers", "portal.editorial"},
    "writers": {"portal.model", "portal.writers"},
}


def imports_of(file: Path) -> set[str]:
    """Every module that *file* imports, wherever in it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    return names | {
        node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }


@pytest.mark.parametrize("layer", PURE)
def test_a_layer_imports_only_what_is_below_it(layer):
    """Readers and writers know the model, the model knows nobody, and none of them knows MkDocs."""
    files = sorted((PORTAL / layer).rglob("*.py"))
    strays = {
        f"{file.name}: {name}"
        for file in files
        for name in imports_of(file)
        if name.split(".")[0] in ("portal", "mkdocs", "fundraising")
        and not any(name == allowed or name.startswith(f"{allowed}.") for allowed in PURE[layer])
    }

    assert files
    assert strays == set()


def test_one_module_of_the_site_is_told_how_mkdocs_works():
    """A change of engine then touches that one, and those that start a build or ask its settings."""
    knowing = {
        file.relative_to(PORTAL).as_posix()
        for file in PORTAL.rglob("*.py")
        if any(name.split(".")[0] == "mkdocs" for name in imports_of(file))
    }

    assert knowing == {
        "mkdocs_hooks.py", "mkdocs_pages.py", "build.py", "server.py",
        "commands/publishing.py", "commands/console.py",
    }  # fmt: skip


def test_the_site_and_the_giving_share_no_code():
    """They meet in campaigns.json and totals.json, so that each can be deployed alone."""
    across = {
        str(file.relative_to(ROOT))
        for package, other in ((PORTAL, "fundraising"), (FUNDRAISING, "portal"))
        for file in package.rglob("*.py")
        if any(name.split(".")[0] == other for name in imports_of(file))
    }

    assert across == set()


def test_one_package_imports_the_stripe_sdk():
    """
    Stripe's words are translated in one room. The sandbox stands on the other
    side: it reads the SDK's types to know what Stripe would accept.
    """
    knowing = {
        file.relative_to(FUNDRAISING).parts[0]
        for file in FUNDRAISING.rglob("*.py")
        if any(name.split(".")[0] == "stripe" for name in imports_of(file))
    }

    assert knowing == {"stripe_gateway", "sandbox"}
