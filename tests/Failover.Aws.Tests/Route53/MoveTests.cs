using Failover.DnsSwitching;
using Failover.TestServers.Aws;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Aws.Tests.Route53;

public sealed class MoveTests : OnRoute53
{
    private const string Change = "route53:ChangeResourceRecordSets";

    [Fact]
    public async Task A_move_is_one_batch_that_is_waited_for_and_read_back()
    {
        PutWww();
        Aws.Route53.PendingAnswers = 2;
        Route53Provider provider = Provider();

        var applied = Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(To(await StateAsync(provider), "192.0.2.2"), default));

        Assert.Equal(DnsValues.Parse("192.0.2.2"), applied.ReadBack.Values);
        Assert.Equal(["192.0.2.2"], Zone.Values(Www, "A"));
        Assert.Equal(["\"failover-owner=shop;token=8;op=two\""], Zone.Values("_failover." + Www, "TXT"));
        const string List = "route53:ListResourceRecordSets", Get = "route53:GetChange";
        Assert.Equal([List, Change, Get, Get, Get, List], Aws.Asked);
        Assert.Equal([13001, 13002], Logs.GetSnapshot().Select(static record => record.Id.Id));
    }

    [Theory]
    [InlineData("192.0.2.2", "2001:db8::2")]
    [InlineData("b.example.com")]
    [InlineData("192.0.2.1")]
    public async Task A_name_takes_other_kinds_of_values_and_loses_those_that_it_had(params string[] values)
    {
        PutWww();
        Zone.Put(Www, "AAAA", 300, "2001:DB8::0001");
        Route53Provider provider = Provider();

        var applied = Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(To(await StateAsync(provider), values), default));

        Assert.Equal(DnsValues.Parse(values), applied.ReadBack.Values);
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_made()
    {
        Route53Provider provider = Provider();

        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(To(await StateAsync(provider), "192.0.2.2"), default));
        Assert.Equal(["192.0.2.2"], Zone.Values(Www, "A"));
    }

    public static TheoryData<string, string, int, string[], bool> OtherHands { get; } = new()
    {
        { Www, "A", 30, ["192.0.2.9"], false },
        { Www, "A", 31, ["192.0.2.1"], true },
        { Www, "A", 30, ["192.0.2.1", "192.0.2.9"], false },
        { "_failover." + Www, "TXT", 60, ["\"failover-owner=shop;token=9;op=x\""], true },
    };

    [Theory]
    [MemberData(nameof(OtherHands))]
    public async Task A_name_that_someone_else_changed_meanwhile_is_a_conflict_with_what_is_there(string name, string type, int timeToLive, string[] values, bool asRoot)
    {
        PutWww();
        Aws.TellsBatchesAsRoot = asRoot;
        Route53Provider provider = Provider();
        DnsChange change = To(await StateAsync(provider), "192.0.2.2");
        Zone.Put(name, type, timeToLive, values);

        var conflict = Assert.IsType<DnsOutcome.Conflict>(await provider.ApplyAsync(change, default));

        Assert.Equal(DnsValues.Parse(Zone.Values(Www, "A")), conflict.Actual!.Values);
        Assert.Equal(0, Aws.Route53.Changes);
    }

    [Fact]
    public async Task Of_two_that_race_one_wins_each_time()
    {
        PutWww();
        Aws.Route53.PendingAnswers = 0;
        (Route53Provider Provider, string App)[] writers = [(Provider(), "east"), (Provider(), "west")];
        for (int round = 0; round < 200; round++)
        {
            string value = $"192.0.2.{round + 2}";
            DnsRecordState from = await StateAsync(writers[0].Provider);

            DnsOutcome[] outcomes = await Task.WhenAll(writers.Select(writer =>
                writer.Provider.ApplyAsync(new(from, DnsValues.Parse(value), TimeSpan.FromSeconds(30), new(writer.App, round, "op")), default).AsTask()));

            Assert.Single(outcomes.OfType<DnsOutcome.Applied>());
            Assert.Single(outcomes.OfType<DnsOutcome.Conflict>());
            Assert.Equal(round + 1, Aws.Route53.Changes);
        }
    }

    [Theory]
    [InlineData(AwsFaultKind.LoseAnswer)]
    [InlineData(AwsFaultKind.DoneAndInternalFailure)]
    public async Task A_change_whose_answer_was_lost_is_found_and_not_made_again(AwsFaultKind fault)
    {
        PutWww();
        Route53Provider provider = Provider();
        DnsChange change = To(await StateAsync(provider), "192.0.2.2");
        Aws.Interfere = (action, _) => action == Change ? fault : null;

        Assert.IsType<DnsOutcome.AlreadyThere>(await provider.ApplyAsync(change, default));
        Assert.Single(Aws.Asked, Change);

        Aws.Interfere = static (_, _) => null;
        Assert.IsType<DnsOutcome.AlreadyThere>(await provider.ApplyAsync(change, default));
        Assert.Equal(1, Aws.Route53.Changes);
    }

    [Theory]
    [InlineData(AwsFaultKind.Drop, "the connection broke")]
    [InlineData(AwsFaultKind.Hang, "no answer within 60 s")]
    [InlineData(AwsFaultKind.Garbage, "its answer cannot be read")]
    [InlineData(AwsFaultKind.EmptyAnswer, "its answer has no ChangeInfo")]
    [InlineData(AwsFaultKind.ServiceUnavailable, "ServiceUnavailable (503)")]
    public async Task A_change_that_may_still_come_is_unknown_and_sent_once(AwsFaultKind fault, string reason)
    {
        PutWww();
        FakeTimeProvider time = new();
        Aws.Time = time;
        Route53Provider provider = Provider(time: time);
        DnsChange change = To(await StateAsync(provider), "192.0.2.2");
        Aws.Interfere = (action, _) =>
        {
            if (action != Change)
            {
                return null;
            }

            // Its time is over once it has come.
            time.Advance(fault == AwsFaultKind.Hang ? SwiftTime.Limit : TimeSpan.Zero);
            return fault;
        };

        Assert.Contains(reason, Assert.IsType<DnsOutcome.Unknown>(await provider.ApplyAsync(change, default)).Reason, StringComparison.Ordinal);
        Assert.Single(Aws.Asked, Change);
    }

    [Fact]
    public async Task What_was_lost_on_its_way_can_no_longer_come_once_someone_else_moved_the_name()
    {
        PutWww();
        Route53Provider provider = Provider();
        DnsChange change = To(await StateAsync(provider), "192.0.2.2");
        Aws.Interfere = (action, _) =>
        {
            if (action == Change)
            {
                Zone.Put(Www, "A", 30, "192.0.2.9");
                return AwsFaultKind.Drop;
            }

            return null;
        };

        Assert.Equal(DnsValues.Parse("192.0.2.9"), Assert.IsType<DnsOutcome.Conflict>(await provider.ApplyAsync(change, default)).Actual!.Values);
    }

    [Fact]
    public async Task Something_that_undoes_the_change_at_once_is_told_with_what_is_there()
    {
        PutWww();
        Aws.Route53.AfterChange = static zone => zone.Put(Www, "A", 30, "192.0.2.1");
        Route53Provider provider = Provider();

        Assert.Equal(DnsValues.Parse("192.0.2.1"), Assert.IsType<DnsOutcome.Ignored>(await provider.ApplyAsync(To(await StateAsync(provider), "192.0.2.2"), default)).Actual.Values);
    }

    [Fact]
    public async Task A_change_that_does_not_get_in_sync_is_unknown_after_its_time()
    {
        PutWww();
        Aws.Route53.PendingAnswers = int.MaxValue;
        Route53Provider provider = Provider(o => o.SyncTimeout = TimeSpan.FromSeconds(10));

        var unknown = Assert.IsType<DnsOutcome.Unknown>(await provider.ApplyAsync(To(await StateAsync(provider), "192.0.2.2"), default));

        Assert.Contains("was taken, and is still PENDING", unknown.Reason, StringComparison.Ordinal);
        Assert.Contains(Logs.GetSnapshot(), static record => record.Id.Id == 13003 && record.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task Questions_for_a_change_that_get_no_answer_are_asked_again()
    {
        PutWww();
        Aws.Interfere = static (action, before) => action != "route53:GetChange" ? null : before switch { 0 => AwsFaultKind.Throttle, 1 => AwsFaultKind.Drop, 2 => AwsFaultKind.Garbage, 3 => AwsFaultKind.ServiceUnavailable, _ => null };
        Route53Provider provider = Provider();

        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(To(await StateAsync(provider), "192.0.2.2"), default));
    }

    [Fact]
    public async Task A_wait_that_is_ended_after_the_change_was_sent_leaves_it_unknown()
    {
        PutWww();
        Aws.Route53.PendingAnswers = int.MaxValue;
        Route53Provider provider = Provider();
        DnsChange change = To(await StateAsync(provider), "192.0.2.2");
        using CancellationTokenSource ended = new();
        Aws.Route53.AfterChange = _ => ended.Cancel();

        Assert.IsType<DnsOutcome.Unknown>(await provider.ApplyAsync(change, ended.Token));

        using CancellationTokenSource before = new();
        await before.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await provider.ApplyAsync(change, before.Token));
        Assert.Equal(1, Aws.Route53.Changes);
    }

    [Fact]
    public async Task A_state_that_someone_kept_without_what_Route_53_needs_is_looked_at_first()
    {
        PutWww();
        Route53Provider provider = Provider();
        DnsRecordState kept = await StateAsync(provider) with { Token = null };

        Assert.IsType<DnsOutcome.Conflict>(await provider.ApplyAsync(To(kept with { Values = DnsValues.Parse("192.0.2.7") }, "192.0.2.2"), default));
        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(To(kept, "192.0.2.2"), default));
        Assert.IsType<DnsOutcome.AlreadyThere>(await provider.ApplyAsync(To(kept, "192.0.2.2"), default));
    }

    [Fact]
    public async Task A_value_that_Route_53_does_not_take_is_no_conflict()
    {
        Zone.Put("example.com", "A", 30, "192.0.2.1");
        Route53Provider provider = Provider();

        Assert.Contains("not permitted", Assert.IsType<DnsOutcome.Denied>(await provider.ApplyAsync(To(await StateAsync(provider, "example.com"), "b.example.net"), default)).Reason, StringComparison.Ordinal);
    }
}
