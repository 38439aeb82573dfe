"""GPU pools, the KAITO operator and its workloads as Pulumi components, known before they are bought."""
