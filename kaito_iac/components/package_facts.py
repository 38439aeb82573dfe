"""Facts about the package: its name, where the project is, and how each language calls it."""

from collections.abc import Mapping
from typing import Any, Final

from kaito_iac.project_url import PROJECT_URL

NAME: Final = "kaito-iac"
"""Name of the package, the first part of every component's type."""
_HOST: Final = PROJECT_URL.removeprefix("https://")
LOGO: Final = {} if _HOST.startswith("example.") else {"logoUrl": f"{PROJECT_URL}/raw/main/docs/images/logo.png"}
"""The logo, once the project has an address: the generator of C# downloads it, and would fail at a placeholder."""

FACTS: Final[Mapping[str, Any]] = {
    "name": NAME,
    "displayName": "KAITO",
    "namespace": "kaito-iac",
    "publisher": "kaito-iac",
    "description": "GPU pools, the KAITO operator, inference, tuning and RAG; nodes, quota and cost before you deploy.",
    "keywords": ["pulumi", "kubernetes", "kaito", "gpu", "llm", "aks", "category/cloud", "kind/component"],
    "homepage": PROJECT_URL,
    "repository": PROJECT_URL,
    "license": "Apache-2.0",
    **LOGO,
    "meta": {"supportPack": True},
    "language": {
        "nodejs": {
            "packageName": "@kaito-iac/pulumi",
            "packageDescription": "GPU pools, the KAITO operator and its workloads.",
            "respectSchemaVersion": True,
        },
        "python": {"packageName": "pulumi_kaito_iac", "pyproject": {"enabled": True}, "respectSchemaVersion": True},
        "go": {
            "importBasePath": f"{_HOST}/sdk/go/kaito",
            "modulePath": f"{_HOST}/sdk/go",
            "rootPackageName": "kaito",
            "generateResourceContainerTypes": True,
            "respectSchemaVersion": True,
        },
        "csharp": {"rootNamespace": "KaitoIac", "namespaces": {NAME: "Kaito"}, "respectSchemaVersion": True},
        "java": {"basePackage": "com.example", "packages": {NAME: "kaito"}, "buildFiles": "gradle", "respectSchemaVersion": True},
    },
}
"""The head of the schema."""
