"""What a stack means in nodes, GPUs, money and problems, for people and for pipelines."""
