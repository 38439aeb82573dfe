"""Every model on every size with three contexts: a component is planned exactly where `fit` gives figures without an error."""

from itertools import product

from kaito_iac.catalog.load import models, sizes
from kaito_iac.errors import SpecError
from kaito_iac.problem import errors
from kaito_iac.resolve.workspace import resolve_workspace
from kaito_iac.sizing.fit import Query, fit
from kaito_iac.testing import record


def test_component_and_fit_agree() -> None:
    """Nodes, GPUs and context are the same as those of `fit`; what `fit` calls an error is refused; nothing else is raised."""
    apart: list[tuple[str, str, int, str]] = []
    asked = 0

    def program() -> None:
        nonlocal asked
        for model, size in product(models().values(), sizes()):
            for context in (2048, 8192, model.max_context_tokens):
                asked += 1
                answer = fit(Query(model=model.id, size=size, context=context))
                args = {"preset": model.id, "instance_type": size, "context": context, "access_secret": "hf", "max_nodes": 1000}
                try:
                    spec = resolve_workspace("chat", args)
                except SpecError as refusal:
                    if not errors(answer.problems):
                        apart.append((model.id, size, context, str(refusal)))
                    continue
                if errors(answer.problems) or (spec.nodes, spec.gpus) != (answer.nodes, answer.gpus):
                    apart.append((model.id, size, context, f"{spec.nodes} nodes, fit says {answer.nodes}"))

    record(program)
    assert apart == []
    assert asked == len(models()) * len(sizes()) * 3 == 10_260
