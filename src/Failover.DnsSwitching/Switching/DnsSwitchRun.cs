using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover.DnsSwitching.Switching;

/// <summary>All that moves one name: made with its group, begun with the host.</summary>
internal sealed partial class DnsSwitchRun : IAsyncDisposable
{
    /// <summary>How often it is tried to prove what could not be proved, or what the provider has refused since.</summary>
    private static readonly TimeSpan ProveAgain = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongTimeToLive = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stopping = new();
    private readonly IDnsProvider _provider;
    private readonly Func<DnsSwitchOptions> _read;
    private readonly Func<FailoverGroup> _group;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly bool _hasLease;
    private Task _proving = Task.CompletedTask;
    private volatile DnsSwitchOptions _good;
    private volatile bool _hasStarted;
    private DnsSwitchOptions? _unfit;

    internal DnsSwitchRun(string group, IDnsProvider provider, bool hasLease, Func<DnsSwitchOptions> options, Func<FailoverGroup> made, TimeProvider time, ILogger logger)
    {
        (_provider, _read, _group, _logger, _time, _hasLease) = (provider, options, made, logger, time, hasLease);
        DnsSwitchOptions read = _good = options();
        Name = DnsName.TryParse(read.Name, out string? name) ? name : throw new InvalidOperationException("Checked when the settings are read.");
        string owner = read.Owner ?? OwnerOf(group);
        Report = new(Name, owner, $"{provider.Name} at {provider.Where}", time, logger);
        Switcher = new(new()
        {
            Group = group,
            Name = Name,
            Owner = owner,
            HasLease = hasLease,
            Provider = provider,
            Options = Fit,
            Members = () => made().Snapshot.Members.Select(static member => member.Member),
            Switchover = () => made().Snapshot.LastSwitchover is { Switched: null, IsFinal: false } open ? open.Id : null,
            IsAskedFor = () => made().Snapshot.LastSwitchover is { Switched: null, IsFinal: false, Cause: SwitchoverCause.Manual },
            Visibility = new(Name, provider, Fit, time, logger),
            Report = Report,
            Time = time,
            Logger = logger,
        });
    }

    internal string Name { get; }

    internal FailoverGroup Group => _group();

    internal DnsReport Report { get; }

    internal DnsSwitcher Switcher { get; }

    /// <summary>Checks what can be checked only with the members, tells what is not well, and has the provider prove that a move would be let through.</summary>
    /// <exception cref="OptionsValidationException">Two members would have the same values, or values are named for a member that is none.</exception>
    internal void Start()
    {
        DnsSwitchOptions options = _read();
        string[] problems = [.. Problems(options)];
        if (problems.Length > 0)
        {
            throw new OptionsValidationException(Group.Name, typeof(DnsSwitchOptions), problems);
        }

        (_good, _hasStarted) = (options, true);
        if (options.TimeToLive > LongTimeToLive)
        {
            Log.LongTimeToLive(_logger, Name, options.TimeToLive.TotalSeconds);
        }

        if (!_hasLease)
        {
            Log.NoLease(_logger, Name, Group.Name);
        }

        _proving = ProveAsync();
    }

    /// <summary>The settings in force: the newest that fit the members. Both are reloaded apart from each other, so what does not fit yet may do so at the next look.</summary>
    private DnsSwitchOptions Fit()
    {
        DnsSwitchOptions read = _read();
        if (ReferenceEquals(read, _good) || !_hasStarted)
        {
            // Before the start there may be no group yet that could be asked for its members.
            return _good;
        }

        string[] problems = [.. Problems(read)];
        if (problems.Length == 0)
        {
            return _good = read;
        }

        if (!ReferenceEquals(Interlocked.Exchange(ref _unfit, read), read))
        {
            Log.TargetsRefused(_logger, Group.Name, string.Join(" ", problems));
        }

        return _good;
    }

    private IEnumerable<string> Problems(DnsSwitchOptions options)
    {
        FailoverMember[] members = [.. Group.Snapshot.Members.Select(static member => member.Member)];
        if (DnsTargets.Twins(members, options) is var (one, other))
        {
            yield return $"{Name} would hold {DnsTargets.Of(one, options)} for {one.Name} and for {other.Name}: give each its own values in Failover:Dns:{Group.Name}:Targets.";
        }

        foreach (string name in options.Targets.Keys.Where(name => !members.Any(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))))
        {
            yield return $"Failover:Dns:{Group.Name}:Targets:{name} must be the name of a member of {Group.Name}: {string.Join(", ", members.Select(static member => member.Name))}.";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _proving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _provider.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task ProveAsync()
    {
        // The host does not wait for a name server.
        await Task.Yield();
        await LookAsync().ConfigureAwait(false);
        while (!_stopping.IsCancellationRequested)
        {
            // All that it may be given: a grant may be for some kinds only.
            DnsValues values = DnsValues.Of(Group.Snapshot.Members.SelectMany(member => DnsTargets.Of(member.Member, Fit()) ?? DnsValues.None));
            if (!Report.Snapshot.IsProven && values.Count > 0)
            {
                await ProveAsync(values).ConfigureAwait(false);
            }

            await Task.Delay(ProveAgain, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ProveAsync(DnsValues values)
    {
        try
        {
            Report.Probes(await _provider.ProbeAsync(Name, values, _stopping.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The app ends.
        }
#pragma warning disable CA1031 // A provider of the app's own: nothing is proven then.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Report.Probes(new DnsOutcome.Failed(failure.GetType().Name));
        }
    }

    /// <summary>Tells if caches keep the name for long. What else is not well with it, the group's reads tell.</summary>
    private async Task LookAsync()
    {
        try
        {
            if (await _provider.ReadAsync(Name, _stopping.Token).ConfigureAwait(false) is not DnsRead.Found { State: var state })
            {
                return;
            }

            if (state.TimeToLive > LongTimeToLive)
            {
                Log.LongTimeToLive(_logger, Name, state.TimeToLive.Value.TotalSeconds);
            }
        }
#pragma warning disable CA1031 // The group reads it, too, and tells what is wrong.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private static string OwnerOf(string group)
    {
        string word = NotOfWord().Replace(group, "-");
        return word.Length <= 64 ? word : word[..64];
    }

    [GeneratedRegex("[^A-Za-z0-9._-]")]
    private static partial Regex NotOfWord();
}
