"""Why a workload is not ready: diagnosis of what a cluster shows, and the watcher that asks until it is."""
