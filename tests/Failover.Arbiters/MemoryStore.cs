namespace Failover.Arbiters;

/// <summary>A store in this process, as strict as the contract is. Its clock may be a test's own; it can be away, hang, or lose its answers.</summary>
public sealed class MemoryStore(TimeProvider time) : ILeaseStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _token;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets or sets what the tokens belong to.</summary>
    public string Lineage { get; set; } = "memory";

    /// <summary>Gets or sets what happens before the store does what it is asked for: it may throw, or never end.</summary>
    public Func<string, CancellationToken, Task>? Before { get; set; }

    /// <summary>Gets or sets what happens after the store has done what it was asked for, and before it answers.</summary>
    public Func<string, CancellationToken, Task>? After { get; set; }

    /// <summary>Gets what was asked for, in order: <c>take</c>, <c>renew</c>, <c>release</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Gets or sets whether the store cannot tell when a lease is free.</summary>
    public bool WaitFails { get; set; }

    /// <summary>Lets a lease be free, as if it had run out and been given back.</summary>
    public void Forget(string resource)
    {
        lock (_gate)
        {
            _entries.Remove(resource);
        }
    }

    /// <summary>Counts what was asked for.</summary>
    public int CallsOf(string what)
    {
        lock (_gate)
        {
            return Calls.Count(call => call == what);
        }
    }

    /// <inheritdoc/>
    public ValueTask<LeaseAnswer> TakeAsync(LeaseRequest request, CancellationToken cancellationToken) => new(DoAsync("take", () =>
    {
        Entry entry = _entries.GetValueOrDefault(request.Resource);
        if (entry.Attempt is not null && Left(entry) is var left && left > TimeSpan.Zero)
        {
            return LeaseAnswer.Held(entry.Holder, left);
        }

        string? unreleased = entry.Kept;
        _entries[request.Resource] = new(request.Attempt, request.Holder, ++_token, time.GetTimestamp(), request.Duration, request.Settles ? request.Holder : unreleased ?? request.Holder);
        return LeaseAnswer.Granted(new(new(Lineage, _token), request.Duration) { Unreleased = unreleased });
    }, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<LeaseGrant?> RenewAsync(LeaseRequest request, LeaseGrant grant, CancellationToken cancellationToken) => new(DoAsync("renew", () =>
    {
        Entry entry = _entries.GetValueOrDefault(request.Resource);
        if (entry.Attempt != request.Attempt || Left(entry) <= TimeSpan.Zero)
        {
            return null;
        }

        _entries[request.Resource] = entry with { Since = time.GetTimestamp(), Kept = request.Settles ? request.Holder : entry.Kept };
        return new LeaseGrant(new(Lineage, entry.Token), request.Duration);
    }, cancellationToken));

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(LeaseRequest request, CancellationToken cancellationToken) => new(DoAsync<object?>("release", () =>
    {
        if (_entries.TryGetValue(request.Resource, out Entry entry) && entry.Attempt == request.Attempt)
        {
            _entries[request.Resource] = new Entry { Kept = request.Settles || entry.Kept == request.Holder ? null : entry.Kept };
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return null;
    }, cancellationToken));

    /// <inheritdoc/>
    public ValueTask WaitForChangeAsync(string resource, CancellationToken cancellationToken)
    {
        if (WaitFails)
        {
            throw new LeaseStoreException("the store cannot wait");
        }

        lock (_gate)
        {
            return new(_entries.GetValueOrDefault(resource).Attempt is not null ? _changed.Task.WaitAsync(cancellationToken) : Task.CompletedTask);
        }
    }

    private TimeSpan Left(Entry entry) => entry.Duration - time.GetElapsedTime(entry.Since);

    private async Task<T> DoAsync<T>(string what, Func<T> work, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Calls.Add(what);
        }

        await (Before?.Invoke(what, cancellationToken) ?? Task.CompletedTask);
        T result;
        lock (_gate)
        {
            result = work();
        }

        await (After?.Invoke(what, cancellationToken) ?? Task.CompletedTask);
        return result;
    }

    private readonly record struct Entry(Guid? Attempt, string? Holder, long Token, long Since, TimeSpan Duration, string? Kept);
}
