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

        using var limit = new CancellationTokenSource(MoveLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Task.WhenAll(told.Select(mover => MoveAsync(mover, move, either.Token))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task MoveAsync(INamePoolMover mover, NameMove move, CancellationToken cancellationToken)
    {
        try
        {
            await mover.MoveAsync(move, cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a mover throws: the others move.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.NotMoved(logger, mover.GetType().Name, move.Name, failure.GetType().Name);
        }
    }
}
