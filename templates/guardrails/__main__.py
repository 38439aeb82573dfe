"""Serves the pack guardrails."""

from kaito_iac.rules.guardrails import NAME, RULES
from kaito_iac.rules.pack import serve

serve(NAME, RULES)
