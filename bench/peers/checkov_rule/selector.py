"""checkov: one rule, a Workspace names the nodes it runs on."""

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.kubernetes.checks.resource.base_spec_check import BaseK8Check


class Selector(BaseK8Check):
    """Fails a Workspace without a labelSelector."""

    def __init__(self) -> None:
        super().__init__("Workspace names its nodes", "CKV_KAITO_1", [CheckCategories.KUBERNETES], ["Workspace"])

    def scan_spec_conf(self, conf):  # type: ignore[no-untyped-def]  # checkov's own signature
        """Look at one manifest."""
        return CheckResult.PASSED if (conf.get("resource") or {}).get("labelSelector") else CheckResult.FAILED


check = Selector()
