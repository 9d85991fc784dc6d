namespace Failover.PostgreSql.Cutting;

/// <summary>What goes to the server: counts what it has to answer with ReadyForQuery, and knows a COMMIT.</summary>
internal sealed class ClientMessages(ConnectionTrace trace) : MessageWalk("QSF"u8)
{
    /// <summary>Gets whether part of a request was sent: the server may be at work on it, though it owes no answer yet.</summary>
    internal bool IsUnfinished => !IsAtWatched;

    private protected override void OnLost() => trace.Lose();

    private protected override void OnMessage(byte type, ReadOnlySpan<byte> body) =>
        trace.Asked(isCommit: type == (byte)'Q' && body.StartsWith("COMMIT"u8), isBegin: type == (byte)'Q' && body.StartsWith("BEGIN"u8));
}
