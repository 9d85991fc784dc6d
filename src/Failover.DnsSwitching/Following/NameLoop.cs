using System.Net;
using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Following;

/// <summary>Looks at one name again and again, as long as somebody needs it. Safe for any thread.</summary>
/// <param name="name">The name.</param>
/// <param name="lookup">Looks it up.</param>
/// <param name="parts">What all names have in common.</param>
internal sealed class NameLoop(string name, INameLookup lookup, FollowerParts parts)
{
    /// <summary>How long caches are waited for that may hold what has changed at the name servers.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromMinutes(10);

    /// <summary>How long a move waits for the system's resolver.</summary>
    private static readonly TimeSpan Glimpse = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly long _origin = parts.Time.GetTimestamp();
    private NameState _state = new();
    private TaskCompletionSource _wake = New();
    private TaskCompletionSource _looked = New();
    private TimeSpan? _lastLook;
    private string? _problem;
    private bool _isUnheard;
    private bool _isCapped;
    private bool _isWoken;
    private (NameMove Move, TimeSpan Since)? _lagging;

    /// <summary>The system's resolver, as long as it has not answered.</summary>
    private Task<NameAnswer>? _system;

    internal string Name => name;

    /// <summary>Gets or sets whether somebody was given it since it was last seen to be needed by nobody. Whoever holds the lock of the follower may.</summary>
    internal bool IsGiven { get; set; }

    internal NameState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Gets how long ago it was looked at last; null if it never was.</summary>
    internal TimeSpan? Age
    {
        get
        {
            lock (_gate)
            {
                return Now - _lastLook;
            }
        }
    }

    /// <summary>Gets what to connect to, in this order.</summary>
    internal IReadOnlyList<IPAddress> Candidates => State.Candidates(Now);

    private TimeSpan Now => parts.Time.GetElapsedTime(_origin);

