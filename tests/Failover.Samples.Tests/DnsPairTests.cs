using Failover.TestServers;

namespace Failover.Samples.Tests;

/// <summary>One of the samples that wait most of their time, one after the other, beside those that want a processor for themselves.</summary>
[Collection("beside the others")]
public sealed class DnsPairTests
{
    [ServerFact("named", "named-journalprint", "nsupdate", "dig", "etcd")]
    public async Task The_name_moves_when_its_server_dies_and_back_when_asked_and_clients_that_follow_move_with_it()
    {
        await using var sample = Sample.Start("DnsPair", []);

        int code = await sample.EndAsync();

        Assert.True(code == 0, sample.Output);
        string[] lines = sample.Output.Split(Environment.NewLine);
        Assert.Equal(4, lines.Count(static line => line.StartsWith("held ", StringComparison.Ordinal)));
        Assert.Equal(Page.PromisesIn(Page.OutputOf("samples/DnsPair/README.md", "DnsPair")), Page.PromisesIn(sample.Output));
        Assert.Equal(2, lines.Count(static line => line.Contains("is moved from A 127.0.0.", StringComparison.Ordinal)));
        Assert.Contains(lines, static line => line.Contains(">> the client that follows is answered by server-b", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains(">> the client that follows is answered by server-a", StringComparison.Ordinal));
    }
}
