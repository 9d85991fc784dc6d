namespace Failover.PostgreSql.Execution;

/// <summary>How long a call has: until the caller's token is cancelled, or its time is up; and then a little more to end by itself.</summary>
internal sealed class CallTime : IDisposable
{
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource? _timeout;
    private readonly CancellationTokenRegistration _registration;

    internal CallTime(TimeProvider time, TimeSpan? timeout, TimeSpan late, CancellationToken callers)
    {
        CallersToken = callers;
        _timeout = timeout is { } limit ? new CancellationTokenSource(limit, time) : null;
        _over = CancellationTokenSource.CreateLinkedTokenSource(callers, _timeout?.Token ?? default);
        _late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registration = _over.Token.UnsafeRegister(static state => (((CancellationTokenSource Late, TimeSpan After))state!).Late.CancelAfter((((CancellationTokenSource Late, TimeSpan After))state).After), (_late, late));
    }

    internal CancellationToken CallersToken { get; }

    internal bool IsCancelledByCaller => CallersToken.IsCancellationRequested;

    /// <summary>Gets whether the time is up.</summary>
    internal bool IsOver => _over.IsCancellationRequested;

    /// <summary>Gets the token that the work gets.</summary>
    internal CancellationToken Token => _over.Token;

    /// <summary>Gets the token after which nobody waits for the work any more.</summary>
    internal CancellationToken LateToken => _late.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _over.Dispose();
        _timeout?.Dispose();
        _late.Dispose();
    }
}
