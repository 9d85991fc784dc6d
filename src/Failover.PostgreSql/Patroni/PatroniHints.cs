using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Failover.PostgreSql.Patroni;

/// <summary>
/// Asks Patroni's REST API now and then, and tells a group to look when the leader, its timeline or its state changes, when Patroni is paused, or when a switchover is planned. Where members are to be found, it brings the group those that Patroni names.
/// </summary>
/// <param name="group">The name of the group, for logs.</param>
/// <param name="settings">Gives what is in force; asked each time. Settings in force do not change; others take their place.</param>
/// <param name="members">Gives the members of the group by now.</param>
/// <param name="setMembers">Gives the group other members.</param>
/// <param name="logger">Where to log.</param>
/// <param name="time">The clock.</param>
#pragma warning disable CA1001 // What it asks with is disposed of at the end of the enumeration.
internal sealed class PatroniHints(
    string group,
    Func<PatroniSettings> settings,
    Func<IReadOnlyCollection<FailoverMember>> members,
    Action<IEnumerable<FailoverMember>> setMembers,
    ILogger logger,
    TimeProvider time) : IHintSource
#pragma warning restore CA1001
{
    private const int DefaultPort = 8008;

    private readonly MemberFinding _finding = new();
    private PatroniRest? _rest;

    // Where to begin differs from process to process: one node need not answer all of them.
    private int _next = RandomNumberGenerator.GetInt32(1024);
    private bool? _isSilent;
    private string? _refused;

    public async IAsyncEnumerable<Hint> ReadHintsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (string?, long, string?, bool, string?)? known = null;
        try
        {
            while (true)
            {
                PatroniSettings now = settings();
                if (await LookAsync(now, cancellationToken).ConfigureAwait(false) is { } view)
                {
                    bool isChange = known is { } before && before != view.Mark;
                    known = view.Mark;
                    if (isChange)
                    {
                        yield return new Hint(HintKind.LookNow, "patroni-rest");
                    }
                }

                await Task.Delay(now.Options.Interval, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _rest?.Dispose();
            _rest = null;
        }
    }

    /// <summary>Asks one endpoint after the other, each once; null if nobody answers.</summary>
    private async Task<PatroniView?> LookAsync(PatroniSettings now, CancellationToken cancellationToken)
    {
        Uri[] endpoints = EndpointsOf(now.Options);
        string evidence = "no endpoint is known";
        for (int i = 0; i < endpoints.Length; i++)
        {
            Uri endpoint = endpoints[_next % endpoints.Length];
            try
            {
                PatroniView view = await AskAsync(now.Options, endpoint, cancellationToken).ConfigureAwait(false);
                if (_isSilent != false)
                {
                    _isSilent = false;
                    Log.Answers(logger, group, endpoint.Authority);
                }

                if (now.Options.DiscoverMembers)
                {
                    await FindAsync(now, view, endpoint, endpoints, cancellationToken).ConfigureAwait(false);
                }

                return view;
            }
            catch (PatroniException fault)
            {
                evidence = fault.Message;
                if (i == endpoints.Length - 1)
                {
                    TellSilent(endpoint.Authority, endpoints.Length, evidence);
                }

                _next = (_next + 1) % endpoints.Length;
            }
        }

        if (endpoints.Length == 0)
        {
            TellSilent("none", 0, evidence);
        }

        return null;
    }

    private async Task FindAsync(PatroniSettings now, PatroniView view, Uri endpoint, Uri[] endpoints, CancellationToken cancellationToken)
    {
        Apply(_finding.Take(view, IsLeaders(view, endpoint), members(), now.Allowed));
        if (_finding.AsksLeader && !IsLeaders(view, endpoint) && endpoints.FirstOrDefault(one => IsLeaders(view, one)) is { } leader)
        {
            try
            {
                PatroniView its = await AskAsync(now.Options, leader, cancellationToken).ConfigureAwait(false);
                Apply(_finding.Take(its, IsLeaders(its, leader), members(), now.Allowed));
            }
            catch (PatroniException)
            {
                // Then nobody goes yet.
            }
        }
    }

    private void Apply(Finding finding)
    {
        string? refused = finding.Refused;
        if (!finding.Members.IsEmpty)
        {
            try
            {
                setMembers(finding.Members);
            }
            catch (ArgumentException)
            {
                refused = "the group cannot serve one of them";
            }
        }

        if (refused is not null && refused != _refused)
        {
            Log.Refused(logger, group, refused);
        }

        _refused = refused;
    }

    private async Task<PatroniView> AskAsync(PatroniOptions options, Uri endpoint, CancellationToken cancellationToken)
    {
        if (_rest is null || !ReferenceEquals(_rest.Options, options))
        {
            _rest?.Dispose();
            _rest = null;
            _rest = new PatroniRest(options, time);
        }

        return await _rest.AskAsync(endpoint, cancellationToken).ConfigureAwait(false);
    }

    private void TellSilent(string endpoint, int count, string evidence)
    {
        if (_isSilent != true)
        {
            _isSilent = true;
            Log.Silent(logger, group, endpoint, count, evidence);
        }
    }

    private Uri[] EndpointsOf(PatroniOptions options) => options.Endpoints.Count > 0
        ? [.. options.Endpoints.Select(static endpoint => new Uri(endpoint, UriKind.Absolute))]
        : [.. members().Select(static member => new UriBuilder("http", member.Address.Host, DefaultPort).Uri).Distinct()];

    /// <summary>Whether an endpoint is that of the node that leads: by the address that Patroni gives for it, or by its host.</summary>
    private static bool IsLeaders(PatroniView view, Uri endpoint) =>
        view.Leader is { } leader
        && (string.Equals(leader.Api, endpoint.Authority, StringComparison.OrdinalIgnoreCase)
            || (leader.Api is null && AllowedMembers.CleanHost(leader.Host) is { } host && host == AllowedMembers.CleanHost(endpoint.IdnHost)));
}

/// <summary>What is asked of Patroni, and which nodes may be found.</summary>
internal sealed record PatroniSettings(PatroniOptions Options, AllowedMembers Allowed);
