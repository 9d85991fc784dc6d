namespace Failover.Tests.Groups;

/// <summary>An authority that points to a member, and what changes it.</summary>
internal class FakeSwitcher : ISwitcher
{
    internal FailoverMember? PointsTo { get; set; }

    internal int Version { get; set; }

    internal List<(string Target, long? Token)> Applied { get; } = [];

    /// <summary>What happens in the midst of an act, before it takes effect.</summary>
    internal Func<CancellationToken, Task>? During { get; set; }

    /// <summary>What happens at a read.</summary>
    internal Func<CancellationToken, Task>? Reading { get; set; }

    public async ValueTask<SwitchReading> ReadAsync(CancellationToken cancellationToken)
    {
        await (Reading?.Invoke(cancellationToken) ?? Task.CompletedTask);
        return new(PointsTo, $"{Version}");
    }

    public SwitchPlan Plan(SwitchReading reading, FailoverMember target) => new(reading, target, [$"point to {target.Name}"]);

    public async ValueTask<SwitchReceipt> ApplyAsync(SwitchPlan plan, long? fencingToken, CancellationToken cancellationToken)
    {
        lock (Applied)
        {
            Applied.Add((plan.Target.Name, fencingToken));
        }

        await (During?.Invoke(cancellationToken) ?? Task.CompletedTask);
        if (plan.From.Version != $"{Version}")
        {
            return new(plan, SwitchOutcome.Conflict, new(PointsTo, $"{Version}"), "changed by another hand");
        }

        Version++;
        PointsTo = plan.Target;
        return new(plan, SwitchOutcome.Applied, new(PointsTo, $"{Version}"), null);
    }

    public ValueTask RestoreAsync(SwitchReceipt receipt, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>A switcher whose acts callers see when the test says so.</summary>
internal sealed class LateSwitcher : FakeSwitcher, IVisibleSwitcher
{
    public TimeSpan VisibleWithin => TimeSpan.FromSeconds(5);

    internal Func<FailoverMember, CancellationToken, Task<bool>> Waiting { get; set; } = static (_, _) => Task.FromResult(true);

    public async ValueTask<bool> WaitUntilVisibleAsync(FailoverMember active, CancellationToken cancellationToken) => await Waiting(active, cancellationToken);
}

/// <summary>An arbiter that grants leases with growing tokens, one at a time.</summary>
internal sealed class FakeArbiter : IArbiter
{
    private long _token;

    internal List<FakeLease> Leases { get; } = [];

    internal Func<CancellationToken, Task>? Asking { get; set; }

    internal bool Refuses { get; set; }

    internal int Asked { get; private set; }

    public async ValueTask<ILease?> TryAcquireAsync(string resource, CancellationToken cancellationToken)
    {
        Asked++;
        await (Asking?.Invoke(cancellationToken) ?? Task.CompletedTask);
        if (Refuses)
        {
            return null;
        }

        FakeLease lease = new(++_token);
        Leases.Add(lease);
        return lease;
    }

    /// <summary>Ends when the lease is free; null for an arbiter that cannot wait.</summary>
    internal TaskCompletionSource? Free { get; set; }

    public ValueTask WaitAsync(string resource, CancellationToken cancellationToken) => Free is { } free ? new(free.Task) : throw new NotSupportedException("It is asked at the group's own pace.");
}

internal sealed class FakeLease(long token) : ILease
{
    private readonly CancellationTokenSource _lost = new();

    public long Token => token;

    public string Lineage => "arbiter";

    public bool IsValid => !_lost.IsCancellationRequested && !IsStale;

    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether its time is over, and its timer has not come to run yet: as after a pause of the process.</summary>
    internal bool IsStale { get; set; }

    internal bool IsDisposed { get; private set; }

    internal void Lose() => _lost.Cancel();

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
