using Amazon.Runtime;
using Failover.Aws.Api;
using Failover.Aws.Registration;
using Failover.Aws.Route53;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Failover.Aws;

/// <summary>
/// A name that fails over by itself: a PRIMARY and a SECONDARY record set with health checks, which Route 53's checkers and name servers evaluate on their own. It is made and checked here; in an incident nobody calls AWS. For any thread.
/// </summary>
/// <remarks>A failover takes <c>RequestInterval</c> times <c>FailureThreshold</c>, and then the time to live in caches. To let a side step down, let its app answer 503 at the path that is asked: that works without credentials, too.</remarks>
public sealed class Route53FailoverPair : IDisposable
{
    private const int MostReferences = 5;

    private readonly Route53Client _client;
    private readonly Route53FailoverPairOptions _options;
    private readonly PairDesign _design;
    private readonly string _zone;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Initializes a pair with the credentials of AWS's default chain.</summary>
    /// <param name="options">What it is. Not to be changed later.</param>
    /// <param name="aws">How AWS is spoken to. Not to be changed later.</param>
    /// <exception cref="OptionsValidationException">The settings are invalid; it names all that is wrong with them.</exception>
    public Route53FailoverPair(Route53FailoverPairOptions options, AwsOptions aws)
        : this(options, aws, null, TimeProvider.System, NullLoggerFactory.Instance)
    {
    }

    /// <summary>Initializes a pair.</summary>
    /// <param name="options">What it is. Not to be changed later.</param>
    /// <param name="aws">How AWS is spoken to. Not to be changed later.</param>
    /// <param name="credentials">What requests are signed with; null for AWS's default chain.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where to log.</param>
    /// <exception cref="OptionsValidationException">The settings are invalid; it names all that is wrong with them.</exception>
    public Route53FailoverPair(Route53FailoverPairOptions options, AwsOptions aws, AWSCredentials? credentials, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        Checked.Throw(Route53PairKeys.Table, options, "Pair");
        (_options, _design, _time, _logger) = (options, new(options), time, loggers.CreateLogger("Failover.Aws"));
        _zone = AwsKeysTable.BareId(options.HostedZoneId);
        _client = Clients.Route53(aws, credentials, time);
    }

    /// <summary>Gets the name.</summary>
    public string Name => _design.Name;

