using Failover.DnsSwitching.Rfc2136;
using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests.Rfc2136;

[Collection("name servers")]
public sealed class RaceTests(SharedNameServers servers)
{
    private const int Rounds = 200;

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task Of_two_that_race_exactly_one_wins_in_each_round(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        string name = NameServer.NewName();
        await using Rfc2136Provider a = Given.Provider(server), b = Given.Provider(server, NameServerKey.Failover512);
        uint serial = await server.SerialAsync();
        DnsRecordState state = await a.StateAsync(name);
        for (int round = 0; round < Rounds; round++)
        {
            DnsChange ofA = new(state, DnsValues.Parse("192.0.2.1"), Given.Ttl, Given.Owner($"a-{round}")), ofB = new(state, DnsValues.Parse("192.0.2.2"), Given.Ttl, Given.Owner($"b-{round}"));

            DnsOutcome[] outcomes = await Task.WhenAll(Task.Run(() => a.ApplyAsync(ofA, CancellationToken.None).AsTask()), Task.Run(() => b.ApplyAsync(ofB, CancellationToken.None).AsTask()));

            DnsOutcome.Applied winner = Assert.Single(outcomes.OfType<DnsOutcome.Applied>());
            DnsOutcome.Conflict loser = Assert.Single(outcomes.OfType<DnsOutcome.Conflict>());
            Assert.Equal(winner.ReadBack, loser.Actual);
            state = winner.ReadBack;
        }

        Assert.Equal(serial + Rounds, await server.SerialAsync());
        Assert.Equal(state.Values.Select(static value => value.Text), await server.DigAsync(name, "A"));
        Assert.Equal([$"\"{state.OwnerText}\""], await server.DigAsync($"_failover.{name}", "TXT"));
    }
}
