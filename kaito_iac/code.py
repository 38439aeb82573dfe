"""Every problem code and what it stands for; a code is never reused and never renumbered."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "KS101": "name of a model or preset that nobody knows",
        "KS102": "value of a wrong type, missing, or a key nobody knows",
        "KS103": "Output where a plain value decides which resources exist",
        "KS104": "name that Kubernetes refuses",
        "KS105": "settings that exclude each other",
        "KS106": "stack configuration missing or unreadable",
        "KS107": "preset file that cannot be read",
        "KS108": "program that cannot be run, or that failed",
        "KS109": "program without resources",
        "KS201": "VM size that KAITO does not know",
        "KS202": "VM size that cannot hold the model",
        "KS203": "context beyond the model's limit",
        "KS204": "gated model without a secret",
        "KS205": "model that cannot be tuned",
        "KS206": "adapter strength under vLLM",
        "KS208": "reserved label",
        "KS209": "RAG embedding that has no effect",
        "KS211": "VM size whose nodes never become ready",
        "KS212": "model and parallelism that vLLM refuses to start",
        "KS213": "context that the free GPU memory does not reach",
        "KS214": "more nodes than the component may create",
        "KS215": "node count that KAITO replaces by its own",
        "KS217": "facts of the model that are not known",
        "KS218": "partition of GPUs that KAITO refuses",
        "KS219": "runtime that the model does not support",
        "KS220": "adapter that KAITO refuses",
        "KS221": "secret that would be written in plain text",
        "KS222": "timeout shorter than the model needs",
        "KS223": "pool too small for all its workloads",
        "KS224": "extra of the package that is not installed",
        "KS225": "schedule or duration that cannot be read",
        "KS226": "training configuration that KAITO refuses",
        "KS227": "data source or destination that KAITO refuses",
        "KS228": "engine argument that nobody knows",
        "KQ101": "GPUs of the stack over budget",
        "KQ102": "vCPUs of a quota family and region over quota",
        "KQ103": "quota file stale or unreadable",
        "KQ104": "demand that is not known",
        "KN301": "public load balancer",
        "KO401": "value that could not be seen offline",
        "KO402": "feature gate that KAITO has off by default",
        "KO480": "no program to run",
        "KO481": "program in another language",
        "KO482": "stack configuration or references missing or unreadable",
        "KO483": "stack configuration of a wrong type",
        "KO484": "policy pack that cannot run",
        "KO485": "policy configuration that does not fit",
    }
)
"""Code to title. Letters: S spec, Q quota and money, N network and exposure, O operation."""
