"""Rules over a stack: quota, cost, exposure and operation."""
