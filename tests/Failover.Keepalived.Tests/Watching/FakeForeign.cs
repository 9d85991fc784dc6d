using System.Collections.Concurrent;
using Failover.Keepalived.SplitBrain;

namespace Failover.Keepalived.Tests.Watching;

/// <summary>A wire on which the test lets another holder be seen.</summary>
internal sealed class FakeForeign : IForeignHolders
{
    private volatile bool _seesAnother;

    public event Action? Changed;

    public IReadOnlyList<string> Detectors => [];

    public bool SeesAnother => _seesAnother;

    /// <summary>What was said of whether this node holds the address.</summary>
    internal ConcurrentQueue<bool> Holds { get; } = new();

    /// <summary>After whom the address was to be announced.</summary>
    internal ConcurrentQueue<string> Rivals { get; } = new();

    internal bool IsListenedTo => Changed is not null;

    internal void See(bool another)
    {
        _seesAnother = another;
        Changed?.Invoke();
    }

    public void Hold(bool isHeld) => Holds.Enqueue(isHeld);

    public void AnnounceAfter(string rival) => Rivals.Enqueue(rival);

    public ValueTask DisposeAsync() => default;
}
