"""Whether workloads of a cluster get ready, and why not."""
