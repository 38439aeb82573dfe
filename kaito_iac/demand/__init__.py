"""What resources demand: nodes, GPUs, vCPUs and money."""
