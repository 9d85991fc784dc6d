using Failover;
using Failover.Keepalived;

namespace VirtualIp.Demo;

/// <summary>An operator who types the name of the node that is to have the address. You would map an endpoint for it, behind your own authorization.</summary>
internal sealed class Operator([FromKeyedServices("site")] KeepalivedSite site) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await Console.In.ReadLineAsync(CancellationToken.None) is { } node)
        {
            try
            {
                #region docs:move
                Switchover move = await site.Group.SwitchToAsync(node, stoppingToken);
                #endregion
                if (move.Outcome != SwitchoverOutcome.Completed)
                {
                    Console.WriteLine($"The address was not moved: {move.Evidence}");
                }
            }
            catch (InvalidOperationException refused)
            {
                Console.WriteLine($"The address is not moved: {refused.Message}");
            }
        }

        Environment.Exit(1);
    }
}
