namespace Failover.Gates;

/// <summary>A gate as the app gets it, whatever it goes by. Its state shows also what keeps the work of those behind it from being done.</summary>
internal sealed class NamedGate(string name, IPrimaryGate gate) : IPrimaryGate, IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, string> _troubles = [];

    public string Name => name;

    public PrimaryGateState State
    {
        get
        {
            PrimaryGateState state = gate.State;
            if (state.Problem is not null)
            {
                return state;
            }

            lock (_gate)
            {
                return _troubles.Count > 0 ? state with { Problem = string.Join("; ", _troubles.Values) } : state;
            }
        }
    }

    public ValueTask<PrimaryScope> WaitForPrimaryAsync(CancellationToken cancellationToken) => gate.WaitForPrimaryAsync(cancellationToken);

    /// <summary>Shows in the state what keeps the work of somebody behind this gate from being done; null when nothing does any more.</summary>
    internal void Trouble(object whose, string? what)
    {
        lock (_gate)
        {
            if (what is null)
            {
                _troubles.Remove(whose);
            }
            else
            {
                _troubles[whose] = what;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        if (gate is IAsyncDisposable disposable)
        {
            return disposable.DisposeAsync();
        }

        (gate as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    // For a container that is not disposed of asynchronously.
    public void Dispose()
    {
        if (gate is IDisposable disposable)
        {
            disposable.Dispose();
            return;
        }

        Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();
    }
}
