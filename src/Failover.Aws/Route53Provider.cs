using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;
using Failover.Aws.Api;
using Failover.Aws.Registration;
using Failover.Aws.Route53;
using Failover.Aws.Signing;
using Failover.DnsSwitching;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Failover.Aws;

/// <summary>
/// Names in a hosted zone of Route 53, moved by its API: the old record sets are deleted and the new ones created in one batch, which is a compare-and-swap. For any thread.
/// </summary>
/// <remarks>
/// This is Route 53's control plane. It is in one region of AWS, and was away for hours together with that region: a name that is moved when an incident is under way may not move. <c>Route53FailoverPair</c> needs it only beforehand.
/// </remarks>
[Experimental("FAILOVER001")]
public sealed class Route53Provider : IDnsProvider
{
    private readonly Route53Client _client;
    private readonly Route53Options _options;
    private readonly string _zone;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _isWarned;

    /// <summary>Initializes a provider with the credentials of AWS's default chain.</summary>
    /// <param name="options">The zone. Not to be changed later.</param>
    /// <param name="aws">How AWS is spoken to. Not to be changed later.</param>
    /// <exception cref="OptionsValidationException">The settings are invalid; it names all that is wrong with them.</exception>
    public Route53Provider(Route53Options options, AwsOptions aws)
        : this(options, aws, null, TimeProvider.System, NullLoggerFactory.Instance)
    {
    }

    /// <summary>Initializes a provider.</summary>
    /// <param name="options">The zone. Not to be changed later.</param>
    /// <param name="aws">How AWS is spoken to. Not to be changed later.</param>
    /// <param name="credentials">What requests are signed with; null for AWS's default chain.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where to log.</param>
    /// <exception cref="OptionsValidationException">The settings are invalid; it names all that is wrong with them.</exception>
    public Route53Provider(Route53Options options, AwsOptions aws, AWSCredentials? credentials, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        Checked.Throw(AwsKeysTable.Route53, options, "Route53");
        (_options, _time, _logger) = (options, time, loggers.CreateLogger("Failover.Aws"));
        _zone = AwsKeysTable.BareId(options.HostedZoneId);
        _client = Clients.Route53(aws, credentials, time);
    }

    /// <inheritdoc/>
    public string Name => "route53";

    /// <inheritdoc/>
    public string Where => $"{_client.Aws.Where}, zone {_zone}";

