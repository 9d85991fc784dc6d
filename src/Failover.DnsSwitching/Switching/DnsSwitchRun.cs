using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover.DnsSwitching.Switching;

/// <summary>All that moves one name: made with its group, begun with the host.</summary>
internal sealed partial class DnsSwitchRun : IAsyncDisposable
{
    private static readonly TimeSpan LongTimeToLive = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stopping = new();
    private readonly IDnsProvider _provider;
    private readonly Func<DnsSwitchOptions> _options;
    private readonly Func<FailoverGroup> _group;
    private readonly ILogger _logger;
    private readonly bool _hasLease;
    private Task _proving = Task.CompletedTask;

    internal DnsSwitchRun(string group, IDnsProvider provider, bool hasLease, Func<DnsSwitchOptions> options, Func<FailoverGroup> made, TimeProvider time, ILogger logger)
    {
        (_provider, _options, _group, _logger, _hasLease) = (provider, options, made, logger, hasLease);
        DnsSwitchOptions read = options();
        Name = DnsName.TryParse(read.Name, out string? name) ? name : throw new InvalidOperationException("Checked when the settings are read.");
        Report = new(Name, $"{provider.Name} at {provider.Where}", time, logger);
        Switcher = new(new()
        {
            Name = Name,
            Owner = read.Owner ?? OwnerOf(group),
            Provider = provider,
            Options = options,
            Members = () => made().Snapshot.Members.Select(static member => member.Member),
            Switchover = () => made().Snapshot.LastSwitchover is { Switched: null, IsFinal: false } open ? open.Id : null,
            IsAskedFor = () => made().Snapshot.LastSwitchover is { Switched: null, IsFinal: false, Cause: SwitchoverCause.Manual },
            Visibility = new(Name, provider, options, time, logger),
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
    /// <exception cref="OptionsValidationException">Two members would have the same values.</exception>
    internal void Start()
    {
        DnsSwitchOptions options = _options();
        FailoverMember[] members = [.. Group.Snapshot.Members.Select(static member => member.Member)];
        if (DnsTargets.Twins(members, options) is var (one, other))
        {
            throw new OptionsValidationException(Group.Name, typeof(DnsSwitchOptions),
            [
                $"{Name} would hold {DnsTargets.Of(one, options)} for {one.Name} and for {other.Name}: give each its own values in Failover:Dns:{Group.Name}:Targets.",
            ]);
        }

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

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _proving.ConfigureAwait(false);
        await _provider.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task ProveAsync()
    {
        try
        {
            // The host does not wait for a name server.
            await Task.Yield();
            if (Group.Snapshot.Members is [var first, ..] && DnsTargets.Of(first.Member, _options()) is { } values)
            {
                Report.Probes(await _provider.ProbeAsync(Name, values, _stopping.Token).ConfigureAwait(false));
            }

            if (await _provider.ReadAsync(Name, _stopping.Token).ConfigureAwait(false) is DnsRead.Found { State: var state })
            {
                if (state.TimeToLive > LongTimeToLive)
                {
                    Log.LongTimeToLive(_logger, Name, state.TimeToLive.Value.TotalSeconds);
                }

                if (DnsTargets.Holder(state.Values, Group.Snapshot.Members.Select(static member => member.Member), _options()) is null)
                {
                    Log.PointsElsewhere(_logger, Name, Group.Name, state.Values);
                }
            }
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

    private static string OwnerOf(string group)
    {
        string word = NotOfWord().Replace(group, "-");
        return word.Length <= 64 ? word : word[..64];
    }

    [GeneratedRegex("[^A-Za-z0-9._-]")]
    private static partial Regex NotOfWord();
}
