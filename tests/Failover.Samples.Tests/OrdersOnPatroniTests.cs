using System.Text.RegularExpressions;
using Failover.TestServers;

namespace Failover.Samples.Tests;

/// <summary>Not beside the quickstart: both lose servers under load, and each wants a processor for itself.</summary>
[Collection(nameof(Sample))]
public sealed partial class OrdersOnPatroniTests
{
    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task Orders_come_in_while_the_primary_crashes_and_is_switched_and_every_promise_holds()
    {
        await using var sample = Sample.Start("OrdersOnPatroni", []);

        int code = await sample.EndAsync();

        Assert.True(code == 0, sample.Output);
        string[] lines = sample.Output.Split(Environment.NewLine);
        Assert.Equal(7, lines.Count(line => line.StartsWith("held ", StringComparison.Ordinal)));
        Assert.Equal(2, lines.Count(line => line.Contains(">> Failover: node-", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("Switching", StringComparison.Ordinal) && line.Contains("/health 503 db degraded", StringComparison.Ordinal));
        Assert.Contains(lines, line => ReadFromAnother().IsMatch(line));
    }

    [Fact]
    public async Task It_says_what_it_does_not_understand()
    {
        await using var sample = Sample.Start("OrdersOnPatroni", ["--server"]);

        Assert.Equal(2, await sample.EndAsync());
    }

    [GeneratedRegex(@"primary (node-\d) .* reads: (?!\1)node-")]
    private static partial Regex ReadFromAnother();
}
