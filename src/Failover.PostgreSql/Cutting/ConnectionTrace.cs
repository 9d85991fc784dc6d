namespace Failover.PostgreSql.Cutting;

/// <summary>
/// What is known of a connection's traffic. It stays right after the connection broke, so whoever wants to tell what became of a call takes it before the call. Read from any thread.
/// </summary>
internal sealed class ConnectionTrace
{
    private long _writes;
    private int _unanswered;
    private volatile bool _isCommit;
    private volatile TransactionStatus _status = TransactionStatus.Idle;
    private volatile CutCause _cutCause;
    private readonly ClientMessages _sent;

    internal ConnectionTrace() => _sent = new ClientMessages(this);

    /// <summary>Gets a mark for <see cref="WroteSince"/>.</summary>
    internal long Mark => Volatile.Read(ref _writes);

    /// <summary>Gets what the last ReadyForQuery said.</summary>
    internal TransactionStatus Status => _status;

    /// <summary>Gets how many requests the server has not answered with ReadyForQuery. A connection fresh from the pool has those of its reset among them.</summary>
    internal int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Gets whether the server may be at work on something, or would be once it has the rest of it.</summary>
    internal bool IsInFlight => Unanswered > 0 || _sent.IsUnfinished;

    /// <summary>Gets whether what is not answered ends with a COMMIT: whether it happened is not known.</summary>
    internal bool IsCommitInFlight => _isCommit && Unanswered > 0;

    /// <summary>Gets why we cut the connection.</summary>
    internal CutCause CutCause => _cutCause;

    /// <summary>Tells whether anything was handed to the connection's socket since a mark: what was may have reached the server.</summary>
    internal bool WroteSince(long mark) => Mark != mark;

    /// <summary>To be called before the data can be under way.</summary>
    internal void Writing(ReadOnlySpan<byte> data)
    {
        Volatile.Write(ref _writes, _writes + 1);
        _sent.Walk(data);
    }

    internal void Asked(bool isCommit)
    {
        _isCommit = isCommit;
        Interlocked.Increment(ref _unanswered);
    }

    internal void Answered(byte status)
    {
        _status = status switch
        {
            (byte)'I' => TransactionStatus.Idle,
            (byte)'T' => TransactionStatus.InTransaction,
            (byte)'E' => TransactionStatus.Failed,
            _ => TransactionStatus.Unknown,
        };
        Interlocked.Decrement(ref _unanswered);
    }

    /// <summary>The first cause stays.</summary>
    internal bool Cut(CutCause cause)
    {
        if (_cutCause != CutCause.None)
        {
            return false;
        }

        _cutCause = cause;
        return true;
    }
}
