using Failover.PostgreSql;
using Failover.PostgreSql.Cutting;
using Failover.PostgreSql.Execution;
using Npgsql;

namespace Failover.EntityFrameworkCore.Execution;

/// <summary>
/// What has gone over the connections of one context, one command after the other, to judge what became of work that failed. It outlives each connection. Like the context for one thread at a time.
/// </summary>
internal sealed class ContextTraffic
{
    private ConnectionTrace? _trace;
    private long _mark;
    private long _commitsBefore;
    private bool _isQuery = true;
    private TrafficMark _now;

    /// <summary>Gets or sets what failed last on the context itself: only that can be judged by its traffic, and not what else work may have done.</summary>
    internal Exception? Failure { get; set; }

    /// <summary>Gets or sets whether what was sent last was given up by the caller.</summary>
    internal bool IsCanceled { get; set; }

    /// <summary>Gets a mark for what is done from here on.</summary>
    internal TrafficMark Mark()
    {
        Settle();
        return _now;
    }

    /// <summary>A command, or a COMMIT, is about to be sent.</summary>
    /// <param name="connection">What it goes over, which is open.</param>
    /// <param name="isQuery">Whether it is made by LINQ to read.</param>
    internal void Begin(NpgsqlConnection connection, bool isQuery)
    {
        Settle();
        IsCanceled = false;
        _trace = NodeConnections.FindTrace(connection);
        (_mark, _commitsBefore, _isQuery) = (_trace?.Mark ?? 0, _trace?.Commits ?? 0, isQuery);
        _now = isQuery ? _now with { Commands = _now.Commands + 1 } : _now with { Commands = _now.Commands + 1, Others = _now.Others + 1 };
    }

    /// <summary>Tells whether all that was sent since a mark was queries.</summary>
    internal bool IsQueriesSince(TrafficMark mark) => _now.Others == mark.Others;

    /// <summary>Tells whether something may have been committed since a mark, before what was sent last.</summary>
    internal bool MayHaveCommittedSince(TrafficMark mark) => _now.Commits != mark.Commits;

    /// <summary>Judges what became of what was done since a mark.</summary>
    internal Outcome Judge(Exception exception, TrafficMark mark)
    {
        Traffic traffic = IsQueriesSince(mark) ? Traffic.Nothing with { IsKnown = true } : Traffic.Of(_trace, _mark, _commitsBefore);
        return PostgreSql.Execution.Judge.Of(exception, traffic with { MayHaveCommitted = traffic.MayHaveCommitted || MayHaveCommittedSince(mark) });
    }

    /// <summary>Counts what was sent last, now that it is over.</summary>
    private void Settle()
    {
        if (!_isQuery && (_trace is null || _trace.Commits != _commitsBefore))
        {
            _now = _now with { Commits = _now.Commits + 1 };
        }

        _isQuery = true;
    }
}

/// <summary>How much has been done: commands sent, those of them that are no queries, and times that something may have been committed.</summary>
internal readonly record struct TrafficMark(long Commands, long Others, long Commits);
