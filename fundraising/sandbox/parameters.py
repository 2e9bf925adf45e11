"""Parameters: from a form body to values, checked against the SDK's own types.

Stripe refuses a parameter it does not know. The types of the installed SDK say
which ones it knows, so a misspelt or removed parameter fails here as it would
there, in every depth.
"""

import importlib
import re
import sys
import types
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from stripe._request_options import RequestOptions
from typing_extensions import is_typeddict

from fundraising.sandbox.errors import Refusal

KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


def decoded(fields: list[tuple[str, str]]) -> dict[str, Any]:
    """Return nested values from form fields such as `line_items[0][quantity]`."""
    tree: dict[str, Any] = {}
    for key, value in fields:
        match = KEY.match(key)
        if match is None:
            raise Refusal(f"Invalid request: cannot read the parameter name {key}", param=key)
        names = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        node = tree
        for name in names[:-1]:
            node = node.setdefault(name or str(len(node)), {})
            if not isinstance(node, dict):
                raise Refusal(f"Invalid request: {key} is both a value and a group", param=key)
        node[names[-1] or str(len(node))] = value
    return {name: _lists(value) for name, value in tree.items()}


def checked(params: dict[str, Any], declaration: str) -> dict[str, Any]:
    """Return the values with their types, or refuse the first that does not fit.

    *declaration* names a class in `stripe.params`, such as
    `checkout.SessionCreateParams`.
    """
    return _fields(params, _declaration(declaration), "")


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isdigit() for name in value):
        return [_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _lists(inner) for name, inner in value.items()}


def _fields(params: dict[str, Any], declaration: type, at: str) -> dict[str, Any]:
    hints = _hints(declaration)
    result = {}
    for name, value in params.items():
        path = f"{at}[{name}]" if at else name
        if name not in hints:
            raise Refusal(f"Received unknown parameter: {path}", "parameter_unknown", path)
        result[name] = _value(value, hints[name], path)
    return result


def _value(value: Any, hint: Any, path: str) -> Any:
    options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    for option in options:
        if is_typeddict(option) and isinstance(value, dict):
            return _fields(value, option, path)
        if get_origin(option) is list and isinstance(value, list):
            (element,) = get_args(option)
            return [_value(v, element, f"{path}[{i}]") for i, v in enumerate(value)]
        if get_origin(option) is dict and isinstance(value, dict):
            return {name: str(inner) for name, inner in value.items()}
    if isinstance(value, dict | list):
        raise Refusal(f"Invalid value for {path}", "parameter_invalid_string", path)
    if int in options:
        if not re.fullmatch(r"-?\d+", value):
            raise Refusal(f"Invalid integer: {value}", "parameter_invalid_integer", path)
        return int(value)
    if bool in options:
        if value not in ("true", "false"):
            raise Refusal(f"Invalid boolean: {value}", "parameter_invalid_boolean", path)
        return value == "true"
    choices = [choice for o in options if get_origin(o) is Literal for choice in get_args(o)]
    # An empty word beside any other only says that the parameter can be emptied.
    if any(choices) and value not in choices:
        raise Refusal(f"Invalid {path}: must be one of {', '.join(choices)}", param=path)
    if str in options or choices:
        return value
    if value == "":
        return ""
    raise Refusal(f"Invalid object: {path} takes named values", "parameter_invalid_object", path)


@cache
def _declaration(name: str) -> type:
    package, _, class_name = f"stripe.params.{name}".rpartition(".")
    declaration: type = getattr(importlib.import_module(package), class_name)
    return declaration


@cache
def _hints(declaration: type) -> dict[str, Any]:
    """Return the types of a declaration's own fields, without the SDK's call options."""
    own = {
        name: annotation
        for name, annotation in declaration.__annotations__.items()
        if name not in RequestOptions.__annotations__
    }
    holder = type("Holder", (), {"__annotations__": own})
    return get_type_hints(holder, globalns=vars(sys.modules[declaration.__module__]))
