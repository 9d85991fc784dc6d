using Failover.TestServers.Servers;

namespace Failover.Etcd.Tests.Arbitration;

/// <summary>What the tests of leases say again and again.</summary>
internal static class EtcdLeases
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static EtcdOptions At(params EtcdServer[] members) => At([.. members.Select(static member => $"{member.Address}")]);

    internal static EtcdOptions At(params string[] endpoints) => new() { Endpoints = endpoints, CheckInterval = TimeSpan.FromMilliseconds(200) };

    /// <summary>An ask for a lease, of a resource of its own, that does not run out while the test runs.</summary>
    internal static LeaseRequest Request(string holder) => new($"nightly {Guid.NewGuid():N}", holder, Guid.NewGuid(), Limit);

    /// <summary>The same by another host.</summary>
    internal static LeaseRequest By(this LeaseRequest request, string holder) => request with { Holder = holder, Attempt = Guid.NewGuid() };

    internal static async Task<LeaseGrant> TakeAsync(ILeaseStore store, LeaseRequest request)
    {
        LeaseAnswer answer = await store.TakeAsync(request, CancellationToken.None);
        return answer.Grant ?? throw new InvalidOperationException($"It is held by {answer.Holder}.");
    }

    /// <summary>Asks, each time anew, until there is an answer, whatever it is: who asks for a short lease waits a fifth of it only.</summary>
    internal static async Task<LeaseAnswer> AskAsync(ILeaseStore store, LeaseRequest request)
    {
        LeaseAnswer? answer = null;
        await SoonAsync(async () =>
        {
            answer = await store.TakeAsync(request with { Attempt = Guid.NewGuid() }, CancellationToken.None);
            return true;
        });
        return answer!;
    }

    /// <summary>Asks, each time anew, until it is granted: through quarantines and elections.</summary>
    internal static async Task<(LeaseRequest Request, LeaseGrant Grant)> TakeSoonAsync(ILeaseStore store, LeaseRequest request)
    {
        LeaseRequest next = request;
        LeaseGrant? grant = null;
        await SoonAsync(async () =>
        {
            next = next with { Attempt = Guid.NewGuid() };
            return (grant = (await store.TakeAsync(next, CancellationToken.None)).Grant) is not null;
        });
        return (next, grant!);
    }

    /// <summary>Waits until something is so; that etcd cannot be asked meanwhile is no matter.</summary>
    internal static async Task SoonAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource limit = new(2 * Limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(50));
        while (!await TryAsync(isSo))
        {
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task<bool> TryAsync(Func<Task<bool>> isSo)
    {
        try
        {
            return await isSo();
        }
        catch (Exception error) when (error is LeaseStoreException or InvalidOperationException)
        {
            return false;
        }
    }
}
