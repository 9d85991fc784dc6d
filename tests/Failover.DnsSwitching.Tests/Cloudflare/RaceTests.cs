using Failover.DnsSwitching.Cloudflare;
using Failover.DnsSwitching.Tests.Rfc2136;
using Xunit.Abstractions;

namespace Failover.DnsSwitching.Tests.Cloudflare;

public sealed class RaceTests(ITestOutputHelper output) : OnCloudflare
{
    private const int Rounds = 200;

    [Fact]
    public async Task Of_two_that_replace_exactly_one_wins_in_each_round()
    {
        CloudflareProvider a = Provider(useBatch: true), b = Provider(useBatch: true);
        int writes = Zone.Writes;
        DnsRecordState state = await a.StateAsync(Shop);
        for (int round = 0; round < Rounds; round++)
        {
            DnsOutcome[] outcomes = await RaceAsync(a, b, state, round);

            DnsOutcome.Applied winner = Assert.Single(outcomes.OfType<DnsOutcome.Applied>());
            DnsOutcome.Conflict loser = Assert.Single(outcomes.OfType<DnsOutcome.Conflict>());
            Assert.Equal(winner.ReadBack, loser.Actual);
            state = winner.ReadBack;
        }

        Assert.Equal(writes + Rounds, Zone.Writes);
        Assert.Equal(state.Values.Select(static value => $"{value}"), Zone.Told(Shop));
    }

    // Here both may have won, one after the other; but values and owner are never of two, and who is last knows it.
    [Fact]
    public async Task Of_two_that_edit_the_last_one_wins_whole_and_knows_it()
    {
        CloudflareProvider a = Provider(), b = Provider();
        DnsRecordState state = await a.StateAsync(Shop);
        int both = 0;
        for (int round = 0; round < Rounds; round++)
        {
            DnsOutcome[] outcomes = await RaceAsync(a, b, state, round);

            Assert.All(outcomes, static outcome => Assert.True(outcome is DnsOutcome.Applied or DnsOutcome.Conflict, outcome.ToString()));
            both += outcomes.All(static outcome => outcome is DnsOutcome.Applied) ? 1 : 0;
            state = await a.StateAsync(Shop);
            Assert.Equal(state.Owner!.Operation.StartsWith('a') ? "192.0.2.3" : "192.0.2.2", Assert.Single(state.Values).Text);
            Assert.Contains(state, outcomes.OfType<DnsOutcome.Applied>().Select(static applied => applied.ReadBack));
        }

        output.WriteLine($"Of {Rounds} rounds both were told that they won in {both}.");
    }

    private static async Task<DnsOutcome[]> RaceAsync(CloudflareProvider a, CloudflareProvider b, DnsRecordState state, int round)
    {
        // Neither is what stands there at first, before there is an owner: a move moves something.
        DnsChange ofA = new(state, DnsValues.Parse("192.0.2.3"), Given.Ttl, Given.Owner($"a-{round}")), ofB = new(state, DnsValues.Parse("192.0.2.2"), Given.Ttl, Given.Owner($"b-{round}"));
        return await Task.WhenAll(Task.Run(() => a.ApplyAsync(ofA, CancellationToken.None).AsTask()), Task.Run(() => b.ApplyAsync(ofB, CancellationToken.None).AsTask()));
    }
}
