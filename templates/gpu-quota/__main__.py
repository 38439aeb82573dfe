"""Serves the pack gpu-quota."""

from kaito_iac.rules.gpu_quota import NAME, RULES
from kaito_iac.rules.pack import serve

serve(NAME, RULES)
