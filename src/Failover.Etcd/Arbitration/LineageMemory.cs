using Microsoft.Extensions.Logging;

namespace Failover.Etcd.Arbitration;

/// <summary>Remembers which lineage etcd had, and how far it had come: data that were lost, or restored from a copy, are found out. Safe for any thread.</summary>
internal sealed class LineageMemory(ILogger logger)
{
    private readonly Lock _gate = new();
    private string? _lineage;
    private long _revision;

    /// <summary>Gets what is known. To be taken before etcd is asked: its revision never goes back, but answers may overtake each other.</summary>
    internal (string? Lineage, long Revision) Known
    {
        get
        {
            lock (_gate)
            {
                return (_lineage, _revision);
            }
        }
    }

    /// <summary>Takes in what etcd holds. Returns whether its data have gone back.</summary>
    internal bool HasGoneBack(LeaseView seen, (string? Lineage, long Revision) before)
    {
        lock (_gate)
        {
            if (seen.Lineage is not { } lineage)
            {
                return false;
            }

            if (lineage == before.Lineage && seen.Revision < before.Revision)
            {
                return true;
            }

            if (lineage == _lineage)
            {
                _revision = Math.Max(_revision, seen.Revision);
            }
            else if (before.Lineage == _lineage)
            {
                if (_lineage is not null)
                {
                    Log.LineageChanged(logger, lineage, _lineage);
                }

                (_lineage, _revision) = (lineage, seen.Revision);
            }

            return false;
        }
    }

    /// <summary>Takes in at which revision something was written.</summary>
    internal void Learn(string lineage, long revision)
    {
        lock (_gate)
        {
            if (lineage == _lineage)
            {
                _revision = Math.Max(_revision, revision);
            }
        }
    }
}
