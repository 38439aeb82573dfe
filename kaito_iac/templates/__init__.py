"""Templates of projects, made of the stacks, packs and pipelines of the repository, for `kaito-iac init` and `pulumi new`."""
