namespace Failover.Http.Neighbours;

/// <summary>How often one request of a caller has left and may have been executed, under way ones included. Goes with the request's options, also to the copies that hedging makes. Thread-safe.</summary>
internal sealed class Sends
{
    internal static readonly HttpRequestOptionsKey<Sends> Key = new("Failover.Sends");

    private int _count;

    /// <summary>The request leaves. Returns whether it has left before, and may have been executed.</summary>
    internal bool Begin() => Interlocked.Increment(ref _count) > 1;

    /// <summary>It has not been executed, that time.</summary>
    internal void TakeBack() => Interlocked.Decrement(ref _count);
}
