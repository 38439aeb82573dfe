"""Rewrites kaito_iac/catalog/data from gathered facts and prints what changed, row by row.

    python tools/refresh_catalog.py --kaito FOLDER [--out FOLDER]

FOLDER holds models.json and skus.json as gathered from a KAITO release. --out writes there instead of into the package.
Prices have a script of their own, refresh_prices.py. No network is used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "kaito_iac" / "catalog" / "data"
RELEASED = "2026-08-21"
SOURCES = {
    "kaito": {
        "title": "KAITO 0.12.0, source tree of the release",
        "date": RELEASED,
        "repository": "github.com/kaito-project/kaito",
    },
    "knowledge": {"title": "public documentation of the cloud or model owner, not stated by KAITO", "date": "2026-11-01"},
    "assumed": {"title": "inferred from earlier models of the same owner, not stated anywhere", "date": "2026-11-01"},
    "unknown": {"title": "nobody states it", "date": "2026-11-01"},
}
LABEL_MEMORY_MIB = {
    ("NVIDIA A10", 24): 23028,
    ("NVIDIA A10G", 24): 23028,
    ("NVIDIA L4", 24): 23034,
    ("NVIDIA A2", 16): 15356,
    ("NVIDIA A16", 16): 15356,
    ("NVIDIA A100", 40): 40960,
    ("NVIDIA A100", 80): 81920,
    ("NVIDIA H100", 80): 81559,
    ("NVIDIA H100", 94): 95830,
    ("NVIDIA H200", 141): 143771,
}
"""What the driver reports of a GPU, MiB: the label nvidia.com/gpu.memory that KAITO sizes existing nodes by."""


def model_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of one gathered model what the catalogue needs."""
    attention, vllm, tuning = row["attention"], row["vllm"], row["tuning"]
    return {
        "id": row["id"],
        "hfId": row["hf_id"],
        "name": row["name"],
        "aliases": row["aliases"],
        "family": row["family"],
        "organisation": row["organisation"],
        "license": row["license"],
        "gated": row["access"]["gated"],
        "gatedSource": row["access"]["source"],
        "gatedWhy": row["access"]["why"],
        "weightsSize": row["weights"]["file_size"],
        "weightsBytes": row["weights"]["file_size_bytes"],
        "quantization": row["weights"]["quantization"],
        "bytesPerToken": row["bytes_per_token"],
        "maxContextTokens": row["max_context"],
        "attention": attention["type"],
        "layers": attention["layers"],
        "heads": attention["heads"],
        "kvHeads": attention["kv_heads"],
        "diskGiB": row["disk_gib"],
        "readySeconds": row["readiness_timeout_seconds"],
        "runtimes": row["runtimes"],
        "toolParser": vllm["tool_call_parser"],
        "reasoningParser": vllm["reasoning_parser"],
        "chatTemplate": vllm["chat_template"],
        "kvCacheDtype": vllm["kv_cache_dtype"],
        "tuningMethods": tuning["methods"] if tuning and tuning["usable"] else [],
        "tuningImage": tuning["artefact"]["image"] if tuning and tuning["usable"] else None,
        "tuningDefect": tuning["note"] if tuning and not tuning["usable"] else None,
    }


def size_row(row: Mapping[str, Any], azure_names: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of one gathered VM size what the catalogue needs."""
    vm, quota = row["vm"] or {}, row["quota"] or {}
    renamed = {entry["kaito_name"]: azure for azure, entry in azure_names.items()}
    return {
        "cloud": row["cloud"],
        "name": row["name"],
        "cloudName": renamed.get(row["name"], row["name"]),
        "gpuModel": row["gpu_model"],
        "gpuVendor": row["gpu_vendor"],
        "gpus": row["gpu_count"],
        "gpuMemoryGiB": row["gpu_memory_gib"],
        "labelMemoryMiB": LABEL_MEMORY_MIB.get((row["gpu_model"], row["gpu_memory_per_gpu_gib"])),
        "nvme": row["nvme"],
        "cudaCapability": row["cuda_compute_capability"],
        "migCapable": row["mig_capable"]["value"],
        "vcpus": vm.get("vcpus"),
        "memoryGiB": vm.get("memory_gib"),
        "quotaFamily": quota.get("family"),
        "note": row["note"],
    }


def models_table(gathered: Mapping[str, Any]) -> dict[str, Any]:
    """Make the model table out of what was gathered."""
    return {
        "kaitoVersion": gathered["kaito_version"].removeprefix("v"),
        "date": RELEASED,
        "sources": SOURCES,
        "factSources": {"*": "kaito", "gated": "per row, gatedSource"},
        "baseImage": gathered["base_image"],
        "models": [model_row(row) for row in gathered["models"]],
        "retired": [{"name": row["name"], "said": row["admission_error"], "note": row["note"]} for row in gathered["retired"]],
    }


def sizes_table(gathered: Mapping[str, Any]) -> dict[str, Any]:
    """Make the table of VM sizes and MIG profiles out of what was gathered."""
    return {
        "kaitoVersion": gathered["kaito_version"].removeprefix("v"),
        "date": RELEASED,
        "sources": SOURCES,
        "factSources": {
            "*": "kaito",
            **dict.fromkeys(("labelMemoryMiB", "migCapable", "vcpus", "memoryGiB", "quotaFamily", "cloudName"), "knowledge"),
        },
        "admittedPrefixes": {"azure": gathered["lookup"]["azure_admitted_prefixes_outside_the_table"], "aws": [], "arc": []},
        "sizes": [size_row(row, gathered["azure_names_that_differ"]) for row in gathered["skus"]],
        "mig": [
            {
                "profile": row["profile"],
                "slices": row["compute_slices"],
                "memoryGiB": row["memory_gib"],
                "gpus": row["gpus"],
                "resource": row["resource"],
            }
            for row in gathered["mig_profiles"]
        ],
    }


def changes(old: Any, new: Any, path: str = "") -> Iterable[str]:
    """Return what differs between two tables, one line a value."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from changes(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list) and all(isinstance(item, dict) for item in [*old, *new]):
        index = "profile" if any("profile" in item for item in new) else "id" if any("id" in item for item in new) else "name"
        yield from changes({item[index]: item for item in old}, {item[index]: item for item in new}, path)
    elif old != new:
        yield f"{path}: {json.dumps(old)} -> {json.dumps(new)}"


def write(path: Path, table: Mapping[str, Any]) -> None:
    """Write one table, a row a line, and print its difference to the one that was there."""
    old = json.loads(path.read_text()) if path.exists() else {}
    lines = list(changes(old, table))
    print(f"{path.name}: {len(lines)} values changed")
    for line in lines[:200]:
        print(f"  {line}")
    if len(lines) > 200:
        print(f"  … and {len(lines) - 200} more")
    parts = []
    for key, value in table.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in value)
            parts.append(f"{json.dumps(key)}: [\n{rows}\n]")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n")


def main(arguments: list[str]) -> None:
    """Read what was gathered and rewrites the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kaito", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=DATA, help="folder of the tables; default: the package's")
    options = parser.parse_args(arguments)
    write(options.out / "models.json", models_table(json.loads((options.kaito / "models.json").read_text())))
    write(options.out / "sizes.json", sizes_table(json.loads((options.kaito / "skus.json").read_text())))


if __name__ == "__main__":
    main(sys.argv[1:])
