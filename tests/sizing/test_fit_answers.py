"""The answer before the purchase, whole."""

from __future__ import annotations

from typing import Any

import pytest

from kaito_iac.sizing.fit import Query, fit

REFUSED = "refused: see problems"
PART = "a MIG slice is part of a node of yours"
FIGURES = (
    "nodes",
    "gpus",
    "tensorParallel",
    "pipelineParallel",
    "dataParallel",
    "cacheTokens",
    "maxContextTokens",
    "fullRequests",
    "vcpus",
    "usdPerHour",
    "usdPerMonth",
)
NOTHING: dict[str, Any] = {
    "cloud": "azure",
    "region": "eastus",
    "contextTokens": 2048,
    **dict.fromkeys((*FIGURES, "gpuModel", "readyMinutes", "diskGiB", "vcpuFamily")),
    "unknown": {},
    "problems": [],
}


def problem(code: str, path: str, found: str, accepted: str, fix: str, severity: str = "error") -> dict[str, str]:
    return {"code": code, "path": path, "found": found, "accepted": accepted, "fix": fix, "severity": severity}


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        pytest.param(
            Query(model="phi-4-mini-instruct", size="Standard_NC24ads_A100_v4"),
            {
                "model": "microsoft/phi-4-mini-instruct",
                "size": "Standard_NC24ads_A100_v4",
                "cloud": "azure",
                "region": "eastus",
                "contextTokens": 2048,
                "nodes": 1,
                "gpus": 1,
                "gpuModel": "NVIDIA A100",
                "tensorParallel": 1,
                "pipelineParallel": 1,
                "dataParallel": 1,
                "cacheTokens": 468929,
                "maxContextTokens": 131072,
                "fullRequests": 3.5,
                "readyMinutes": 30.0,
                "diskGiB": 87,
                "vcpus": 24,
                "vcpuFamily": "StandardNCADSA100v4Family",
                "usdPerHour": 3.673,
                "usdPerMonth": 2681.29,
                "unknown": {},
                "problems": [],
            },
            id="nothing to say against it",
        ),
        pytest.param(
            Query(model="deepseek-r1-0528", size="Standard_ND96isr_H200_v5"),
            {
                "model": "deepseek-ai/deepseek-r1-0528",
                "size": "Standard_ND96isr_H200_v5",
                "cloud": "azure",
                "region": "eastus",
                "contextTokens": 2048,
                "nodes": 1,
                "gpus": 8,
                "gpuModel": "NVIDIA H200",
                "tensorParallel": 8,
                "pipelineParallel": 1,
                "dataParallel": 1,
                "cacheTokens": 462763,
                "maxContextTokens": 163840,
                "fullRequests": 2.8,
                "readyMinutes": 180.0,
                "diskGiB": 721,
                "vcpus": 96,
                "vcpuFamily": "standardNDISRH200V5Family",
                "usdPerHour": None,
                "usdPerMonth": None,
                "unknown": {
                    "usdPerHour": "no list price on record for Standard_ND96isr_H200_v5 in eastus",
                    "usdPerMonth": "no list price on record for Standard_ND96isr_H200_v5 in eastus",
                },
                "problems": [],
            },
            id="a price that no one states",
        ),
        pytest.param(
            Query(model="phi-4-mini-instruct", size="2g.24gb"),
            {
                "model": "microsoft/phi-4-mini-instruct",
                "size": "2g.24gb",
                "cloud": None,
                "region": None,
                "contextTokens": 2048,
                "nodes": 1,
                "gpus": 1,
                "gpuModel": "nvidia.com/mig-2g.24gb",
                "tensorParallel": 1,
                "pipelineParallel": 1,
                "dataParallel": 1,
                "cacheTokens": 83577,
                "maxContextTokens": 83577,
                "fullRequests": 1.0,
                "readyMinutes": 30.0,
                "diskGiB": 87,
                "vcpus": None,
                "vcpuFamily": None,
                "usdPerHour": None,
                "usdPerMonth": None,
                "unknown": {"vcpus": PART, "vcpuFamily": PART, "usdPerHour": PART, "usdPerMonth": PART},
                "problems": [],
            },
            id="a MIG slice",
        ),
        pytest.param(
            Query(model="Llama-3.3-70B-Instruct", size="standard_nc48ads_a100_v4", context=16384, region="westus3"),
            {
                "model": "meta-llama/llama-3.3-70b-instruct",
                "size": "Standard_NC48ads_A100_v4",
                "cloud": "azure",
                "region": "westus3",
                "contextTokens": 16384,
                "nodes": 2,
                "gpus": 4,
                "gpuModel": "NVIDIA A100",
                "tensorParallel": 2,
                "pipelineParallel": 2,
                "dataParallel": 1,
                "cacheTokens": 389444,
                "maxContextTokens": 131072,
                "fullRequests": 2.9,
                "readyMinutes": 54.426,
                "diskGiB": 211,
                "vcpus": 96,
                "vcpuFamily": "StandardNCADSA100v4Family",
                "usdPerHour": 14.692,
                "usdPerMonth": 10725.16,
                "unknown": {},
                "problems": [
                    problem(
                        "KS211",
                        "size",
                        "'standard_nc48ads_a100_v4' is not the canonical case: KAITO sizes it and never finds its nodes ready",
                        "'Standard_NC48ads_A100_v4'",
                        "write Standard_NC48ads_A100_v4",
                    ),
                    problem(
                        "KS204",
                        "model",
                        "meta-llama/llama-3.3-70b-instruct is gated: its weights are downloaded with a token of a user who "
                        "accepted the licence",
                        "",
                        "give the Workspace access_secret, a Secret with the key HF_TOKEN",
                        "info",
                    ),
                ],
            },
            id="figures beside an error, and a remark",
        ),
        pytest.param(
            Query(model="phi-4", size="Standard_NC24ads_A100_v4", context=32768),
            {
                **NOTHING,
                "model": "microsoft/phi-4",
                "size": "Standard_NC24ads_A100_v4",
                "contextTokens": 32768,
                "gpuModel": "NVIDIA A100",
                "readyMinutes": 30.0,
                "diskGiB": 107,
                "vcpuFamily": "StandardNCADSA100v4Family",
                "unknown": dict.fromkeys(FIGURES, REFUSED),
                "problems": [
                    problem(
                        "KS203",
                        "context",
                        "32768",
                        "at most 16384, the limit of microsoft/phi-4",
                        "leave context out, or set at most 16384",
                    )
                ],
            },
            id="a context beyond the limit",
        ),
        pytest.param(
            Query(model="phi-3-mini-128k-instruct", size="Standard_NV36ads_A10_v5", context=131072),
            {
                **NOTHING,
                "model": "microsoft/phi-3-mini-128k-instruct",
                "size": "Standard_NV36ads_A10_v5",
                "contextTokens": 131072,
                "gpuModel": "NVIDIA A10",
                "readyMinutes": 30.0,
                "diskGiB": 87,
                "vcpuFamily": "StandardNVADSA10v5Family",
                "unknown": dict.fromkeys(FIGURES, REFUSED),
                "problems": [
                    problem(
                        "KS202",
                        "size",
                        "each GPU of Standard_NV36ads_A10_v5 has 24.0 GiB, 20.2 of them usable, and 131072 tokens of context "
                        "reserve 50.3 GiB (overhead 2.3, KV cache 48.0)",
                        "a size that holds the model",
                        "see `kaito-iac fit phi-3-mini-128k-instruct`",
                    )
                ],
            },
            id="a size that cannot hold it",
        ),
        pytest.param(
            Query(model="phi-4-mini-instruct", size="1g.12gb"),
            {
                **NOTHING,
                "model": "microsoft/phi-4-mini-instruct",
                "size": "1g.12gb",
                "cloud": None,
                "region": None,
                "gpuModel": "nvidia.com/mig-1g.12gb",
                "readyMinutes": 30.0,
                "diskGiB": 87,
                "unknown": {**dict.fromkeys(FIGURES, REFUSED), "vcpuFamily": PART},
                "problems": [
                    problem(
                        "KS202",
                        "size",
                        "phi-4-mini-instruct needs 10.2 GiB (weights 7.3), the MIG slice 1g.12gb has 12 GiB, 10.1 of them "
                        "usable, and slices cannot be joined",
                        "a size that holds the model",
                        "see `kaito-iac fit phi-4-mini-instruct`",
                    )
                ],
            },
            id="a slice that cannot hold it",
        ),
        pytest.param(
            Query(model="phi5", size="NC24ads"),
            {
                **NOTHING,
                "model": "phi5",
                "size": "NC24ads",
                "cloud": None,
                "region": None,
                "unknown": dict.fromkeys((*FIGURES, "readyMinutes", "diskGiB", "vcpuFamily"), REFUSED),
                "problems": [
                    problem(
                        "KS101",
                        "model",
                        "'phi5' is not a model of KAITO 0.12",
                        "a name from `kaito-iac models`",
                        "did you mean 'phi-4'?",
                    ),
                    problem(
                        "KS201",
                        "size",
                        "'NC24ads' is not a size of KAITO 0.12",
                        "a size from `kaito-iac sizes`",
                        "did you mean 'Standard_NC24ads_A100_v4'?",
                    ),
                ],
            },
            id="neither name is known: both are reported",
        ),
        pytest.param(
            Query(model="phi-4", size="NC24ads", context=10**6, region="westus"),
            {
                **NOTHING,
                "model": "microsoft/phi-4",
                "size": "NC24ads",
                "cloud": None,
                "region": "westus",
                "contextTokens": 10**6,
                "readyMinutes": 30.0,
                "diskGiB": 107,
                "unknown": dict.fromkeys((*FIGURES, "vcpuFamily"), REFUSED),
                "problems": [
                    problem(
                        "KS201",
                        "size",
                        "'NC24ads' is not a size of KAITO 0.12",
                        "a size from `kaito-iac sizes`",
                        "did you mean 'Standard_NC24ads_A100_v4'?",
                    ),
                    problem(
                        "KS203",
                        "context",
                        "1000000",
                        "at most 16384, the limit of microsoft/phi-4",
                        "leave context out, or set at most 16384",
                    ),
                ],
            },
            id="what follows from the model alone is reported for an unknown size",
        ),
    ],
)
def test_whole_answers(query: Query, answer: dict[str, Any]) -> None:
    """An answer is plain data with every figure, null and a reason for what is unknown, and every problem."""
    assert fit(query).as_json() == answer
