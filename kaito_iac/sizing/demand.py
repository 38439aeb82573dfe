"""What a resource holds of GPUs, vCPUs and money: the only place that says so; plan, policies, guard and report ask here."""
