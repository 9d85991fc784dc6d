namespace Failover.Keepalived.Watching;

/// <summary>What the reader of the FIFO found.</summary>
internal abstract record FifoEvent
{
    /// <summary>keepalived has it open. What was written before is read first.</summary>
    internal sealed record Attached : FifoEvent;

    /// <summary>All that was there has been read.</summary>
    internal sealed record CaughtUp : FifoEvent;

    /// <summary>keepalived wrote a line.</summary>
    internal sealed record Said(FifoLine Line) : FifoEvent;

    /// <summary>keepalived has it open no longer.</summary>
    internal sealed record Ended : FifoEvent;

    /// <summary>It cannot be read.</summary>
    /// <param name="Why">Why, for people.</param>
    internal sealed record Unreadable(string Why) : FifoEvent;
}
