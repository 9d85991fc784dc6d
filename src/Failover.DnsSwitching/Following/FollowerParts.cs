using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Following;

/// <summary>What all names that are followed have in common.</summary>
/// <param name="options">Gets the settings in force.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where to log.</param>
/// <param name="chance">Gives a number from 0 to 1.</param>
/// <param name="movers">Gets those who are told of a name.</param>
internal sealed class FollowerParts(Func<DnsFollowerOptions> options, TimeProvider time, ILogger logger, Func<double> chance, Func<string, IReadOnlyList<INamePoolMover>> movers)
{
    private static readonly TimeSpan MoveLimit = TimeSpan.FromSeconds(10);

    internal DnsFollowerOptions Options => options();

    internal TimeProvider Time => time;

    internal ILogger Logger => logger;

    internal double Chance() => chance();

    /// <summary>Tells everyone who holds connections to a name, all at once, and waits for them, but not for ever.</summary>
    internal async Task MoveAsync(NameMove move, CancellationToken cancellationToken)
    {
        IReadOnlyList<INamePoolMover> told = movers(move.Name);
        if (move.IsRepeated)
        {
            Log.CaughtUp(logger, move.Name, AddressSet.Of(move.After), told.Count);
        }
        else
        {
            Log.Moves(logger, move.Name, AddressSet.Of(move.Before), AddressSet.Of(move.After), told.Count);
        }

        // Each on a thread of its own, for it may block. The limit counts from when all have begun.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        (INamePoolMover Mover, Task Begun, Task Moved)[] moving = [.. told.Select(mover => Begin(mover, move, end.Token))];
        await Task.WhenAll(moving.Select(static one => one.Begun)).WaitAsync(cancellationToken).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(MoveLimit, time);
        using CancellationTokenRegistration ends = limit.Token.UnsafeRegister(static end => _ = ((CancellationTokenSource)end!).CancelAsync(), end);
        await Task.WhenAll(moving.Select(one => WaitAsync(one.Mover, move, one.Moved, end.Token))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static (INamePoolMover Mover, Task Begun, Task Moved) Begin(INamePoolMover mover, NameMove move, CancellationToken cancellationToken)
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return (mover, begun.Task, Task.Run(Move, CancellationToken.None));

        async Task Move()
        {
            begun.SetResult();
            await mover.MoveAsync(move, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(INamePoolMover mover, NameMove move, Task moved, CancellationToken cancellationToken)
    {
        try
        {
            await moved.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a mover throws: the others move.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.NotMoved(logger, mover.GetType().Name, move.Name, failure.GetType().Name);
        }
    }
}
