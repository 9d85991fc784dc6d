using Failover.TestServers.Contending;

namespace Failover.Scenarios.Leases;

/// <summary>Two processes that compete in one way, through all runs; whoever dies is started again.</summary>
internal sealed class LeaseContest(LeaseClientKind client, LeaseStage stage) : IAsyncDisposable
{
    /// <summary>How long a lease lasts, where there is one.</summary>
    internal static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, ContenderProcess> _contenders = [];
    private readonly ActedOn _on = new();
    private readonly string _gate = $"lease-{Guid.NewGuid():N}";

    internal LeaseClientKind Client => client;

    internal ActedOn On => _on;

    /// <summary>Sees to it that two compete and one of them acts, and returns that.</summary>
    internal async Task<ContenderProcess> ReadyAsync()
    {
        foreach (string name in new[] { "host-a", "host-b" }.Where(name => !_contenders.ContainsKey(name)))
        {
            _contenders[name] = await ContenderProcess.StartAsync(client.Contender, stage.ServerOf(client), _gate, name, Duration, _on);
        }

        TimeSpan now = _on.Now;
        return _contenders[(await _on.ActsAfterAsync(now, 5))[^1].Holder];
    }

    /// <summary>Takes leave of one that has ended.</summary>
    internal async Task BuryAsync(ContenderProcess contender)
    {
        _contenders.Remove(contender.Holder);
        await contender.DisposeAsync();
    }

    /// <summary>Waits for the first act of another, as long as it is worth waiting.</summary>
    internal async Task<Act?> NextAsync(ContenderProcess former, TimeSpan after, TimeSpan patience)
    {
        try
        {
            return await _on.NextHolderAsync(former.Holder, after, patience);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Gets all that was said by those that live.</summary>
    internal IEnumerable<ContenderProcess> Contenders => _contenders.Values;

    /// <summary>What a run came to.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="run">The number of the run.</param>
    /// <param name="at">From when on a next holder was possible.</param>
    /// <param name="next">Its first act.</param>
    /// <param name="from">When the run began, if that was before.</param>
    internal LeaseRow Row(string fault, int run, TimeSpan at, Act? next, TimeSpan? from = null)
    {
        Act[] acts = [.. _on.Acts.Where(act => act.At >= (from ?? at))];
        string[] terms = [.. acts.Select(static act => act.Term).Distinct()];
        TimeSpan overlap = TimeSpan.Zero;
        int late = 0;
        for (int i = 0; i + 1 < terms.Length; i++)
        {
            TimeSpan begun = acts.First(act => act.Term == terms[i + 1]).At;
            Act[] after = [.. acts.Where(act => act.Term == terms[i] && act.At > begun)];
            overlap = after.Length > 0 && after[^1].At - begun > overlap ? after[^1].At - begun : overlap;
            late += after.Count(static act => act.IsApplied);
        }

        return new()
        {
            Arbiter = client.Arbiter,
            Fault = fault,
            Client = client.Name,
            Run = run,
            TakeoverMs = next is null ? null : Math.Round((next.At - at).TotalMilliseconds, 1),
            OverlapMs = Math.Round(overlap.TotalMilliseconds, 1),
            Acts = acts.Length,
            LateActs = late,
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ContenderProcess contender in _contenders.Values)
        {
            await contender.DisposeAsync();
        }

        await _on.DisposeAsync();
    }
}
