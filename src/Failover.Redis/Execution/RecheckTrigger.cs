using StackExchange.Redis;

namespace Failover.Redis.Execution;

/// <summary>
/// Has the group look at its nodes when what a multiplexer meets says that its master may be none any more: at once the first time, and then at most once in each <see cref="Rest"/>, however many commands fail. Safe for any thread.
/// </summary>
internal sealed class RecheckTrigger : IDisposable
{
    /// <summary>A look takes as long as an answer does; what is seen meanwhile is worth one more, and no more than one.</summary>
    internal static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly Action _look;
    private readonly Lock _gate = new();
    private readonly ITimer _rest;
    private bool _isResting;
    private bool _isWanted;
    private bool _isEnded;

    internal RecheckTrigger(Action look, TimeProvider time)
    {
        _look = look;
        _rest = time.CreateTimer(static trigger => ((RecheckTrigger)trigger!).Rested(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the server says of itself that it is none to send commands to.</summary>
    internal static bool IsOfTheNode(string error) =>
        error.StartsWith("READONLY ", StringComparison.Ordinal)
        || error.StartsWith("MASTERDOWN ", StringComparison.Ordinal)
        || error.StartsWith("LOADING ", StringComparison.Ordinal)
        || error.StartsWith("NOREPLICAS ", StringComparison.Ordinal)
        || error.StartsWith("UNBLOCKED ", StringComparison.Ordinal);

    /// <summary>Sees what a multiplexer meets: each error that a server answers with, that to a command whose answer nobody waits for too, and each connection that is lost or cannot be made.</summary>
    internal void Watch(IConnectionMultiplexer multiplexer)
    {
        multiplexer.ErrorMessage += (_, error) =>
        {
            if (IsOfTheNode(error.Message))
            {
                Want();
            }
        };
        multiplexer.ConnectionFailed += (_, failure) =>
        {
            // These two are of our own making.
            if (failure.FailureType is not (ConnectionFailureType.MaintenanceHandoff or ConnectionFailureType.ConnectionDisposed))
            {
                Want();
            }
        };
    }

    /// <summary>Asks for a look.</summary>
    internal void Want()
    {
        lock (_gate)
        {
            if (_isResting || _isEnded)
            {
                _isWanted = true;
                return;
            }

            Begin();
        }

        _look();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isEnded = true;
        }

        _rest.Dispose();
    }

    private void Begin()
    {
        (_isResting, _isWanted) = (true, false);
        _rest.Change(Rest, Timeout.InfiniteTimeSpan);
    }

    private void Rested()
    {
        lock (_gate)
        {
            _isResting = false;
            if (!_isWanted || _isEnded)
            {
                return;
            }

            Begin();
        }

        _look();
    }
}
