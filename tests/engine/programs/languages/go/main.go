package main

import (
	"example.com/kaito-iac/sdk/go/kaito"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const cluster = "/subscriptions/0/resourceGroups/models/providers/Microsoft.ContainerService/managedClusters/main"

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		platform, err := kaito.NewKaitoOperator(ctx, "kaito", &kaito.KaitoOperatorArgs{
			Provisioner: kaito.KaitoOperatorProvisionerByo,
			Rag:         pulumi.Bool(true),
		})
		if err != nil {
			return err
		}
		pool, err := kaito.NewGpuNodePool(ctx, "a100", &kaito.GpuNodePoolArgs{
			ClusterId:    pulumi.String(cluster),
			InstanceType: pulumi.String("Standard_NC24ads_A100_v4"),
			MaxCount:     pulumi.Int(2),
			Location:     pulumi.String("eastus"),
		})
		if err != nil {
			return err
		}
		chat, err := kaito.NewKaitoWorkspace(ctx, "chat", &kaito.KaitoWorkspaceArgs{
			Preset:   pulumi.String("phi-4-mini-instruct"),
			NodePool: pool,
			Operator: platform,
		})
		if err != nil {
			return err
		}
		if _, err := kaito.NewKaitoRagEngine(ctx, "docs", &kaito.KaitoRagEngineArgs{
			Llm:      chat.Endpoint,
			Operator: platform,
		}); err != nil {
			return err
		}
		ctx.Export("endpoint", chat.Endpoint.Url())
		return nil
	})
}
