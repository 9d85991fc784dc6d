using System.Globalization;
using System.Text.RegularExpressions;
using Failover.DnsSwitching.Rfc2136;
using Failover.DnsSwitching.Switching;
using Failover.DnsSwitching.Tests.Rfc2136;
using Failover.TestServers.Dns;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.DnsSwitching.Tests.Switching;

/// <summary>A move is visible when a real primary and its secondary both answer it.</summary>
[Collection("name servers")]
public sealed partial class VisibilityTests(SharedNameServers servers)
{
    private readonly FakeLogCollector _logs = new();

    [NameServerFact]
    public async Task A_move_is_visible_when_all_name_servers_answer_it_and_partly_while_one_does_not()
    {
        (BindServer primary, BindServer secondary) = await servers.PairAsync();
        string name = NameServer.NewName();
        await primary.UpdateAsync($"add {name} 30 A 192.0.2.1");
        await using Rfc2136Provider provider = Given.Provider(primary);
        DnsSwitchOptions options = new() { Name = name, NameServers = [$"127.0.0.1:{primary.Port}", $"127.0.0.1:{secondary.Port}"], VisibleWithin = TimeSpan.FromSeconds(30) };
        Visibility visibility = new(name, provider, () => options, TimeProvider.System, new FakeLogger(_logs));

        Assert.True(await visibility.WaitAsync(DnsValues.Parse("192.0.2.1"), CancellationToken.None));
        Assert.Contains($"127.0.0.1:{secondary.Port} ", Assert.Single(Logged("NameVisible")), StringComparison.Ordinal);

        secondary.Freeze();
        try
        {
            await primary.UpdateAsync($"delete {name} A", $"add {name} 30 A 192.0.2.2");
            options.VisibleWithin = TimeSpan.FromSeconds(2);
            Assert.False(await visibility.WaitAsync(DnsValues.Parse("192.0.2.2"), CancellationToken.None));
            options.VisibleWithin = TimeSpan.FromSeconds(30);

            // What the next move overtakes is no news.
            using CancellationTokenSource overtaken = new();
            Task<bool> waiting = visibility.WaitAsync(DnsValues.Parse("192.0.2.2"), overtaken.Token);
            await overtaken.CancelAsync();
            Assert.False(await waiting);
        }
        finally
        {
            secondary.Thaw();
        }

        string partly = Assert.Single(Logged("NamePartlyVisible"));
        Assert.Contains($"127.0.0.1:{secondary.Port} (", partly, StringComparison.Ordinal);
        Assert.DoesNotContain($"127.0.0.1:{primary.Port} (", partly, StringComparison.Ordinal);
        Assert.True(await visibility.WaitAsync(DnsValues.Parse("192.0.2.2"), CancellationToken.None));
    }

    [NameServerFact]
    public async Task A_secondary_that_is_told_later_is_waited_for()
    {
        // BIND's default.
        (BindServer primary, BindServer secondary) = await BindServer.StartPairAsync(notifyDelay: TimeSpan.FromSeconds(5));
        await using BindServer first = primary, second = secondary;
        string name = NameServer.NewName();
        await using Rfc2136Provider provider = Given.Provider(primary);
        DnsSwitchOptions options = new() { Name = name, NameServers = [$"127.0.0.1:{primary.Port}", $"127.0.0.1:{secondary.Port}"], VisibleWithin = TimeSpan.FromSeconds(60) };
        Visibility visibility = new(name, provider, () => options, TimeProvider.System, new FakeLogger(_logs));
        await primary.UpdateAsync($"add {name} 30 A 192.0.2.1");
        Assert.True(await visibility.WaitAsync(DnsValues.Parse("192.0.2.1"), CancellationToken.None));
        Assert.Equal(["192.0.2.1"], await secondary.DigAsync(name, "A"));

        Task<bool> seenByAll = visibility.WaitAsync(DnsValues.Parse("192.0.2.2"), CancellationToken.None);
        await primary.UpdateAsync($"delete {name} A", $"add {name} 30 A 192.0.2.2");
        Assert.True(await seenByAll);

        Match seen = Seen().Match(Logged("NameVisible")[^1]);
        Assert.Equal(($"{primary.Port}", $"{secondary.Port}"), (seen.Groups[1].Value, seen.Groups[3].Value));
        Assert.True(decimal.Parse(seen.Groups[2].Value, CultureInfo.InvariantCulture) < decimal.Parse(seen.Groups[4].Value, CultureInfo.InvariantCulture), seen.Value);
        Assert.Equal(["192.0.2.2"], await secondary.DigAsync(name, "A"));
    }

    [GeneratedRegex("127\\.0\\.0\\.1:([0-9]+) ([0-9.]+) s, 127\\.0\\.0\\.1:([0-9]+) ([0-9.]+) s")]
    private static partial Regex Seen();

    private string[] Logged(string eventName) => [.. _logs.GetSnapshot().Where(record => record.Id.Name == eventName).Select(static record => record.Message)];
}
