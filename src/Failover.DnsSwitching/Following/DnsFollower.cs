using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Following;

/// <summary>Follows all names that movers hold connections to: one loop a name, from when somebody needs it until nobody does. Safe for any thread.</summary>
internal sealed class DnsFollower : INameFollower, IAsyncDisposable, IDisposable
{
    internal const int MostNames = 256;

    /// <summary>How often movers are asked for names that are new to them.</summary>
    private static readonly TimeSpan Survey = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (NameLoop Loop, Task Running)> _names = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly FollowerParts _parts;
    private readonly Func<string, INameLookup> _lookup;
    private readonly ITimer _survey;

    /// <summary>Movers that could not say their names when they were asked last: it is told once.</summary>
    private readonly ConcurrentDictionary<INamePoolMover, byte> _faulty = new(ReferenceEqualityComparer.Instance);
    private volatile ImmutableList<INamePoolMover> _movers = [];

    /// <summary>The names of all movers when they were asked last.</summary>
    private volatile HashSet<string> _needed = [];
    private bool _isFull;
    private bool _isDisposed;

    internal DnsFollower(Func<DnsFollowerOptions> options, TimeProvider time, ILogger logger, Func<double> chance, Func<string, CancellationToken, Task<IPAddress[]>> system)
        : this(options, time, logger, chance, name => new NameLookup(name, options, system, time))
    {
    }

    internal DnsFollower(Func<DnsFollowerOptions> options, TimeProvider time, ILogger logger, Func<double> chance, Func<string, INameLookup> lookup)
    {
        _parts = new(options, time, logger, chance, MoversOf);
        _lookup = lookup;
        _survey = time.CreateTimer(static follower => ((DnsFollower)follower!).Look(), this, Survey, Survey);
    }

    /// <summary>Gets the settings in force.</summary>
    internal DnsFollowerOptions Options => _parts.Options;

    internal TimeProvider Time => _parts.Time;

    /// <summary>Gets how many names are looked at.</summary>
    internal int Names
    {
        get
        {
            lock (_gate)
            {
                return _names.Count;
            }
        }
    }

    /// <summary>Returns how long ago a name was looked at last; null if it never was.</summary>
    internal TimeSpan? AgeOf(string name) => Find(name)?.Age;

    public IDisposable Follow(INamePoolMover mover)
    {
        ArgumentNullException.ThrowIfNull(mover);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(INameFollower));
            _movers = _movers.Add(mover);
        }

        // Not on this thread: a mover may have to be made first, and that may connect.
        ThreadPool.UnsafeQueueUserWorkItem(static follower => follower.Look(), this, preferLocal: false);
        return new Followed(this, mover);
    }

    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        if (LoopOf(name) is not { } loop)
        {
            return [];
        }

        if (loop.State.Good.Addresses.IsEmpty)
        {
            await loop.FirstLookAsync(cancellationToken).ConfigureAwait(false);
        }

        return loop.Candidates;
    }

    /// <summary>Begins to look at a name.</summary>
    internal void LookFor(string name) => _ = LoopOf(name);

    public void ConnectFailed(string name, IPAddress? address) => Find(name)?.ConnectFailed(address);

    /// <summary>Returns where a name leads after a look that is not older than the floor: for who has tried all addresses in vain.</summary>
    internal async ValueTask<IReadOnlyList<IPAddress>> ResolveAgainAsync(string name, CancellationToken cancellationToken)
    {
        if (Find(name) is not { } loop)
        {
            return [];
        }

        await loop.FreshLookAsync(cancellationToken).ConfigureAwait(false);
        return loop.Candidates;
    }

    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            running = [.. _names.Values.Select(static one => one.Running)];
        }

        await _survey.DisposeAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Look()
    {
        HashSet<string> needed = [];
        foreach (INamePoolMover mover in _movers)
        {
            foreach (string name in NamesOf(mover))
            {
                if (LoopOf(name) is { } loop)
                {
                    needed.Add(loop.Name);
                }
            }
        }

        _needed = needed;
    }

    private string[] NamesOf(INamePoolMover mover)
    {
        try
        {
            // Gone through here: what the mover gives may throw only then.
            string[] names = [.. mover.Names];
            _faulty.TryRemove(mover, out _);
            return names;
        }
#pragma warning disable CA1031 // What it belongs to cannot be made, or has ended: others have names too.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (_faulty.TryAdd(mover, 0))
            {
                Log.NotMoved(_parts.Logger, mover.GetType().Name, "any name", failure.GetType().Name);
            }

            return [];
        }
    }

    private INamePoolMover[] MoversOf(string name) =>
        [.. _movers.Where(mover => NamesOf(mover).Any(one => DnsName.TryParse(one, out string? its) && its == name))];

    private NameLoop? Find(string name)
    {
        if (!DnsName.TryParse(name, out string? known))
        {
            return null;
        }

        lock (_gate)
        {
            return _names.TryGetValue(known, out (NameLoop Loop, Task Running) one) ? one.Loop : null;
        }
    }

    /// <summary>Returns what looks at a name, and begins it if nobody has; null for what is no name, or one too many.</summary>
    private NameLoop? LoopOf(string name)
    {
        if (!DnsName.TryParse(name, out string? known))
        {
            return null;
        }

        lock (_gate)
        {
            if (_names.TryGetValue(known, out (NameLoop Loop, Task Running) one))
            {
                one.Loop.IsGiven = true;
                return one.Loop;
            }

            if (_isDisposed)
            {
                return null;
            }

            if (_names.Count >= MostNames)
            {
                if (!_isFull)
                {
                    _isFull = true;
                    Log.TooMany(_parts.Logger, known, MostNames);
                }

                return null;
            }

            var loop = new NameLoop(known, _lookup(known), _parts) { IsGiven = true };
            _names[known] = (loop, Begin(loop, _stop.Token));
            return loop;
        }
    }

    /// <summary>Begins a loop, which does not hold on to the execution context of the request that needed it first.</summary>
    private Task Begin(NameLoop loop, CancellationToken stop)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return Task.Run(() => loop.RunAsync(() => IsNeeded(loop), stop), CancellationToken.None);
        }

        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(() => loop.RunAsync(() => IsNeeded(loop), stop), CancellationToken.None);
        }
    }

    private bool IsNeeded(NameLoop loop)
    {
        // All movers are asked anew only where the last survey did not find the name.
        if (_needed.Contains(loop.Name) || MoversOf(loop.Name).Length > 0)
        {
            return true;
        }

        lock (_gate)
        {
            // Not one that somebody was given since the last look: it would have what nobody looks at.
            if (loop.IsGiven)
            {
                loop.IsGiven = false;
                return true;
            }

            _names.Remove(loop.Name);
            return false;
        }
    }

    private void Leave(INamePoolMover mover)
    {
        lock (_gate)
        {
            _movers = _movers.Remove(mover);
            _faulty.TryRemove(mover, out _);
        }
    }

    private sealed class Followed(DnsFollower follower, INamePoolMover mover) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                follower.Leave(mover);
            }
        }
    }
}
