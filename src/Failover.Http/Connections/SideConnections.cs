namespace Failover.Http.Connections;

/// <summary>
/// The connections of requests that go to another member than the first: sent there again, or on their way since before a move. No move will leave that member, so these connections are left by the clock, together: they are shared for
/// <see cref="Life"/>, and end then as soon as they are idle. Thread-safe.
/// </summary>
/// <param name="copy">Makes a handler with connections of its own.</param>
/// <param name="time">The clock.</param>
internal sealed class SideConnections(Func<SocketsHttpHandler> copy, TimeProvider time) : IDisposable
{
    /// <summary>Long enough that, as long as all requests are sent again, connections are opened for them once a second and not for each.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile ConnectionPool? _pool;

    /// <summary>Ends <see cref="_pool"/>. Its timer does not hold on to the execution context of the request that needed it.</summary>
    private CancellationTokenSource? _end;
    private bool _isDisposed;

    /// <summary>Gets what opens these connections at the moment. One that was left has another in its place.</summary>
    internal ConnectionPool Pool => _pool ?? Open();

    internal void Leave() => Take()?.Leave();

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        Take()?.Dispose();
    }

    private ConnectionPool Open()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_pool is { } other)
            {
                return other;
            }

            // In this order: an end that comes at once must find it.
            var pool = new ConnectionPool(copy(), first: null);
            _pool = pool;
            _end = new CancellationTokenSource(Life, time);
            _end.Token.UnsafeRegister(static side => ((SideConnections)side!).Leave(), this);
            return pool;
        }
    }

    private ConnectionPool? Take()
    {
        lock (_lock)
        {
            ConnectionPool? pool = _pool;
            _pool = null;
            _end?.Dispose();
            _end = null;
            return pool;
        }
    }
}
