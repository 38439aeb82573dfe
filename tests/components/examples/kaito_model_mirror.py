"""Programs with a KaitoModelMirror: one of every way to use it."""

from __future__ import annotations

import kaito_iac as kaito


def mirror_managed() -> None:
    kaito.KaitoModelMirror(
        "weights",
        {
            "preset": "llama-3.1-8b-instruct",
            "storage_class": "azureblob-nfs",
            "access_secret": {"name": "hf-token", "namespace": "ai"},
            "job_namespace": "ai",
            "service_account": "mirror",
        },
    )


def mirror_static() -> None:
    kaito.KaitoModelMirror("weights", {"preset": "phi-4", "mode": "static", "wait": False})
