"""Serves the pack guardrails."""

from kaito_iac.policies.guardrails import NAME, RULES
from kaito_iac.policies.pack import serve

serve(NAME, RULES)
