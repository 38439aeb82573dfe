#!/usr/bin/env bash
# Previews stack programs, writes every format of the report into a folder, and ends as the report does:
# 0 fits, 1 mandatory finding, 3 incomplete.
#
#   STACK=prod BASE=origin/main QUOTA=quota.yaml pipelines/shell/report.sh report infra/platform infra/workloads
set -euo pipefail
output=$1
shift
words=(--output "$output" --time "$(date -u +%Y-%m-%dT%H:%MZ)")
if [ -n "${STACK:-}" ]; then words+=(--stack "$STACK"); fi
if [ -n "${BASE:-}" ]; then words+=(--base "$BASE"); fi
if [ -n "${QUOTA:-}" ]; then words+=(--quota "$QUOTA"); fi
if [ "${OFFLINE:-}" = true ]; then words+=(--offline); fi
for pack in ${PACKS:-gpu-quota guardrails}; do words+=(--policy-pack "$pack"); done
exec kaito-iac report run "$@" "${words[@]}"
