using Failover.DnsSwitching.Cloudflare;
using Failover.DnsSwitching.Tests.Rfc2136;
using Failover.TestServers.Cloudflare;
using Microsoft.Extensions.Time.Testing;

namespace Failover.DnsSwitching.Tests.Cloudflare;

/// <summary>Whatever comes as an answer, or does not, it is an outcome, and the change is sent once.</summary>
public sealed class LostAnswerTests : OnCloudflare
{
    /// <summary>What a change may take of its time, where reading took none of it: the other half is for reading what came of it.</summary>
    private static readonly TimeSpan Half = Limit / 2;

    [Theory]
    [InlineData(CloudflareFault.LoseAnswer, false)]
    [InlineData(CloudflareFault.LoseAnswer, true)]
    [InlineData(CloudflareFault.HalfAnAnswer, false)]
    [InlineData(CloudflareFault.BadGatewayWhenDone, false)]
    [InlineData(CloudflareFault.InternalErrorWhenDone, true)]
    [InlineData(CloudflareFault.HangWhenDone, true)]
    public async Task A_change_that_was_made_and_not_answered_is_found_by_reading(CloudflareFault fault, bool useBatch)
    {
        FakeTimeProvider time = new();
        CloudflareProvider provider = Provider(useBatch, time: time);
        DnsChange change = await ChangeAsync(provider, "one", "192.0.2.2");
        int writes = Zone.Writes;
        FailNext("batch", fault);
        AfterNextChange(() => time.Advance(fault == CloudflareFault.HangWhenDone ? Half : TimeSpan.Zero));

        var there = Assert.IsType<DnsOutcome.AlreadyThere>(await provider.ApplyAsync(change, CancellationToken.None));

        Assert.Equal(DnsValues.Parse("192.0.2.2"), there.State.Values);
        Assert.IsType<DnsOutcome.AlreadyThere>(await provider.ApplyAsync(change, CancellationToken.None));
        Assert.Equal(writes + 1, Zone.Writes);
        Assert.Single(Server.Asked, "batch");
    }

