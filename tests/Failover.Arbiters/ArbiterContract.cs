using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace Failover.Arbiters;

/// <summary>
/// What every store of leases must do, with the arbiter on top of it. A subclass gives the store, over a real server, and one theory that goes through <see cref="Promises"/>: <c>[ServerTheory("etcd")] [MemberData(nameof(Promises))] public Task
/// Keeps(string promise) => KeepAsync(promise);</c>
/// </summary>
public abstract class ArbiterContract
{
    /// <summary>How long a wait may last before the test fails. Only a bound: nothing is judged by how long it took.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // By reflection: they are private, and no compiler sees that they are used.
    private static readonly MethodInfo[] Methods =
        [.. typeof(ArbiterContract).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(static method => method is { IsPrivate: true, IsSpecialName: false } && method.ReturnType == typeof(Task))];

    private readonly string _resource = $"nightly {Guid.NewGuid():N}";

    /// <summary>Gets the names of all that is promised.</summary>
    public static IEnumerable<object[]> Promises => Methods.Select(static method => new object[] { method.Name });

    /// <summary>How long a lease lasts here. As short as the store allows.</summary>
    protected virtual TimeSpan Duration => TimeSpan.FromSeconds(2);

    /// <summary>Makes a store as one more host would: with connections of its own.</summary>
    protected abstract ILeaseStore CreateStore();

    /// <summary>Does what a resource needs before it is asked for the first time. Nothing, unless the store grants what it has never heard of later than at once.</summary>
    protected virtual Task PrepareAsync(string resource) => Task.CompletedTask;

    /// <summary>Sees whether one of <see cref="Promises"/> is kept.</summary>
    protected async Task KeepAsync(string promise)
    {
        await PrepareAsync(_resource);
        await (Task)Methods.Single(method => method.Name == promise).Invoke(this, null)!;
    }

    /// <summary>Makes the arbiter of one more host.</summary>
    /// <remarks>Its leases last long enough for a machine that stands still now and then.</remarks>
    protected LeaseArbiter Host(string name) => new(CreateStore(), new LeaseOptions { Duration = Limit, Holder = name });

    /// <summary>An ask for a lease that does not run out while the test runs.</summary>
    protected LeaseRequest Request(string holder) => new(_resource, holder, Guid.NewGuid(), Limit);

    /// <summary>An ask for a lease that soon runs out.</summary>
    protected LeaseRequest ShortRequest(string holder) => Request(holder) with { Duration = Duration };

    private async Task Of_two_that_ask_one_gets_the_lease_and_the_other_learns_who_has_it()
    {
        (ILeaseStore a, ILeaseStore b) = (CreateStore(), CreateStore());

        LeaseAnswer first = await a.TakeAsync(Request("host-a"), CancellationToken.None);
        LeaseAnswer second = await b.TakeAsync(Request("host-b"), CancellationToken.None);

        Assert.NotNull(first.Grant);
        Assert.Null(first.Grant.Unreleased);
        Assert.True(first.Grant.Duration >= Limit);
        Assert.Null(second.Grant);
        Assert.Equal("host-a", second.Holder);
    }

