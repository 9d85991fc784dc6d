using Failover;
using Failover.Keepalived;

namespace VirtualIp.Demo;

/// <summary>The app says how it stands, each time that it stands otherwise, and each switchover once all is known of it; not what it found at its start.</summary>
internal sealed class Telling([FromKeyedServices("site")] KeepalivedSite site) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(StandAsync(stoppingToken), TellAsync(stoppingToken));

    private async Task StandAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer next = new(Look);
        Standing? told = null;
        while (await next.WaitForNextTickAsync(stoppingToken))
        {
            if (Standing.Of(site) is var now && now != told)
            {
                Console.WriteLine((told = now).Line);
            }
        }
    }

    private async Task TellAsync(CancellationToken stoppingToken)
    {
        await foreach (Switchover switchover in site.Group.ReadSwitchoversAsync(stoppingToken))
        {
            if (switchover is { IsFinal: true, Cause: not SwitchoverCause.Initial })
            {
                Console.WriteLine(Told.Of(switchover).Line);
            }
        }
    }
}
