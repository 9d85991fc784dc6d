using Failover.Kubernetes.Tests.ApiServer;

namespace Failover.Kubernetes.Tests;

public sealed class WatchTests : OnApiServer
{
    [Fact]
    public async Task A_release_ends_the_wait_of_who_watches_and_also_of_who_comes_to_watch_after_it()
    {
        GivenBack();
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        (LeaseRequest request, _) = await a.HoldAsync();
        await b.TakeAsync();
        Task waiting = await WaitingAsync(b);

        await a.ReleaseAsync(request);
        await waiting.WaitAsync(Limit);

        (request, _) = await a.HoldAsync();
        await b.TakeAsync();
        await a.ReleaseAsync(request);
        await b.Store.WaitForChangeAsync(Host.Resource, default).AsTask().WaitAsync(Limit);
    }

    [Fact]
    public async Task Other_leases_and_renewals_end_no_wait_and_the_renewals_count_for_when_it_runs_out()
    {
        GivenBack();
        Server.Leases.Create(FakeApiServer.Space, Given.ReleasedLease("failover-other"));
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        (LeaseRequest Request, LeaseGrant Grant) held = await a.HoldAsync();
        await b.TakeAsync();
        Task waiting = await WaitingAsync(b);
        b.Time.Advance(TimeSpan.FromSeconds(4));

        await a.RenewAsync(held);
        Server.Leases.Delete(FakeApiServer.Space, "failover-other", null);
        await Until.TrueAsync(() => b.LastVersion() == a.LastVersion());
        Assert.False(waiting.IsCompleted);

        // Seen four seconds ago, when it happened; not now.
        b.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(6), (await b.TakeAsync()).RetryAfter);
    }

    [Fact]
    public async Task A_deletion_ends_the_wait()
    {
        GivenBack();
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        await a.HoldAsync();
        await b.TakeAsync();
        Task waiting = await WaitingAsync(b);

        Server.Leases.Delete(FakeApiServer.Space, Host.LeaseName, null);

        await waiting.WaitAsync(Limit);
    }

    [Fact]
    public async Task Who_has_never_asked_looks_first()
    {
        GivenBack();
        await Pod("host-b").Store.WaitForChangeAsync(Host.Resource, default).AsTask().WaitAsync(Limit);

        Assert.Equal(["get"], Server.Asked.Select(static ask => ask.Verb));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_version_that_the_server_has_forgotten_is_read_anew_and_watched_on(bool byStatus)
    {
        GivenBack();
        Server.RefusesOldVersions = byStatus;
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        (LeaseRequest Request, LeaseGrant Grant) held = await a.HoldAsync();
        await b.TakeAsync();
        await a.RenewAsync(held);
        Server.Leases.Compact();
        Server.Asked.Clear();
        Task waiting = Task.Run(async () => await b.Store.WaitForChangeAsync(Host.Resource, default));
        await Until.TrueAsync(() => Server.Asked.Count(static ask => ask.Verb == "watch") == 2);

        await a.ReleaseAsync(held.Request);

        await waiting.WaitAsync(Limit);
        Assert.Equal(["watch", "get", "watch"], Server.Asked.Select(static ask => ask.Verb).Take(3));
        Assert.Empty(b.Logs.GetSnapshot());
    }

    [Fact]
    public async Task A_watch_that_is_forbidden_is_told_once_until_it_is_allowed_and_the_arbiter_asks_at_intervals()
    {
        GivenBack();
        Server.Rights[FakeApiServer.Pod] = ["get", "create", "update"];
        (Host a, Host b) = (Pod("host-a"), Pod("host-b", TimeProvider.System));
        (LeaseRequest request, _) = await a.HoldAsync(seconds: 60);
        LeaseArbiter arbiter = new(b.Store, new LeaseOptions { Holder = "host-b", Duration = Limit, RetryInterval = TimeSpan.FromMilliseconds(100) });
        for (int i = 0; i < 2; i++)
        {
            Assert.Null(await arbiter.TryAcquireAsync(Host.Resource, default));
            await arbiter.WaitAsync(Host.Resource, default);
        }

        await a.ReleaseAsync(request);
        await using ILease? lease = await arbiter.TryAcquireAsync(Host.Resource, default);

        Assert.NotNull(lease);
        Assert.Contains("does not allow to watch leases", Assert.Single(b.Logs.GetSnapshot(), static told => told.Id.Id == 10001).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "no JSON\n", "no lease" },
        { "{\"type\":\"MODIFIED\"}\n", "failed" },
        { """{"type":"MODIFIED","object":{"kind":"Lease","metadata":{"name":"failover-nightly"},"spec":{"holderIdentity":""}}}""" + "\n", "no lease" },
        { """{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","code":500,"message":"what a server says"}}""" + "\n", "answered 500" },
        { """{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","code":410}}""" + "\n", "forgotten" },
        { "", "ended the watch" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_watch_that_tells_garbage_an_error_or_nothing_is_an_exception_and_not_a_release(string body, string evidence)
    {
        GivenBack();
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        await a.HoldAsync();
        await b.TakeAsync();
        Server.Interfere = verb => verb == "watch" ? new Interference.Answer(200, body) : null;

        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => b.Store.WaitForChangeAsync(Host.Resource, default).AsTask().WaitAsync(Limit));

        Assert.Contains(evidence, told.Message, StringComparison.Ordinal);
        Assert.Equal("host-a", (await b.TakeAsync()).Holder);
    }

    [Fact]
    public async Task A_line_without_end_is_broken_off()
    {
        GivenBack();
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        await a.HoldAsync();
        await b.TakeAsync();
        Server.Interfere = static verb => verb == "watch" ? new Interference.Endless() : null;

        await Assert.ThrowsAsync<LeaseStoreException>(() => b.Store.WaitForChangeAsync(Host.Resource, default).AsTask().WaitAsync(Limit));
    }

    [Theory]
    [InlineData("quiet")]
    [InlineData("Hang")]
    [InlineData("HangInBody")]
    public async Task A_watch_that_tells_nothing_ends_with_its_caller_or_after_a_minute(string silence)
    {
        GivenBack();
        (Host a, Host b) = (Pod("host-a"), Pod("host-b"));
        (LeaseRequest Request, LeaseGrant Grant) held = await a.HoldAsync();
        await b.TakeAsync();
        Server.Interfere = verb => verb != "watch" ? null : silence switch { "Hang" => new Interference.Hang(), "HangInBody" => new Interference.HangInBody(), _ => null };
        using CancellationTokenSource enough = new();
        Task waiting = await WaitingAsync(b, enough.Token);
        if (silence == "quiet")
        {
            // A watch that has told something is read in another way than one that has told nothing yet.
            await a.RenewAsync(held);
            await Until.TrueAsync(() => b.LastVersion() == a.LastVersion());
        }

        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit));

        Task another = await WaitingAsync(b);
        b.Time.Advance(TimeSpan.FromMinutes(1));
        await another.WaitAsync(Limit);
    }

    private async Task<Task> WaitingAsync(Host host, CancellationToken cancellationToken = default)
    {
        Server.Asked.Clear();
        Task waiting = Task.Run(async () => await host.Store.WaitForChangeAsync(Host.Resource, cancellationToken), CancellationToken.None);
        await Until.TrueAsync(() => Server.Asked.Any(static ask => ask.Verb == "watch"));
        return waiting;
    }
}
