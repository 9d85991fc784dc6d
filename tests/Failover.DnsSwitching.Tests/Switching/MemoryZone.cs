using System.Collections.Concurrent;

namespace Failover.DnsSwitching.Tests.Switching;

/// <summary>A name in memory that compares and swaps, and answers as a test wants.</summary>
internal sealed class MemoryZone : IDnsProvider
{
    private readonly Lock _gate = new();

    public string Name => "memory";

    public string Where => "memory, zone example.com";

    internal DnsRecordState State { get; set; } = new("shop.example.com", DnsValues.Parse("192.0.2.1"), TimeSpan.FromSeconds(30), null);

    internal ConcurrentQueue<DnsChange> Changes { get; } = [];

    /// <summary>What a change comes to in the place of what it would; null for that.</summary>
    internal Func<DnsChange, DnsOutcome?>? Answer { get; set; }

    internal DnsRead? Read { get; set; }

    internal DnsOutcome? Probe { get; set; }

    /// <summary>What a probe waits for.</summary>
    internal Task Proving { get; set; } = Task.CompletedTask;

    /// <summary>The values that were probed last.</summary>
    internal DnsValues? Probed { get; private set; }

    internal bool IsDisposed { get; private set; }

    public ValueTask<DnsRead> ReadAsync(string name, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(Read ?? new DnsRead.Found(State));
        }
    }

    public ValueTask<DnsOutcome> ApplyAsync(DnsChange change, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Changes.Enqueue(change);
            return new(Answer?.Invoke(change) ?? Made(change));
        }
    }

    public async ValueTask<DnsOutcome?> ProbeAsync(string name, DnsValues values, CancellationToken cancellationToken)
    {
        Probed = values;
        await Proving.WaitAsync(cancellationToken);
        return Probe;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    internal DnsOutcome Made(DnsChange change)
    {
        if (State.IsResultOf(change))
        {
            return new DnsOutcome.AlreadyThere(State);
        }

        if (!State.IsSameAs(change.From))
        {
            return new DnsOutcome.Conflict(State);
        }

        State = State with { Values = change.Values, TimeToLive = change.TimeToLive, OwnerText = change.Owner.ToString() };
        return new DnsOutcome.Applied(State);
    }
}
