namespace Failover.Keepalived.Watching;

/// <summary>One reader for each FIFO, whose lines all who listen hear: keepalived writes about all its instances to one, and of two readers each would hear a part. It begins when all who listen have begun. Safe for any thread.</summary>
internal sealed class FifoReaders
{
    private readonly Lock _gate = new();
    private readonly List<Shared> _all = [];

    /// <summary>Adds one who listens to a FIFO, before its reader has begun.</summary>
    /// <param name="path">The path of the FIFO.</param>
    /// <param name="post">Is given what happens; it must not throw.</param>
    /// <param name="onGarbage">Is called when something was read that keepalived does not write.</param>
    internal FifoListener Join(string path, Action<VrrpEvent> post, Action onGarbage)
    {
        lock (_gate)
        {
            Shared? shared = _all.Find(one => one.Path == path);
            if (shared is null)
            {
                _all.Add(shared = new(path));
            }

            FifoListener listener = new(this, shared, post, onGarbage);
            shared.Listeners = [.. shared.Listeners, listener];
            return listener;
        }
    }

    internal void Start(FifoListener listener, Shared shared)
    {
        lock (_gate)
        {
            listener.HasStarted = true;
            StartIfAllHave(shared);
        }
    }

    /// <summary>Removes one who listens; with the last one the reader ends.</summary>
    internal async ValueTask LeaveAsync(FifoListener listener, Shared shared)
    {
        bool isLast;
        lock (_gate)
        {
            shared.Listeners = [.. shared.Listeners.Where(one => one != listener)];
            isLast = shared.Listeners.Count == 0 && _all.Remove(shared);
            if (!isLast)
            {
                StartIfAllHave(shared);
            }
        }

        if (isLast)
        {
            await shared.Reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void StartIfAllHave(Shared shared)
    {
        if (!shared.HasStarted && shared.Listeners.Count > 0 && shared.Listeners.All(static one => one.HasStarted))
        {
            shared.HasStarted = true;
            shared.Reader.Start();
        }
    }

    /// <summary>The reader of a FIFO, and who listens.</summary>
    internal sealed class Shared
    {
        internal Shared(string path) => (Path, Reader) = (path, new(path, Post, OnGarbage));

        internal string Path { get; }

        internal FifoReader Reader { get; }

        internal bool HasStarted { get; set; }

        /// <summary>Never changed, but replaced.</summary>
        internal volatile IReadOnlyList<FifoListener> Listeners = [];

        private void Post(VrrpEvent happened)
        {
            foreach (FifoListener listener in Listeners)
            {
                listener.Post(happened);
            }
        }

        private void OnGarbage()
        {
            foreach (FifoListener listener in Listeners)
            {
                listener.OnGarbage();
            }
        }
    }
}
