using Failover.DnsSwitching.Rfc2136;
using Failover.DnsSwitching.Switching;
using Failover.DnsSwitching.Tests.Rfc2136;
using Failover.TestServers.Dns;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.DnsSwitching.Tests.Switching;

/// <summary>A move is visible when a real primary and its secondary both answer it.</summary>
[Collection("name servers")]
public sealed class VisibilityTests(SharedNameServers servers)
{
    private readonly FakeLogCollector _logs = new();

    [NameServerFact]
    public async Task A_move_is_visible_when_all_name_servers_answer_it_and_partly_while_one_does_not()
    {
        (BindServer primary, BindServer secondary) = await servers.PairAsync();
        string name = NameServer.NewName();
        await primary.UpdateAsync($"add {name} 30 A 192.0.2.1");
        await using Rfc2136Provider provider = Given.Provider(primary);
        Visibility visibility = new(name, provider, () => new() { Name = name, NameServers = [$"127.0.0.1:{primary.Port}", $"127.0.0.1:{secondary.Port}"] }, TimeProvider.System, new FakeLogger(_logs));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));

        Assert.True(await visibility.WaitAsync(DnsValues.Parse("192.0.2.1"), limit.Token));
        Assert.Contains($"127.0.0.1:{secondary.Port} ", Assert.Single(Logged("NameVisible")), StringComparison.Ordinal);

        secondary.Freeze();
        try
        {
            await primary.UpdateAsync($"delete {name} A", $"add {name} 30 A 192.0.2.2");
            using CancellationTokenSource soon = new(TimeSpan.FromSeconds(2));
            Assert.False(await visibility.WaitAsync(DnsValues.Parse("192.0.2.2"), soon.Token));
        }
        finally
        {
            secondary.Thaw();
        }

        string partly = Assert.Single(Logged("NamePartlyVisible"));
        Assert.Contains($"127.0.0.1:{secondary.Port} (", partly, StringComparison.Ordinal);
        Assert.DoesNotContain($"127.0.0.1:{primary.Port} (", partly, StringComparison.Ordinal);
        Assert.True(await visibility.WaitAsync(DnsValues.Parse("192.0.2.2"), limit.Token));
    }

    private string[] Logged(string eventName) => [.. _logs.GetSnapshot().Where(record => record.Id.Name == eventName).Select(static record => record.Message)];
}
