"""KO408: one owner hands out the GPUs of a cluster."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.device_plugin import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")


def chart(name, chart, kind="v3:Release", **values):
    repo = {"repo": "https://kaito-project.github.io/kaito/charts/kaito"} if chart == "workspace" else {}
    return Resource(
        f"urn:{name}", f"kubernetes:helm.sh/{kind}", name, None, {"chart": chart, "repositoryOpts": repo, "values": values}
    )


def kaito(**values):
    return chart("kaito", "workspace", **values)


def gpu_operator(**values):
    return chart("gpus", "gpu-operator", **values)


def pool(mode):
    profile = {"nvidia": {"managementMode": mode}}
    return Resource("urn:p", "azure-native:containerservice:AgentPool", "a100", None, {"gpuProfile": profile})


def daemon_set(name, parent=None):
    return Resource(f"urn:{name}", "kubernetes:apps/v1:DaemonSet", "ds", parent, {"metadata": {"name": name}})


OFF = {"nvidiaDevicePlugin": {"enabled": False}}


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param([], {}, [], id="no one"),
        pytest.param([kaito()], {}, [], id="KAITO alone"),
        pytest.param(
            [kaito(), gpu_operator()],
            {},
            [
                "stack: device plugins of kaito (KAITO), gpus (GPU operator); expected one owner [KO408]"
                "\n  fix: switch off all but one, such as KAITO's by nvidiaDevicePlugin.enabled=false"
            ],
            id="KAITO and the GPU operator",
        ),
        pytest.param([kaito(**OFF), gpu_operator()], {}, [], id="KAITO's is off"),
        pytest.param([kaito(), gpu_operator(devicePlugin={"enabled": False})], {}, [], id="the operator's is off"),
        pytest.param(
            [kaito(), pool("Managed")],
            {},
            [
                "stack: device plugins of AKS, kaito (KAITO); expected one owner [KO408]"
                "\n  fix: switch off all but one, such as KAITO's by nvidiaDevicePlugin.enabled=false"
            ],
            id="KAITO and AKS",
        ),
        pytest.param([kaito(), pool("Unmanaged")], {}, [], id="AKS leaves it to others"),
        pytest.param(
            [kaito(), daemon_set("nvidia-device-plugin-daemonset")],
            {},
            [
                "stack: device plugins of kaito (KAITO), DaemonSet ds; expected one owner [KO408]"
                "\n  fix: switch off all but one, such as KAITO's by nvidiaDevicePlugin.enabled=false"
            ],
            id="KAITO and a DaemonSet",
        ),
        pytest.param([kaito(), daemon_set("logs")], {}, [], id="another DaemonSet"),
        pytest.param([kaito(), daemon_set("nvidia-device-plugin-daemonset", "urn:kaito")], {}, [], id="its own DaemonSet"),
        pytest.param(
            [gpu_operator(), chart("plugin", "nvidia-device-plugin")],
            {},
            [
                "stack: device plugins of gpus (GPU operator), plugin (nvidia-device-plugin); expected one owner "
                "[KO408]"
                "\n  fix: switch off all but one, such as KAITO's by nvidiaDevicePlugin.enabled=false"
            ],
            id="two charts without KAITO",
        ),
        pytest.param(
            [kaito(), gpu_operator(), pool("Managed")],
            {},
            [
                "stack: device plugins of AKS, kaito (KAITO), gpus (GPU operator); expected one owner [KO408]"
                "\n  fix: switch off all but one, such as KAITO's by nvidiaDevicePlugin.enabled=false"
            ],
            id="three",
        ),
        pytest.param(
            [
                kaito(),
                Resource("urn:c", "kubernetes:helm.sh/v4:Chart", "gpus", None, {"resources": []}),
                daemon_set("nvidia-device-plugin", "urn:c"),
            ],
            {},
            [
                "stack: device plugins of kaito (KAITO), gpus; expected one owner [KO408]"
                "\n  fix: switch off all but one, such as KAITO's by nvidiaDevicePlugin.enabled=false"
            ],
            id="a chart of which only the parts are seen",
        ),
        pytest.param(
            [kaito(), gpu_operator(devicePlugin={"enabled": LATER})],
            {},
            ["gpus (GPU operator): unknown (set by an output); expected a device plugin that is on or off [KO408]"],
            id="a switch that is not known",
        ),
        pytest.param(
            [kaito(), gpu_operator(devicePlugin={"enabled": LATER})], {"onUnknown": "warn"}, [], id="left to unknown-values"
        ),
        pytest.param([kaito(**OFF), gpu_operator(devicePlugin={"enabled": LATER})], {}, [], id="one that does not matter"),
        pytest.param(
            [kaito(), pool(LATER)],
            {},
            ["AKS: unknown (gpuProfile: set by an output); expected a device plugin that is on or off [KO408]"],
            id="a mode that is not known",
        ),
        pytest.param(
            [kaito(), chart("x", LATER)],
            {},
            ["x: unknown (set by an output); expected a device plugin that is on or off [KO408]"],
            id="a chart that is not known",
        ),
        pytest.param(
            [kaito(), daemon_set(LATER)],
            {},
            ["DaemonSet ds: unknown (set by an output); expected a device plugin that is on or off [KO408]"],
            id="a name that is not known",
        ),
        pytest.param(
            [kaito(nvidiaDevicePlugin="off"), gpu_operator()],
            {},
            [
                "kaito (KAITO): unknown (nvidiaDevicePlugin is a text, not a mapping); expected a device plugin "
                "that is on or off [KO408]"
            ],
            id="a text for the switch",
        ),
        pytest.param(
            [kaito()],
            {"owners": 1},
            ["device-plugin.owners: an unknown key; expected one of onUnknown [KO408]\n  fix: correct the policy configuration"],
            id="an unknown setting",
        ),
    ],
)
def test_device_plugin(told, resources, settings, said):
    """Two owners of device plugins, or one and perhaps another, stop the stack."""
    assert told(RULE, resources, settings) == said