    /// <summary>Compares what Route 53 has with the settings. Nothing is changed.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Route53PairPlan> PlanAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await LookAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AwsException fault)
        {
            // Nothing but looks: what is lost of them was not done.
            return new(fault.Fault == AwsFault.Unknown ? new(Route53PairOutcome.Failed, Told(fault)) : ResultOf(fault));
        }
    }

    /// <summary>Does what a plan says, if Route 53 still has what it had when the plan was made, and reads it back. Health checks come first, then both record sets in one batch.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent may be done all the same.</param>
    public async Task<Route53PairResult> ApplyAsync(Route53PairPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.WhyNot is { } whyNot)
        {
            return whyNot;
        }

        if (plan.IsInForce)
        {
            return new(Route53PairOutcome.AlreadyThere, null);
        }

        try
        {
            Dictionary<PairSide, string> checks = plan.Acts.HealthChecks.ToDictionary(static side => side.Key, static side => side.Value.Id);
            foreach (CheckAct act in plan.Acts.Checks)
            {
                checks[act.Side] = (await CarryOutAsync(act, cancellationToken).ConfigureAwait(false)).Id;
            }

            if (plan.Acts.Deletes.Count + plan.Acts.Creates.Count > 0)
            {
                (string, RecordSet)[] batch = [.. plan.Acts.Deletes.Select(static set => ("DELETE", set)), .. plan.Acts.Creates.Select(side => ("CREATE", _design.SetOf(side, checks.GetValueOrDefault(side))))];
                ChangeState taken = await PatientlyAsync(token => _client.ChangeAsync(_zone, "failover pair", batch, token), cancellationToken).ConfigureAwait(false);
                Log.Taken(_logger, Name, taken.Id);
                if (await SyncWait.ForAsync(_client, taken, _options.SyncTimeout, _time, cancellationToken).ConfigureAwait(false) is { } late)
                {
                    Log.NotInSync(_logger, Name, taken.Id, late);
                    return new(Route53PairOutcome.Unknown, $"the change {taken.Id} was taken, and {late}");
                }
            }

            Route53PairPlan after = await LookAsync(cancellationToken).ConfigureAwait(false);
            return after.IsInForce ? new(Route53PairOutcome.Done, null) : new(Route53PairOutcome.Conflict, $"it was done, and someone else changed it since: {after}");
        }
        catch (AwsException fault)
        {
            return ResultOf(fault);
        }
    }

    /// <summary>Asks what the checkers see of both sides. Nothing is changed.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Route53PairStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyDictionary<PairSide, HealthCheck> checks = await ChecksAsync(cancellationToken).ConfigureAwait(false);
            return new(await StatusOfAsync(checks.GetValueOrDefault(PairSide.Primary), cancellationToken).ConfigureAwait(false), await StatusOfAsync(checks.GetValueOrDefault(PairSide.Secondary), cancellationToken).ConfigureAwait(false), null);
        }
        catch (AwsException fault)
        {
            return new(null, null, Told(fault));
        }
    }

    /// <summary>
    /// Makes Route 53 answer with the secondary although the primary is well, by inverting the primary's health check. It needs Route 53's control plane, so it is for drills and planned work: in an incident, let the primary's app answer 503.
    /// </summary>
    /// <remarks>Denied if the checkers see the primary failing already, for its inverted check would bring it back, or the secondary failing.</remarks>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Route53PairResult> MoveToSecondaryAsync(CancellationToken cancellationToken) => InvertAsync(true, cancellationToken);

    /// <summary>Ends what <see cref="MoveToSecondaryAsync"/> began: Route 53 answers with the primary again if that is well.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Route53PairResult> ReturnToPrimaryAsync(CancellationToken cancellationToken) => InvertAsync(false, cancellationToken);

    /// <summary>Closes its connections.</summary>
    public void Dispose() => _client.Dispose();

    private async Task<Route53PairResult> InvertAsync(bool inverted, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyDictionary<PairSide, HealthCheck> checks = await ChecksAsync(cancellationToken).ConfigureAwait(false);
            if (!checks.TryGetValue(PairSide.Primary, out HealthCheck? primary))
            {
                return new(Route53PairOutcome.Denied, "the primary has no health check");
            }

            if (primary.Is("Inverted") == inverted)
            {
                return new(Route53PairOutcome.AlreadyThere, null);
            }

            if (inverted && await WhyNotMoveAsync(primary, checks.GetValueOrDefault(PairSide.Secondary), cancellationToken).ConfigureAwait(false) is { } whyNot)
            {
                return new(Route53PairOutcome.Denied, whyNot);
            }

            Log.Inverted(_logger, Name, primary.Id, inverted);
            HealthCheck now;
            try
            {
                now = await PatientlyAsync(token => _client.UpdateHealthCheckAsync(primary, [new("Inverted", HealthCheck.Flag(inverted))], token), cancellationToken).ConfigureAwait(false);
            }
            catch (AwsException fault) when (fault.Fault is AwsFault.Unknown or AwsFault.VersionMismatch)
            {
                now = await PatientlyAsync(token => _client.GetHealthCheckAsync(primary.Id, token), cancellationToken).ConfigureAwait(false);
                if (now.Is("Inverted") != inverted)
                {
                    return ResultOf(fault);
                }
            }

            return now.Is("Inverted") == inverted ? new(Route53PairOutcome.Done, null) : new(Route53PairOutcome.Unknown, "Route 53 took the change, and does not show it");
        }
        catch (AwsException fault)
        {
            return ResultOf(fault);
        }
    }

    private async Task<string?> WhyNotMoveAsync(HealthCheck primary, HealthCheck? secondary, CancellationToken cancellationToken)
    {
        if (primary.Is("Disabled"))
        {
            return "the primary's health check is disabled: Route 53 takes it for healthy, and to invert it changes nothing";
        }

        if (await StatusOfAsync(primary, cancellationToken).ConfigureAwait(false) is { IsAnswering: false })
        {
            return "the checkers see the primary failing: Route 53 answers with the secondary by itself, and an inverted check would bring the primary back";
        }

        return await StatusOfAsync(secondary, cancellationToken).ConfigureAwait(false) is { IsHealthy: false }
            ? "the checkers see the secondary failing: with both sides unhealthy Route 53 answers with the primary"
            : null;
    }

    private async Task<HealthCheck> CarryOutAsync(CheckAct act, CancellationToken cancellationToken)
    {
        if (act.Before is { } before)
        {
            return await PatientlyAsync(token => _client.UpdateHealthCheckAsync(before, act.Settings, token), cancellationToken).ConfigureAwait(false);
        }

        for (int again = 0; ; again++)
        {
            string reference = _design.ReferenceOf(act.Side, act.Settings[0], again);
            try
            {
                return await PatientlyAsync(token => _client.CreateHealthCheckAsync(reference, act.Settings[0], token), cancellationToken).ConfigureAwait(false);
            }
            catch (AwsException fault) when (fault.Code == "HealthCheckAlreadyExists" && again + 1 < MostReferences)
            {
                // One that was made by this reference was changed or deleted by hand since.
            }
        }
    }

    private async Task<Route53PairPlan> LookAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<RecordSet> sets = await SetsAsync(cancellationToken).ConfigureAwait(false);
        Dictionary<string, HealthCheck> checks = [];
        foreach (string id in sets.Select(static set => set.HealthCheckId).OfType<string>().Distinct())
        {
            if (await CheckAsync(id, cancellationToken).ConfigureAwait(false) is { } check)
            {
                checks[id] = check;
            }
        }

        return PairPlanner.Plan(_design, sets, checks);
    }

    private async Task<IReadOnlyDictionary<PairSide, HealthCheck>> ChecksAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<RecordSet> sets = await SetsAsync(cancellationToken).ConfigureAwait(false);
        Dictionary<PairSide, HealthCheck> checks = [];
        foreach (PairSide side in (PairSide[])[PairSide.Primary, PairSide.Secondary])
        {
            if (sets.FirstOrDefault(set => set.Type == _design.Type && set.SetIdentifier == PairDesign.IdentifierOf(side))?.HealthCheckId is { } id && await CheckAsync(id, cancellationToken).ConfigureAwait(false) is { } check)
            {
                checks[side] = check;
            }
        }

        return checks;
    }

    private Task<IReadOnlyList<RecordSet>> SetsAsync(CancellationToken cancellationToken) => PatientlyAsync(token => _client.ReadAsync(_zone, Name, null, token), cancellationToken);

    private async Task<HealthCheck?> CheckAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await PatientlyAsync(token => _client.GetHealthCheckAsync(id, token), cancellationToken).ConfigureAwait(false);
        }
        catch (AwsException fault) when (fault.Fault == AwsFault.NotFound)
        {
            return null;
        }
    }

    private async Task<Route53SideStatus?> StatusOfAsync(HealthCheck? check, CancellationToken cancellationToken)
    {
        if (check is null)
        {
            return null;
        }

        IReadOnlyList<string> seen = await PatientlyAsync(token => _client.GetObservationsAsync(check.Id, token), cancellationToken).ConfigureAwait(false);
        return new(check.Id, seen.Count, seen.Count(static one => one.StartsWith("Success", StringComparison.OrdinalIgnoreCase)), check.Is("Inverted"), check.Is("Disabled"));
    }

    private Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) => _client.Aws.PatientlyAsync(call, _options.Patience, cancellationToken);

    private Route53PairResult ResultOf(AwsException fault) => new(
        fault.Fault switch
        {
            AwsFault.InvalidBatch or AwsFault.VersionMismatch => Route53PairOutcome.Conflict,
            AwsFault.NotFound when fault.Code != "NoSuchHostedZone" => Route53PairOutcome.Conflict,
            AwsFault.Unreachable or AwsFault.Throttled => Route53PairOutcome.Failed,
            AwsFault.Unknown => Route53PairOutcome.Unknown,
            _ => Route53PairOutcome.Denied,
        },
        Told(fault));

    private string Told(AwsException fault) => $"Route 53 ({_client.Aws.Where}, zone {_zone}): {fault.Message}";
}
