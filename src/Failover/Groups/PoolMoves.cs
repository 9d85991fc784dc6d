namespace Failover.Groups;

/// <summary>Tells one pool mover of each change of the active member, one at a time, in order. A mover that hangs holds up nobody but itself.</summary>
internal sealed class PoolMoves
{
    private const int MaxWaiting = 64;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IPoolMover _mover;
    private readonly GroupParts _parts;
    private readonly CancellationToken _stopping;
    private readonly SerialWorker<(FailoverMember? From, FailoverMember? To)> _moves;

    internal PoolMoves(IPoolMover mover, GroupParts parts, CancellationToken stopping)
    {
        _mover = mover;
        _parts = parts;
        _stopping = stopping;
        _moves = new(MaxWaiting, static (earlier, later) => (earlier.From, later.To), MoveAsync);
    }

    internal void Move(FailoverMember? from, FailoverMember? to) => _moves.Post((from, to));

    private async ValueTask MoveAsync((FailoverMember? From, FailoverMember? To) move)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        try
        {
            using CancellationTokenSource limit = new(Limit, _parts.Time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping);
            await _mover.MoveAsync(move.From, move.To, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            Log.PoolMoverFailed(_parts.Logger, _mover.GetType().Name, _parts.Name, Evidence.Of(exception), exception.StackTrace);
        }
    }
}
