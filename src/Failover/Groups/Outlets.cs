using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Failover.Election;
using Failover.Engine;

namespace Failover.Groups;

/// <summary>Everything through which a group acts and tells. Called by one thread at a time; never blocks it.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The source has no timer and no handle; what is linked to it may outlive the group.")]
internal sealed class Outlets
{
    private readonly GroupMonitor _monitor;
    private readonly GroupParts _parts;
    private readonly CancellationTokenSource? _stopping;
    private readonly LeaseKeeper? _lease;
    private readonly SwitchRunner? _switcher;
    private readonly VisibleWatch? _visible;
    private readonly EpochFile? _epochs;
    private readonly ImmutableArray<PoolMoves> _movers = [];
    private readonly ImmutableArray<FitnessTeller> _fitness = [];

    internal Outlets(GroupMonitor monitor, GroupParts parts)
    {
        _monitor = monitor;
        _parts = parts;
        if (parts.IsPlain)
        {
            return;
        }

        _stopping = new();
        CancellationToken stopping = _stopping.Token;
        _lease = parts.Arbiter is { } arbiter ? new(monitor, parts, arbiter, stopping) : null;
        _switcher = parts.Switcher is { } switcher ? new(monitor, parts, switcher, _lease, stopping) : null;
        _visible = parts.Switcher is IVisibleSwitcher visible ? new(monitor, parts, visible, stopping) : null;
        _epochs = parts.EpochPath is { } path ? new(path, parts, stopping) : null;
        _movers = [.. parts.PoolMovers.Select(mover => new PoolMoves(mover, parts, stopping))];
        _fitness = [.. parts.FitnessPublishers.Select(publisher => new FitnessTeller(publisher, parts, stopping))];
    }

    internal void Start()
    {
        foreach (FitnessTeller teller in _fitness)
        {
            teller.Tell(GroupCondition.Starting, "starting");
        }

        _lease?.Acquire();
        foreach (IHintSource source in _parts.HintSources)
        {
            HintLoop.Start(source, _monitor, _parts, _stopping!.Token);
        }
    }

    internal void CarryOut(Outgoing step)
    {
        if (step.Fault is { } fault)
        {
            Log.EngineFault(_parts.Logger, _parts.Name, step.Failed!.GetType().Name, fault);
            return;
        }

        if (step.After is { } after && !ReferenceEquals(step.Before, after))
        {
            Transitions.Tell(_parts, step.Before, after);
            Move(step.Before, after);
        }

        if (step.Epochs is { } epochs)
        {
            _epochs?.Write(epochs);
        }

        for (int i = 0; i < step.Effects.Count; i++)
        {
            switch (step.Effects[i])
            {
                case Probe probe:
                    _monitor.Send(probe);
                    break;
                case Publish publish:
                    Transitions.Tell(_parts, publish.Switchover);
                    _monitor.Tell(publish.Switchover);
                    break;
                case AcquireLease:
                    _lease?.Acquire();
                    break;
                case AwaitVisible awaited:
                    _visible?.Begin(awaited.Member);
                    break;
                case Switch change:
                    _switcher?.Run(change);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Ends what runs, keeps what has to be kept, and gives the lease back.</summary>
    internal async Task StopAsync(EpochBook epochs)
    {
        if (_stopping is null)
        {
            return;
        }

        // Not awaited: what was registered on the token is foreign code.
        _ = _stopping.CancelAsync();
        if (_epochs is not null)
        {
            if (EpochFile.IsWorthWriting(null, epochs))
            {
                _epochs.Write(epochs);
            }

            await _epochs.WhenWrittenAsync().ConfigureAwait(false);
        }

        if (_lease is not null)
        {
            await _lease.ReleaseAsync().ConfigureAwait(false);
        }
    }

    private void Move(GroupSnapshot? before, GroupSnapshot after)
    {
        if (!_movers.IsEmpty && !Equals(before?.Active, after.Active))
        {
            foreach (PoolMoves mover in _movers)
            {
                mover.Move(before?.Active, after.Active);
            }
        }

        if (!_fitness.IsEmpty && before?.Condition != after.Condition)
        {
            foreach (FitnessTeller teller in _fitness)
            {
                teller.Tell(after.Condition, after.Reason);
            }
        }
    }
}