    /// <inheritdoc/>
    public async ValueTask<DnsRead> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            (DnsRecordState state, string? whyNot) = await StateAsync(Canonical(name), cancellationToken).ConfigureAwait(false);
            return whyNot is null ? new DnsRead.Found(state) : new DnsRead.Denied(Told(whyNot));
        }
        catch (AwsException fault)
        {
            return fault.Fault is AwsFault.NoCredentials or AwsFault.Denied or AwsFault.NotFound or AwsFault.Refused ? new DnsRead.Denied(Told(fault.Message)) : new DnsRead.Failed(Told(fault.Message));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<DnsOutcome> ApplyAsync(DnsChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (Route53Names.Batch(change) is not { } batch)
        {
            // Whoever kept the state did not keep what it looks like to Route 53: a look tells, if it is still that state.
            switch (await ReadAsync(change.From.Name, cancellationToken).ConfigureAwait(false))
            {
                case DnsRead.Found(var now) when now.IsSameAs(change.From):
                    return await ApplyAsync(new(now, change.Values, change.TimeToLive, change.Owner), cancellationToken).ConfigureAwait(false);
                case DnsRead.Found(var now):
                    return now.IsResultOf(change) ? new DnsOutcome.AlreadyThere(now) : new DnsOutcome.Conflict(now);
                case DnsRead.Denied(var reason):
                    return new DnsOutcome.Denied(reason);
                case DnsRead.Failed(var reason):
                    return new DnsOutcome.Failed(reason);
                default:
                    throw new InvalidOperationException("A look has three outcomes.");
            }
        }

        Sending sending = new(_client, _zone, change, batch, _options);
        try
        {
            ChangeState taken = await sending.SendAsync(cancellationToken).ConfigureAwait(false);
            return await SyncAsync(change, taken, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (sending.HasBegun)
        {
            return sending.IsRefused ? new DnsOutcome.Throttled(null) : new DnsOutcome.Unknown(Told("the wait was ended after the change was sent"));
        }
        catch (AwsException fault)
        {
            return await OutcomeOfAsync(change, fault, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<DnsOutcome?> ProbeAsync(string name, DnsValues values, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (Interlocked.Exchange(ref _isWarned, 1) == 0)
        {
            Log.ControlPlane(_logger, name, Where);
        }

        try
        {
            (DnsRecordState state, string? whyNot) = await StateAsync(Canonical(name), cancellationToken).ConfigureAwait(false);
            if (whyNot is not null)
            {
                return new DnsOutcome.Denied(Told(whyNot));
            }

            foreach (IReadOnlyList<(string, RecordSet)> batch in Route53Names.ProbeBatches(state, values, Guid.NewGuid().ToString("N")))
            {
                await _client.Aws.PatientlyAsync(token => Refusals.OfAsync(IsOfProbe, () => _client.ChangeAsync(_zone, "a probe that cannot change anything", batch, token)), _options.Patience, cancellationToken).ConfigureAwait(false);
            }

            await _client.Aws.PatientlyAsync(token => Refusals.OfAsync(static fault => fault.Code == "NoSuchChange", () => _client.GetChangeAsync("C0000000FAILOVER", token)), _options.Patience, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (AwsException fault)
        {
            return fault.Fault switch
            {
                AwsFault.Throttled => new DnsOutcome.Throttled(null),
                AwsFault.Unreachable or AwsFault.Unknown => new DnsOutcome.Failed(Told(fault.Message)),
                _ => new DnsOutcome.Denied(Told(fault.Message)),
            };
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<(DnsRecordState State, string? WhyNot)> StateAsync(string name, CancellationToken cancellationToken)
    {
        IReadOnlyList<RecordSet> sets = await _client.Aws.PatientlyAsync(token => _client.ReadAsync(_zone, name, DnsOwner.RecordOf(name), token), _options.Patience, cancellationToken).ConfigureAwait(false);
        return (Route53Names.StateOf(name, sets, out string? whyNot), whyNot);
    }

    /// <summary>Waits until the change is at all name servers, and reads it back: someone else may have undone it meanwhile.</summary>
    private async Task<DnsOutcome> SyncAsync(DnsChange change, ChangeState taken, CancellationToken cancellationToken)
    {
        Log.Taken(_logger, change.From.Name, taken.Id);
        long begun = _time.GetTimestamp();
        string? problem = await SyncWait.ForAsync(_client, taken, _options.SyncTimeout, _time, cancellationToken).ConfigureAwait(false);
        if (problem is not null)
        {
            Log.NotInSync(_logger, change.From.Name, taken.Id, problem);
            return new DnsOutcome.Unknown(Told($"the change {taken.Id} was taken, and {problem}"));
        }

        Log.InSync(_logger, change.From.Name, taken.Id, _time.GetElapsedTime(begun).TotalSeconds);
        return await ReadAsync(change.From.Name, cancellationToken).ConfigureAwait(false) switch
        {
            DnsRead.Found(var now) => now.IsResultOf(change) ? new DnsOutcome.Applied(now) : new DnsOutcome.Ignored(now),
            _ => new DnsOutcome.Unknown(Told($"the change {taken.Id} is in sync, and cannot be read back")),
        };
    }

    private async Task<DnsOutcome> OutcomeOfAsync(DnsChange change, AwsException fault, CancellationToken cancellationToken)
    {
        switch (fault.Fault)
        {
            case AwsFault.Throttled:
                return new DnsOutcome.Throttled(null);
            case AwsFault.Unreachable:
                return new DnsOutcome.Failed(Told(fault.Message));
            case AwsFault.InvalidBatch or AwsFault.Unknown:
                break;
            default:
                return new DnsOutcome.Denied(Told(fault.Message));
        }

        DnsRead read;
        try
        {
            read = await ReadAsync(change.From.Name, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            read = new DnsRead.Failed("");
        }

        return (read, fault.Fault) switch
        {
            (DnsRead.Found(var now), _) when now.IsResultOf(change) => new DnsOutcome.AlreadyThere(now),

            // Whatever is still on its way can no longer be done: it deletes what is not there.
            (DnsRead.Found(var now), _) when now.Token != change.From.Token => new DnsOutcome.Conflict(now),
            (DnsRead.Found, AwsFault.InvalidBatch) => new DnsOutcome.Denied(Told(fault.Message)),
            (_, AwsFault.InvalidBatch) => new DnsOutcome.Conflict(null),
            _ => new DnsOutcome.Unknown(Told(fault.Message)),
        };
    }

    /// <summary>Whether a batch was refused for the deletion that cannot be, and not for a name that is not of the zone or a kind that cannot stand there too.</summary>
    private static bool IsOfProbe(AwsException fault) => fault is { Fault: AwsFault.InvalidBatch, IsNotPermitted: false };

    private string Told(string what) => $"Route 53 ({Where}): {what}";

    /// <exception cref="AwsException">It is no name.</exception>
    private static string Canonical(string name) => DnsValue.TryParse(name, out DnsValue? value) && value.Kind == DnsRecordKind.CName ? value.Text : throw new AwsException(AwsFault.Refused, $"'{name}' is no name of DNS");
}