    private async Task Of_many_that_ask_at_once_exactly_one_gets_it()
    {
        ILeaseStore[] stores = [CreateStore(), CreateStore(), CreateStore()];

        LeaseAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(async () => await stores[i % 3].TakeAsync(Request($"host-{i}"), CancellationToken.None))));

        Assert.Single(answers, answer => answer.Grant is not null);
    }

    private async Task What_was_given_back_is_granted_to_the_next_at_once_under_a_higher_token()
    {
        ILeaseStore[] stores = [CreateStore(), CreateStore(), CreateStore()];
        List<Epoch> tokens = [];
        for (int i = 0; i < 9; i++)
        {
            LeaseRequest request = Request($"host-{i}");
            LeaseGrant? grant = (await stores[i % 3].TakeAsync(request, CancellationToken.None)).Grant;
            Assert.NotNull(grant);
            Assert.Null(grant.Unreleased);
            tokens.Add(grant.Epoch);
            await stores[i % 3].ReleaseAsync(request, CancellationToken.None);
        }

        Assert.Single(tokens.Select(token => token.Lineage).Distinct());
        Assert.All(tokens.Zip(tokens.Skip(1)), pair => Assert.True(pair.Second.Number > pair.First.Number));
    }

    private async Task What_was_not_renewed_runs_out_and_its_holder_can_neither_renew_nor_give_back_what_another_holds()
    {
        (ILeaseStore a, ILeaseStore b) = (CreateStore(), CreateStore());
        LeaseRequest old = ShortRequest("host-a");
        LeaseGrant first = (await a.TakeAsync(old, CancellationToken.None)).Grant!;

        (LeaseRequest next, LeaseGrant second) = await TakeSoonAsync(b, Request("host-b"));
        Assert.Equal("host-a", second.Unreleased);
        Assert.Equal(first.Epoch.Lineage, second.Epoch.Lineage);
        Assert.True(second.Epoch.Number > first.Epoch.Number);

        Assert.Null(await a.RenewAsync(old, first, CancellationToken.None));
        await a.ReleaseAsync(old, CancellationToken.None);
        LeaseGrant? renewed = await b.RenewAsync(next, second, CancellationToken.None);
        Assert.Equal(second.Epoch, renewed?.Epoch);
        Assert.Null((await a.TakeAsync(Request("host-a"), CancellationToken.None)).Grant);
    }

    private async Task Who_must_still_be_fenced_is_not_forgotten_until_the_next_holder_says_so()
    {
        (ILeaseStore a, ILeaseStore b) = (CreateStore(), CreateStore());
        await a.TakeAsync(ShortRequest("host-a"), CancellationToken.None);

        // B gives up; C lets it run out; D settles it, renews, and lets it run out; E gives it back.
        (LeaseRequest request, LeaseGrant grant) = await TakeSoonAsync(b, Request("host-b") with { Settles = false });
        Assert.Equal("host-a", grant.Unreleased);
        Assert.NotNull(await b.RenewAsync(request, grant, CancellationToken.None));
        await b.ReleaseAsync(request, CancellationToken.None);

        LeaseAnswer third = await a.TakeAsync(ShortRequest("host-c") with { Settles = false }, CancellationToken.None);
        Assert.Equal("host-a", third.Grant?.Unreleased);

        (request, grant) = await TakeSoonAsync(b, ShortRequest("host-d") with { Settles = false });
        Assert.Equal("host-a", grant.Unreleased);
        await b.RenewAsync(request with { Settles = true }, grant, CancellationToken.None);

        (request, grant) = await TakeSoonAsync(a, Request("host-e") with { Settles = false });
        Assert.Equal("host-d", grant.Unreleased);
        await a.ReleaseAsync(request with { Settles = true }, CancellationToken.None);

        (request, grant) = await TakeSoonAsync(b, Request("host-f") with { Settles = false });
        Assert.Null(grant.Unreleased);
        await b.ReleaseAsync(request, CancellationToken.None);
        Assert.Null((await a.TakeAsync(Request("host-g"), CancellationToken.None)).Grant?.Unreleased);
    }

    private async Task An_ask_that_was_never_granted_gives_back_nothing()
    {
        (ILeaseStore a, ILeaseStore b) = (CreateStore(), CreateStore());
        LeaseRequest held = Request("host-a");
        LeaseGrant grant = (await a.TakeAsync(held, CancellationToken.None)).Grant!;

        // Of the same host, too.
        LeaseRequest refused = Request("host-a");
        Assert.Null((await b.TakeAsync(refused, CancellationToken.None)).Grant);
        await b.ReleaseAsync(refused, CancellationToken.None);
        await b.ReleaseAsync(Request("host-b"), CancellationToken.None);

        Assert.NotNull(await a.RenewAsync(held, grant, CancellationToken.None));
    }

    private async Task What_was_granted_although_nobody_heard_of_it_can_be_given_back()
    {
        (ILeaseStore a, ILeaseStore b) = (CreateStore(), CreateStore());
        LeaseRequest unheard = Request("host-a");
        await a.TakeAsync(unheard, CancellationToken.None);

        // By another connection, that knows only what was asked for.
        await b.ReleaseAsync(unheard, CancellationToken.None);

        Assert.NotNull((await b.TakeAsync(Request("host-b"), CancellationToken.None)).Grant);
    }

    private async Task Resources_are_independent_whatever_they_are_called()
    {
        ILeaseStore store = CreateStore();
        string unique = Guid.NewGuid().ToString("N");
        string[] names = [$"{unique}", $"{unique}/a", $"{unique}/a/b", $"{unique} Übergabe; DROP TABLE", $"{unique}.a", $"{unique}-A", $"{unique}-a", $"{unique}%2Fa", unique + new string('x', 200)];

        foreach (string name in names)
        {
            await PrepareAsync(name);
            Assert.NotNull((await store.TakeAsync(new(name, "host-a", Guid.NewGuid(), Duration), CancellationToken.None)).Grant);
        }

        foreach (string name in names)
        {
            Assert.Null((await store.TakeAsync(new(name, "host-b", Guid.NewGuid(), Duration), CancellationToken.None)).Grant);
        }
    }

    private async Task What_is_renewed_lasts_beyond_its_duration_under_the_same_token()
    {
        (ILeaseStore a, ILeaseStore b) = (CreateStore(), CreateStore());
        using CancellationTokenSource end = new(4 * Limit);
        using PeriodicTimer pace = new(Duration / 8);
        while (true)
        {
            (LeaseRequest request, LeaseGrant first) = await TakeSoonAsync(a, ShortRequest("host-a"));
            long since = Stopwatch.GetTimestamp();
            LeaseGrant? renewed = first;
            while (renewed is not null && Stopwatch.GetElapsedTime(since) < 2 * Duration)
            {
                await pace.WaitForNextTickAsync(end.Token);
                long asked = Stopwatch.GetTimestamp();
                renewed = await a.RenewAsync(request, first, end.Token);
                LeaseRequest other = ShortRequest("host-b");
                if ((await b.TakeAsync(other, end.Token)).Grant is not null)
                {
                    Assert.True(renewed is null || Stopwatch.GetElapsedTime(asked) >= Duration, "Another got what had just been renewed.");
                    await b.ReleaseAsync(other, end.Token);
                    renewed = null;
                }
            }

            // A machine that stands still for longer than the lease lets it run out: that is another promise, and another try.
            if (renewed is not null)
            {
                Assert.Equal(first.Epoch, renewed.Epoch);
                Assert.True(renewed.Duration >= Duration);
                return;
            }
        }
    }

    private async Task Who_waits_gets_the_lease_when_its_holder_gives_it_back()
    {
        (LeaseArbiter a, LeaseArbiter b) = (Host("host-a"), Host("host-b"));
        ILease? lease = await a.TryAcquireAsync(_resource, CancellationToken.None);
        Assert.NotNull(lease);
        Assert.True(lease.IsValid);
        Assert.Null(await b.TryAcquireAsync(_resource, CancellationToken.None));
        Task<ILease> waiting = AcquireAsync(b);

        await lease.DisposeAsync();

        Assert.False(lease.IsValid);
        Assert.True(lease.Lost.IsCancellationRequested);
        await using ILease next = await waiting.WaitAsync(Limit);
        Assert.Equal(lease.Lineage, next.Lineage);
        Assert.True(next.Token > lease.Token);
    }

    private async Task Hosts_that_pass_it_on_a_hundred_times_never_hold_it_together_and_its_tokens_grow()
    {
        const int Each = 25;
        List<long> tokens = [];
        int holding = 0;
        int together = 0;

        // Made one after the other: how a subclass makes a store need not be safe for several threads.
        LeaseArbiter[] hosts = [.. Enumerable.Range(0, 4).Select(i => Host($"host-{i}"))];
        await Task.WhenAll(hosts.Select(host => Task.Run(async () =>
        {
            for (int turn = 0; turn < Each; turn++)
            {
                await using ILease lease = await AcquireAsync(host);
                Interlocked.Add(ref together, Interlocked.Increment(ref holding) - 1);
                lock (tokens)
                {
                    tokens.Add(lease.Token);
                }

                await Task.Yield();
                Assert.True(lease.IsValid);
                Interlocked.Decrement(ref holding);
            }
        }))).WaitAsync(4 * Limit);

        Assert.Equal(0, together);
        Assert.Equal(4 * Each, tokens.Count);
        Assert.Equal(tokens.Order().Distinct(), tokens);
    }

    /// <summary>Asks until it is granted, as a gate does.</summary>
    protected async Task<ILease> AcquireAsync(LeaseArbiter host)
    {
        using CancellationTokenSource end = new(4 * Limit);
        int failures = 0;
        while (true)
        {
            try
            {
                if (await host.TryAcquireAsync(_resource, end.Token) is { } lease)
                {
                    return lease;
                }
            }
            catch (LeaseStoreException) when (++failures < 10)
            {
                // Not granted, as IArbiter has it: of many that write at once one may come too late each time.
            }

            await host.WaitAsync(_resource, end.Token);
        }
    }

    /// <summary>Asks a store until it grants the lease.</summary>
    protected static async Task<(LeaseRequest Request, LeaseGrant Grant)> TakeSoonAsync(ILeaseStore store, LeaseRequest request)
    {
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            LeaseRequest next = request with { Attempt = Guid.NewGuid() };
            if ((await store.TakeAsync(next, end.Token)).Grant is { } grant)
            {
                return (next, grant);
            }

            await pace.WaitForNextTickAsync(end.Token);
        }
    }
}
