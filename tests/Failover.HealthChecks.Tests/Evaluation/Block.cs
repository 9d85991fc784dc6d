namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>Holds up whoever comes by, until a test lets go. Should the test forget, they go on after a while, and it is told so.</summary>
internal sealed class Block : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private int _held;

    /// <summary>How many came by.</summary>
    internal int Held => Volatile.Read(ref _held);

    /// <summary>Whether somebody went on without leave.</summary>
    internal bool GaveWay { get; private set; }

    internal void Hold()
    {
        Interlocked.Increment(ref _held);
        GaveWay |= !_gate.Wait(Node.Patience, CancellationToken.None);
    }

    /// <summary>Lets all go on, of whom none may have done so before.</summary>
    internal void LetGo()
    {
        Assert.False(GaveWay, "What was to be held up for the whole test went on by itself.");
        _gate.Set();
    }

    // Not the event: somebody may still wait for it.
    public void Dispose() => _gate.Set();
}