    [Theory]
    [InlineData(CloudflareFault.Drop, "its answer did not come, or not whole")]
    [InlineData(CloudflareFault.Hang, "no answer within")]
    [InlineData(CloudflareFault.Unavailable, "it answered 503 (10003: Service unavailable)")]
    [InlineData(CloudflareFault.Page, "it answered 200 with what is none of the API's answers")]
    [InlineData(CloudflareFault.Redirect, "it answered 302 with what is none of the API's answers")]
    [InlineData(CloudflareFault.EmptySuccess, "it answered 200 and success, without what was asked for")]
    [InlineData(CloudflareFault.OtherJson, "it answered 200 with what is none of the API's answers")]
    [InlineData(CloudflareFault.Nulls, "it answered 200 with what is none of the API's answers")]
    [InlineData(CloudflareFault.Endless, "its answer did not come, or not whole")]
    [InlineData(CloudflareFault.BrokenCompression, "it answered 200 with what is none of the API's answers")]
    public async Task A_change_that_is_not_to_be_seen_is_unknown_and_one_that_cannot_be_looked_for_is_not_begun(CloudflareFault fault, string why)
    {
        FakeTimeProvider time = new();
        CloudflareProvider provider = Provider(time: time);
        DnsChange change = await ChangeAsync(provider, "one", "192.0.2.2");
        CloudflareFault Fails(TimeSpan within)
        {
            // Its time is over once it has come.
            time.Advance(fault == CloudflareFault.Hang ? within : TimeSpan.Zero);
            return fault;
        }

        Server.Interfere = (asked, before) => asked == "batch" && before == 0 ? Fails(Half) : null;

        var unknown = Assert.IsType<DnsOutcome.Unknown>(await provider.ApplyAsync(change, CancellationToken.None));

        Assert.Contains($"was sent the change, and {why}", unknown.Reason, StringComparison.Ordinal);
        Assert.EndsWith("it was not done so far, and may be yet.", unknown.Reason, StringComparison.Ordinal);
        Assert.Single(Server.Asked, "batch");
        Assert.Equal(["A 192.0.2.1"], Zone.Told(Shop));

        Server.Interfere = (asked, _) => asked == "GET" ? Fails(Limit) : null;
        Assert.IsType<DnsRead.Failed>(await provider.ReadAsync(Shop, CancellationToken.None));
        Assert.IsType<DnsOutcome.Failed>(await provider.ProbeAsync(Shop, change.Values, CancellationToken.None));
        Assert.IsType<DnsOutcome.Failed>(await provider.ApplyAsync(change, CancellationToken.None));
        Assert.Single(Server.Asked, "batch");

        Server.Interfere = static (_, _) => null;
        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(change, CancellationToken.None));
    }

    [Fact]
    public async Task A_change_that_was_made_and_cannot_be_read_back_is_unknown()
    {
        CloudflareProvider provider = Provider();
        DnsChange change = await ChangeAsync(provider, "one", "192.0.2.2");
        Server.Interfere = (asked, before) => asked == "GET" && before >= 4 ? CloudflareFault.Unavailable : null;

        var unknown = Assert.IsType<DnsOutcome.Unknown>(await provider.ApplyAsync(change, CancellationToken.None));

        Assert.Contains("said that it was done, and could not be read then", unknown.Reason, StringComparison.Ordinal);
    }

    // A record that is edited keeps its id, and so an edit that is under way can still come.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_without_an_answer_is_over_once_a_record_of_it_is_gone_and_not_before(bool useBatch)
    {
        CloudflareProvider ours = Provider(useBatch), theirs = Provider(useBatch);
        await ours.ApplyAsync(await ChangeAsync(ours, "first", "192.0.2.4"), CancellationToken.None);
        DnsChange our = await ChangeAsync(ours, "ours", "192.0.2.2"), their = await ChangeAsync(theirs, "theirs", "192.0.2.3");
        int before = Server.Asked.Count(static one => one == "batch");
        Server.Interfere = (asked, count) => asked == "batch" && count == before ? CloudflareFault.Drop : null;
        AfterNextChange(() => theirs.ApplyAsync(their, CancellationToken.None).AsTask().GetAwaiter().GetResult());

        DnsOutcome outcome = await ours.ApplyAsync(our, CancellationToken.None);

        Assert.True(useBatch ? outcome is DnsOutcome.Conflict { Actual.Owner.Operation: "theirs" } : outcome is DnsOutcome.Unknown, outcome.ToString());
        Assert.Equal(["A 192.0.2.3"], Zone.Told(Shop));
    }

    [Fact]
    public async Task A_server_that_is_not_there_has_done_nothing()
    {
        CloudflareProvider provider = Provider();
        DnsChange change = await ChangeAsync(provider, "one", "192.0.2.2");
        await Server.DisposeAsync();

        Assert.Equal($"127.0.0.1:{Server.Port}, zone {Zone.Id} could not be reached: ConnectionRefused.", Assert.IsType<DnsOutcome.Failed>(await provider.ApplyAsync(change, CancellationToken.None)).Reason);
        Assert.IsType<DnsOutcome.Failed>(await provider.ProbeAsync(Shop, change.Values, CancellationToken.None));
        Assert.IsType<DnsRead.Failed>(await provider.ReadAsync(Shop, CancellationToken.None));
    }

    [Fact]
    public async Task A_change_that_is_cancelled_on_its_way_is_unknown_and_one_before_is_not_begun()
    {
        CloudflareProvider provider = Provider();
        DnsChange change = await ChangeAsync(provider, "one", "192.0.2.2");
        using CancellationTokenSource cancelled = new(), soon = new();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await provider.ApplyAsync(change, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await provider.ReadAsync(Shop, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await provider.ProbeAsync(Shop, change.Values, cancelled.Token));
        Server.Interfere = (asked, _) =>
        {
            if (asked != "batch")
            {
                return null;
            }

            soon.Cancel();
            return CloudflareFault.Hang;
        };

        Assert.IsType<DnsOutcome.Unknown>(await provider.ApplyAsync(change, soon.Token));
        Assert.Single(Server.Asked, "batch");
    }
}
