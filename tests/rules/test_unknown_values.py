"""KO413: values that the other rules cannot judge are reported."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.unknown_values import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")


def service(**inputs):
    return Resource("urn:s", "kubernetes:core/v1:Service", "web", None, inputs)


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(service(spec={"type": "ClusterIP"}), {}, [], id="everything known"),
        pytest.param(
            service(spec={"type": LATER, "ports": [{"port": LATER}]}),
            {},
            [
                "spec.type: unknown (set by an output); expected a value that rules can judge before the update "
                "[KO413]"
                "\n  fix: use a plain value",
                "spec.ports[0].port: unknown (set by an output); expected a value that rules can judge before "
                "the update [KO413]"
                "\n  fix: use a plain value",
            ],
            id="two values",
        ),
        pytest.param(
            service(spec=LATER, status=LATER, id=LATER, __x=LATER),
            {},
            [
                "spec: unknown (set by an output); expected a value that rules can judge before the update "
                "[KO413]"
                "\n  fix: use a plain value"
            ],
            id="what the cluster writes does not count",
        ),
        pytest.param(
            service(a=LATER, b=LATER),
            {"most": 2},
            [
                "a: unknown (set by an output); expected a value that rules can judge before the update [KO413]"
                "\n  fix: use a plain value",
                "b: unknown (set by an output); expected a value that rules can judge before the update [KO413]"
                "\n  fix: use a plain value",
            ],
            id="exactly as many as are reported",
        ),
        pytest.param(
            service(a=LATER, b=LATER, c=LATER),
            {"most": 2},
            [
                "a: unknown (set by an output); expected a value that rules can judge before the update [KO413]"
                "\n  fix: use a plain value",
                "b: unknown (set by an output); expected a value that rules can judge before the update [KO413]"
                "\n  fix: use a plain value",
                "web: 1 more values that are not known; expected values that rules can judge [KO413]",
            ],
            id="one more",
        ),
        pytest.param(service(spec=[7, None, "x"]), {}, [], id="values of a wrong type are known"),
        pytest.param(
            service(),
            {"most": 0},
            ["unknown-values.most: 0; expected at least 1 [KO413]\n  fix: correct the policy configuration"],
            id="settings out of bounds",
        ),
    ],
)
def test_unknown_values(told, resources, settings, said):
    """What is not known is listed, so that a rule that lets it pass hides nothing."""
    assert told(RULE, [resources], settings) == said
