"""The command `explain`: what a code, a component or its argument, a preset, a model or a size is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kaito_iac.catalog.find import did_you_mean, find_model, find_size, nearest, sizes_with_gpu
from kaito_iac.cli.reply import Reply, refusal
from kaito_iac.cli.table import facts, prose
from kaito_iac.cli.terminal import Page
from kaito_iac.code import CODES
from kaito_iac.explain.name import component_names, explainable
from kaito_iac.presets.files import find_file
from kaito_iac.problem import Problem
from kaito_iac.project_url import page_url
from kaito_iac.spelling import snake

if TYPE_CHECKING:
    from kaito_iac.components.reference_page import Line
    from kaito_iac.explain.code import CodeExplanation
    from kaito_iac.explain.component import ComponentExplanation

CODE: Final = re.compile(r"K[SQNO]\d{3}", re.IGNORECASE)
WHAT: Final = "a code, COMPONENT[.argument], preset, model or VM size"
UNKNOWN: Final = "KS101"


def explain(name: str) -> Reply:
    """Explain a name; one that does not exist is refused with the nearest ones."""
    if CODE.fullmatch(name):
        return _code(name.upper())
    first, *arguments = name.split(".")
    if first.lower() in component_names():
        return _component(first, arguments)
    return _dictionary(name) or _catalogue(name) or _rule(name) or _unknown(name, explainable())


def _code(code: str) -> Reply:
    from kaito_iac.explain.code import explain_code

    if code not in CODES:
        same = tuple(one for one in CODES if one[:2] == code[:2])
        return _unknown(code, same)
    found = explain_code(code)
    data = {"explains": "code", **found.as_json(), "url": page_url("reference/codes.md", code.lower())}
    return Reply(data=data, text=lambda page: code_text(found, page))


def code_text(found: CodeExplanation, page: Page) -> str:
    """Return a code with what it means, why, an example and the fix; a manifest follows, indented."""
    rows = [("" if index else "means", sentence) for index, sentence in enumerate(found.meaning)]
    rows.append(("why", found.why))
    manifest = "\n" in found.example
    rows += [] if manifest else [("example", found.example)]
    rows.append(("fix", found.fix))
    rows += [("policies", ", ".join(found.policies))] if found.policies else []
    where = f"\nReference: {page_url('reference/codes.md', found.code.lower())}\n"
    text = facts(f"{found.code}: {found.title}", rows, page)
    if not manifest:
        return text + where
    shown = "".join(f"    {line}\n" for line in found.example.splitlines())
    paragraph = prose(f"`kaito-iac check` says of it: {found.message}", page)
    return f"{text}\nA manifest that provokes it:\n\n{shown}\n{paragraph}{where}"


def _component(name: str, arguments: Sequence[str]) -> Reply:
    from kaito_iac.explain.component import NotThere, explain_component

    try:
        found = explain_component(name, tuple(arguments))
    except NotThere as error:
        message = f"{error.path} has no argument or output {error.name!r}"
        near = did_you_mean(tuple(f"{error.path}.{one}" for one in error.near))
        return refusal(
            "explain", [Problem("KS102", error.name, message, f"one of {', '.join(dict.fromkeys(error.known))}", near)]
        )
    return _explained(found)


def _explained(found: ComponentExplanation) -> Reply:
    page = f"reference/components/{found.page}.md" if found.page else ""
    data = {"explains": "component", **found.as_json(), "url": page_url(page) if page else None}
    return Reply(data=data, text=lambda shown: component_text(found, shown, page))


def component_text(found: ComponentExplanation, page: Page, where: str) -> str:
    """Return a component or an argument with what is inside it."""
    rows = _line_rows(found.line) if found.line is not None else []
    message = " ".join(found.about.split("\n\n")[0].split())
    parts = [facts(found.path, [*([("", message)] if message else []), *rows], page)]
    if found.inside:
        parts.append(facts("Arguments", [(one.name, _argument(one)) for one in found.inside], page))
    if found.outputs:
        rows = [(name, f"{plain(kind)}. {text}".strip()) for name, (kind, text) in found.outputs.items()]
        parts.append(facts("Outputs", rows, page))
    return "\n".join([*parts, *([f"Reference: {page_url(where)}\n"] if where else [])])


def _line_rows(line: Line) -> list[tuple[str, str]]:
    rows = [("", line.text), ("type", plain(line.type)), ("default", line.default), ("unit", line.unit)]
    return [row for row in [*rows, ("example", line.example)] if row[1]]


def _argument(line: Line) -> str:
    need = "Required. " if line.default == "required" else ""
    default = f" Default: {line.default}." if line.default not in ("", "required") else ""
    return f"{need}{line.text}{default} ({plain(line.type)})"


def plain(kind: str) -> str:
    """Return a type without the link and the marks of the reference page."""
    from kaito_iac.explain.component import LINK

    return LINK.sub(r"\1", kind).replace("`", "")


def _dictionary(name: str) -> Reply | None:
    """Explain a dictionary of arguments by its class name, such as PartitionArgs."""
    if not name.endswith("Args"):
        return None
    from kaito_iac.explain.component import explain_args

    found = explain_args(name)
    return None if found is None else _explained(found)


def _catalogue(name: str) -> Reply | None:
    """Explain a preset, a model or a size as the command of its kind shows it."""
    kind, found = "", None
    if find_file(name) is not None:
        from kaito_iac.cli.preset_list import show_preset

        kind, found = "preset", show_preset(name)
    elif find_model(name) is not None:
        from kaito_iac.cli.model_list import show_model

        kind, found = "model", show_model(name)
    elif find_size(name) is not None:
        from kaito_iac.cli.size_list import show_size

        kind, found = "size", show_size(name)
    if found is None:
        return None
    data = found.data() if callable(found.data) else found.data
    return replace(found, data={"explains": kind, **data})


def _rule(name: str) -> Reply | None:
    """Explain the code of a policy rule by the name that a pack has for it."""
    from kaito_iac.rules.shipped import NAMES, shipped_rules

    codes = [rule.code for pack in NAMES for rule in shipped_rules(pack) if rule.name == name]
    return _code(codes[0]) if codes else None


def _arguments(name: str) -> list[str]:
    """Return an argument that is named without its component as each component that has it is asked for it."""
    key = snake(name)
    if not key.isidentifier():
        return []
    from kaito_iac.kinds.rows import args_of, keys_of  # loads the Pulumi SDK

    return [f"{one}.{key}" for one in component_names().values() if key in keys_of(args_of(one))]


def _unknown(name: str, known: Sequence[str]) -> Reply:
    holders = _arguments(name)
    near = f"name its component: {', '.join(holders)}" if holders else did_you_mean(nearest(name, tuple(known)))
    product = sizes_with_gpu(name)
    near = f"{did_you_mean(product[:3])} kaito-iac sizes --gpu {name} lists all" if product else near
    fix = near or f"names are in `kaito-iac presets`, `models` and `sizes`, codes in {page_url('reference/codes.md')}"
    return refusal("explain", [Problem(UNKNOWN, "name", f"{name!r} is unknown", WHAT, fix)])
