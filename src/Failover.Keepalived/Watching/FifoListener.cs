namespace Failover.Keepalived.Watching;

/// <summary>One who listens to a FIFO.</summary>
internal sealed class FifoListener(FifoReaders readers, FifoReaders.Shared shared, Action<VrrpEvent> post, Action onGarbage) : IAsyncDisposable
{
    private int _hasLeft;

    /// <summary>Whether it has begun. Of <see cref="FifoReaders"/>.</summary>
    internal bool HasStarted { get; set; }

    internal Action<VrrpEvent> Post => post;

    internal Action OnGarbage => onGarbage;

    /// <summary>Begins. The reader does when all who listen to the FIFO have.</summary>
    internal void Start() => readers.Start(this, shared);

    /// <summary>Ends it. Not to be waited for in what is handed on.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _hasLeft, 1) == 0 ? readers.LeaveAsync(this, shared) : default;
}
