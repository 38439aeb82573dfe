"""Serves the pack gpu-quota."""

from kaito_iac.policies.gpu_quota import NAME, RULES
from kaito_iac.policies.pack import serve

serve(NAME, RULES)
