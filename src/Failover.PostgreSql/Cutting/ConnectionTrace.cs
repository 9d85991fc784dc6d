namespace Failover.PostgreSql.Cutting;

/// <summary>
/// What is known of a connection's traffic. It stays right after the connection broke, so whoever wants to tell what became of a call takes it before the call. Read from any thread.
/// </summary>
internal sealed class ConnectionTrace
{
    private long _writes;
    private int _unanswered;
    private long _asked;
    private long _answered;
    private long _begin;
    private long _ends;
    private long _mayEndWithin;
    private long _commits;
    private bool _didSomething;
    private volatile bool _isLost;
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

    /// <summary>Gets whether a COMMIT, or what may commit on its way, is not answered: whether it happened is not known.</summary>
    internal bool IsCommitInFlight => Volatile.Read(ref _ends) > Volatile.Read(ref _answered);

    /// <summary>Gets whether what the server does now, or did last, stands in a transaction that has not ended: it is undone if the connection ends. A BEGIN that is not answered counts, as what follows it is done in its transaction or not at all.</summary>
    internal bool IsInTransaction => _status is TransactionStatus.InTransaction or TransactionStatus.Failed || Volatile.Read(ref _begin) > Volatile.Read(ref _answered);

    /// <summary>Gets how often the server has said that something was done which is not in a transaction any more, and may have changed data.</summary>
    internal long Commits => Volatile.Read(ref _commits);

    /// <summary>Gets whether the traffic was not understood at some place: then nothing that is said here proves anything.</summary>
    internal bool IsLost => _isLost;

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

    /// <summary>What is asked next commits, or may commit on its way.</summary>
    internal void Ends(Ending ending)
    {
        if (ending == Ending.MayCommitWithin)
        {
            Volatile.Write(ref _mayEndWithin, _asked + 1);
        }
        else if (ending == Ending.Commits)
        {
            Volatile.Write(ref _ends, _asked + 1);
        }
    }

    internal void Asked(bool isBegin)
    {
        _asked++;
        if (isBegin)
        {
            Volatile.Write(ref _begin, _asked);
        }

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
        Volatile.Write(ref _answered, _answered + 1);
        if (_didSomething && _status == TransactionStatus.Idle)
        {
            Volatile.Write(ref _commits, _commits + 1);
            _didSomething = false;
        }

        Interlocked.Decrement(ref _unanswered);
    }

    internal void Lose() => _isLost = true;

    /// <summary>A command was done, in a transaction or not.</summary>
    /// <param name="tag">What the server calls it: <c>INSERT 0 1</c>.</param>
    internal void Completed(ReadOnlySpan<byte> tag)
    {
        if (tag.StartsWith("ROLLBACK"u8))
        {
            _didSomething = false;
        }
        else if (tag.StartsWith("COMMIT"u8) || tag.StartsWith("PREPARE TRANSACTION"u8))
        {
            // Now, and not when all is answered: what comes after it may fail, and does not undo it.
            Volatile.Write(ref _commits, _commits + 1);
            _didSomething = false;
        }
        else if (!ChangesNothing(tag))
        {
            _didSomething = true;
        }
    }

    /// <summary>A command failed, and with it the transaction that it stood in, its own or one that was begun. What a CALL has committed before it failed stays; in a transaction it cannot.</summary>
    internal void Failed()
    {
        _didSomething = false;
        if (Volatile.Read(ref _mayEndWithin) > Volatile.Read(ref _answered) && !IsInTransaction)
        {
            Volatile.Write(ref _commits, _commits + 1);
        }
    }

    /// <summary>A SELECT may call a function that writes.</summary>
    private static bool ChangesNothing(ReadOnlySpan<byte> tag) =>
        tag.StartsWith("DISCARD"u8) || tag.StartsWith("BEGIN"u8) || tag.StartsWith("START"u8) || tag.StartsWith("SET"u8) || tag.StartsWith("RESET"u8) || tag.StartsWith("SHOW"u8) || tag.StartsWith("DEALLOCATE"u8)
        || tag.StartsWith("SAVEPOINT"u8) || tag.StartsWith("RELEASE"u8) || tag.StartsWith("LISTEN"u8) || tag.StartsWith("UNLISTEN"u8) || tag.StartsWith("CLOSE"u8);

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
