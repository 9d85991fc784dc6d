namespace Failover.PostgreSql.Cutting;

/// <summary>The streams of a node's open connections, held weakly: Npgsql says when one opens, and not when it closes.</summary>
internal sealed class OpenStreams
{
    private const int FewEnough = 32;

    private readonly Lock _lock = new();
    private List<WeakReference<CuttableStream>> _streams = [];
    private int _sweepAt = FewEnough;

    internal void Add(CuttableStream stream)
    {
        lock (_lock)
        {
            // Twice as many as the last sweep left: a step for each connection that opens, on average.
            if (_streams.Count >= _sweepAt)
            {
                _streams = [.. _streams.Where(static weak => weak.TryGetTarget(out CuttableStream? one) && !one.IsClosed)];
                _sweepAt = Math.Max(FewEnough, 2 * _streams.Count);
            }

            _streams.Add(new WeakReference<CuttableStream>(stream));
        }
    }

    /// <summary>Cuts all that are open.</summary>
    /// <returns>How many.</returns>
    internal int Cut(CutCause cause)
    {
        WeakReference<CuttableStream>[] streams;
        lock (_lock)
        {
            streams = [.. _streams];
        }

        return streams.Count(weak => weak.TryGetTarget(out CuttableStream? stream) && stream.Cut(cause));
    }
}
