"""Plan, judge, then update: Pulumi's Automation API behind the judgement of `kaito_iac.plan`.

    python deploy.py search phi-4 Standard_NC24ads_A100_v4

`kaito_iac.plan` runs the inline program without cloud, cluster or engine, so a request that is too expensive, breaks a quota or
cannot work is answered within seconds, and nothing is locked or created. Only then the engine is started.
"""

import sys
from pathlib import Path

from program import PROJECT, program
from pulumi import automation

import kaito_iac as kaito

QUOTA = Path(__file__).parent / "quota.yaml"
MOST_USD_PER_MONTH = 6000


def reasons(plan: kaito.Plan) -> list[str]:
    """Return why a plan is refused; an amount that is not known is a reason too."""
    found = [problem.headline for problem in plan.errors]
    cost = plan.usd_per_month
    found += [f"cost of {component} is not known: {unknown.reason}" for component, unknown in cost.unknown]
    if cost.known.high > MOST_USD_PER_MONTH:
        found.append(f"{cost.known.high:,.0f} USD a month; at most {MOST_USD_PER_MONTH:,} without a talk")
    return found


def deploy(team: str, config: dict[str, str]) -> list[str]:
    """Bring the stack of a team up; return why not, before anything is created."""
    refused = reasons(kaito.plan(program, project=PROJECT, stack=team, config=config, quota=QUOTA))
    if refused:
        return refused
    stack = automation.create_or_select_stack(stack_name=team, project_name=PROJECT, program=program)
    stack.set_all_config({f"{PROJECT}:{key}": automation.ConfigValue(value) for key, value in config.items()})
    stack.up(on_output=print)
    return []


if __name__ == "__main__":
    team, preset, size = sys.argv[1:]
    refused = deploy(team, {"preset": preset, "instanceType": size, "location": "eastus"})
    sys.exit("\n".join(refused))
