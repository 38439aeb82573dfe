"""Arithmetic of KAITO's estimator and of the bill: model, hardware and context in; nodes, GPUs, vCPUs and USD out."""