    /// <summary>Looks until nobody needs the name any more.</summary>
    /// <param name="isNeeded">Asked after each rest.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task RunAsync(Func<bool> isNeeded, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                await LookAsync(cancellationToken).ConfigureAwait(false);
            }
            while (isNeeded());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            _looked.TrySetResult();
        }
    }

    /// <summary>Waits for the first look.</summary>
    internal async Task FirstLookAsync(CancellationToken cancellationToken)
    {
        Task looked;
        lock (_gate)
        {
            looked = _lastLook is null ? _looked.Task : Task.CompletedTask;
        }

        await looked.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for a look that begins now, unless there was one just before.</summary>
    internal async Task FreshLookAsync(CancellationToken cancellationToken)
    {
        Task looked;
        lock (_gate)
        {
            if (Now - _lastLook < parts.Options.MinInterval)
            {
                return;
            }

            looked = _looked.Task;
            _wake.TrySetResult();
        }

        await looked.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    internal void ConnectFailed(IPAddress? address)
    {
        lock (_gate)
        {
            if (address is null || _state.Good.Contains(address))
            {
                _state = _state.Failed(address, Now);
                _wake.TrySetResult();
            }
        }
    }

    /// <summary>One look, what follows from it, and the rest after it.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        NameAnswer answer = await AskAsync(lookup.AskAsync, cancellationToken).ConfigureAwait(false);
        DnsFollowerOptions options = parts.Options;
        (NameMove? move, NameVerdict verdict) = Take(answer, options);
        Tell(answer, verdict);
        if (move is not null)
        {
            await MoveAsync(move, answer.IsFromNameServer, cancellationToken).ConfigureAwait(false);
        }
        else if (_lagging is { } lagging)
        {
            await CatchUpAsync(lagging, cancellationToken).ConfigureAwait(false);
        }

        TimeSpan? timeToLive = _lagging is null ? answer.TimeToLive : options.MinInterval;
        await RestAsync(Pace.Next(options, timeToLive, verdict, parts.Chance()), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<NameAnswer> AskAsync(Func<CancellationToken, Task<NameAnswer>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a resolver or a library throws: the last good addresses are kept, and the next look comes.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(AddressSet.None, null, IsFromNameServer: false, failure.GetType().Name);
        }
    }

    private (NameMove? Move, NameVerdict Verdict) Take(NameAnswer answer, DnsFollowerOptions options)
    {
        lock (_gate)
        {
            AddressSet before = _state.Good;
            (_state, NameVerdict verdict) = _state.Take(answer.Addresses, Now, options.MaxMovesPerMinute);
            _lastLook = Now;
            _looked.TrySetResult();
            _looked = New();
            return (verdict == NameVerdict.Moved ? new(name, before.Addresses, answer.Addresses.Addresses) : null, verdict);
        }
    }

    private async Task MoveAsync(NameMove move, bool isFromNameServer, CancellationToken cancellationToken)
    {
        _lagging = null;
        if (isFromNameServer)
        {
            // Before anybody moves: who connects by the system's resolver then finds this, or what is newer. One that does not answer holds up nobody.
            _system = AskAsync(lookup.AskSystemAsync, cancellationToken);
            await ((Task)_system).WaitAsync(Glimpse, parts.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _lagging = TakeSystem() is { } system && system.Equals(AddressSet.Of(move.After)) ? null : (move, Now);
        }

        await parts.MoveAsync(move, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has those moved again who connect by the system's resolver, once that has caught up. What it says is taken in when it has said it; looks go on meanwhile.</summary>
    private async Task CatchUpAsync((NameMove Move, TimeSpan Since) lagging, CancellationToken cancellationToken)
    {
        _system ??= AskAsync(lookup.AskSystemAsync, cancellationToken);
        if (TakeSystem() is { } system && system.Equals(AddressSet.Of(lagging.Move.After)))
        {
            _lagging = null;
            await parts.MoveAsync(lagging.Move with { IsRepeated = true }, cancellationToken).ConfigureAwait(false);
        }
        else if (Now - lagging.Since >= LongestLag)
        {
            _lagging = null;
        }
    }

    private AddressSet? TakeSystem()
    {
        if (_system is not { IsCompletedSuccessfully: true } answered)
        {
            return null;
        }

        _system = null;
        return answered.Result.Addresses;
    }

    /// <summary>Rests; less if somebody wakes it, but not so little that failures become a storm of looks.</summary>
    private async Task RestAsync(TimeSpan rest, CancellationToken cancellationToken)
    {
        TimeSpan begun = Now;
        Task wake;
        lock (_gate)
        {
            wake = _wake.Task;
        }

        await wake.WaitAsync(rest, parts.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _wake = wake.IsCompleted ? New() : _wake;
        }

        // The first failure is looked into at once, and each further one within the floor of the look before.
        TimeSpan tooEarly = (_isWoken ? parts.Options.MinInterval : TimeSpan.Zero) - (Now - begun);
        _isWoken = wake.IsCompleted;
        if (tooEarly > TimeSpan.Zero)
        {
            await Task.Delay(tooEarly, parts.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Tell(NameAnswer answer, NameVerdict verdict)
    {
        if (answer.Silence is { } silence && !_isUnheard)
        {
            Log.NameServersSilent(parts.Logger, name, silence);
        }
        else if (answer.Silence is null && _isUnheard)
        {
            Log.NameServersHeard(parts.Logger, name);
        }

        _isUnheard = answer.Silence is not null;
        if (answer.Problem is { } problem)
        {
            if (_problem is null)
            {
                Log.NotFound(parts.Logger, name, State.Good.Addresses.IsEmpty ? "nothing, for no address was ever found" : State.Good, problem);
            }

            _problem = problem;
            return;
        }

        if (_problem is not null)
        {
            _problem = null;
            Log.FoundAgain(parts.Logger, name, answer.Addresses);
        }

        bool wasCapped = _isCapped;
        _isCapped = verdict == NameVerdict.Capped;
        if (_isCapped && !wasCapped)
        {
            Log.Flaps(parts.Logger, name, parts.Options.MaxMovesPerMinute, State.Good, answer.Addresses);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
