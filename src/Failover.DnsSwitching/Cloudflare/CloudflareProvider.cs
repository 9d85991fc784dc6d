using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Cloudflare;

/// <summary>Names in a zone of Cloudflare, by its API.</summary>
/// <remarks>The API has no «only if»: a name is read right before it is changed, and read back; with <see cref="CloudflareOptions.UseBatch"/> the ids of the records that were read are the condition.</remarks>
internal sealed class CloudflareProvider : IDnsProvider
{
    /// <summary>A name with more than this many pages of records is none that could be switched.</summary>
    private const int MostPages = 10;

    private readonly CloudflareOptions _options;
    private readonly CloudflareApi _api;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="options">Settings that were checked. Not to be changed later.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where to log.</param>
    internal CloudflareProvider(CloudflareOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _api, _time, _logger) = (options, new(options, time), time, logger);
        Where = $"{new Uri(options.BaseUrl).Authority}, zone {options.ZoneId}";
    }

    public string Name => "cloudflare";

    public string Where { get; }

    public async ValueTask<DnsRead> ReadAsync(string name, CancellationToken cancellationToken)
    {
        (CloudflareName? read, DnsOutcome? problem) = await LookAsync(name, _options.Timeout, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return read is null ? Unread(problem!) : new DnsRead.Found(read.State);
    }

    public async ValueTask<DnsOutcome> ApplyAsync(DnsChange change, CancellationToken cancellationToken)
    {
        long begun = _time.GetTimestamp();
        (CloudflareName? now, DnsOutcome? problem) = await LookAsync(change, _options.Timeout / 3, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (now is null)
        {
            return problem!;
        }

        if (now.State.IsResultOf(change))
        {
            return new DnsOutcome.AlreadyThere(now.State);
        }

        if (!now.State.IsSameAs(change.From))
        {
            return new DnsOutcome.Conflict(now.State);
        }

        if (now.Values.Count == 0)
        {
            return new DnsOutcome.Denied(WhyNotEmpty(now.State.Name));
        }

        // Half of what is left is for reading what came of it.
        CloudflareBatch batch = CloudflareChanges.Of(now, change, _options);
        CloudflareReply reply = await _api.BatchAsync(batch, Left(begun) / 2, cancellationToken).ConfigureAwait(false);
        switch (reply)
        {
            case CloudflareReply.NotSent notSent:
                cancellationToken.ThrowIfCancellationRequested();
                return new DnsOutcome.Failed($"{Where} could not be reached: {notSent.Why}.");
            case CloudflareReply.Throttled throttled:
                return new DnsOutcome.Throttled(throttled.After);
            case CloudflareReply.Refused refused when !CloudflareRefusals.IsOfState(refused):
                return new DnsOutcome.Denied(CloudflareRefusals.WordsOf(refused, Where, $"change {now.State.Name}"));
        }

        (CloudflareName? after, problem) = await LookAsync(change, Left(begun), cancellationToken).ConfigureAwait(false);
        return reply switch
        {
            CloudflareReply.Lost lost => OfLost(change, batch, lost.Why, after, problem),
            CloudflareReply.Refused refused => OfState(change, refused, after?.State),
            _ => OfDone(change, after?.State, problem),
        };
    }

    public async ValueTask<DnsOutcome?> ProbeAsync(string name, DnsValues values, CancellationToken cancellationToken)
    {
        if (!_options.UseBatch)
        {
            CloudflareLog.NoPrecondition(_logger, name, Where);
        }

        (CloudflareName? now, DnsOutcome? problem) = await LookAsync(name, _options.Timeout, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (now is null)
        {
            return problem;
        }

        if (now.State.IsProxied)
        {
            CloudflareLog.Proxied(_logger, now.State.Name);
        }

        if (now.Values.Count == 0)
        {
            return new DnsOutcome.Denied(WhyNotEmpty(now.State.Name));
        }

        // There is no such record: a token that may write is told so, and nothing is changed.
        CloudflareReply reply = await _api.BatchAsync(new() { Deletes = [new() { Id = Guid.NewGuid().ToString("N") }] }, _options.Timeout, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return reply switch
        {
            CloudflareReply.Refused refused when refused.Codes.Contains(CloudflareRefusals.Gone) => null,
            CloudflareReply.Refused refused => new DnsOutcome.Denied(CloudflareRefusals.WordsOf(refused, Where, $"change {now.State.Name}")),
            CloudflareReply.NotSent notSent => new DnsOutcome.Failed($"{Where} could not be reached: {notSent.Why}."),
            CloudflareReply.Lost lost => new DnsOutcome.Failed($"{Where}: {lost.Why}."),
            CloudflareReply.Throttled throttled => new DnsOutcome.Throttled(throttled.After),
            CloudflareReply.Done<CloudflareBatch> when _options.UseBatch => new DnsOutcome.Denied($"{Where} takes the deletion of a record that is not there for done, so that of two that move {now.State.Name} both would win: set UseBatch to false."),
            _ => null,
        };
    }

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>It said that it was done.</summary>
    private DnsOutcome OfDone(DnsChange change, DnsRecordState? actual, DnsOutcome? problem) =>
        actual is null ? new DnsOutcome.Unknown($"{Where} said that it was done, and could not be read then: {WhyOf(problem!)}")
        : actual.IsResultOf(change) ? new DnsOutcome.Applied(actual)

        // With another's operation beside it, it was done, and someone has moved the name since.
        : actual.IsSameAs(change.From) || change.Owner.Equals(actual.Owner) ? new DnsOutcome.Ignored(actual)
        : new DnsOutcome.Conflict(actual);

    /// <summary>Whether it was done is to be seen, or not to be known.</summary>
    private DnsOutcome OfLost(DnsChange change, CloudflareBatch batch, string why, CloudflareName? after, DnsOutcome? problem) =>
        after is null ? new DnsOutcome.Unknown($"{Where} was sent the change, and {why}; it could not be read then: {WhyOf(problem!)}")
        : after.State.IsResultOf(change) ? new DnsOutcome.AlreadyThere(after.State)

        // What is still under way comes too late only if a record that it names has gone.
        : batch.Ids.Except(after.Ids).Any() ? new DnsOutcome.Conflict(after.State)
        : new DnsOutcome.Unknown($"{Where} was sent the change, and {why}; it was not done so far, and may be yet.");

    /// <summary>It said that its records are not as they must be.</summary>
    private DnsOutcome OfState(DnsChange change, CloudflareReply.Refused refused, DnsRecordState? actual) =>
        actual is null ? new DnsOutcome.Conflict(null)
        : actual.IsResultOf(change) ? new DnsOutcome.AlreadyThere(actual)
        : actual.IsSameAs(change.From) ? new DnsOutcome.Denied(CloudflareRefusals.WordsOf(refused, Where, $"change {actual.Name}"))
        : new DnsOutcome.Conflict(actual);

    /// <summary>Reads a name that is changed. Where it is neither as it was nor as it is to be, it is read once more: its two lists may have been of before and after someone else's move.</summary>
    private async Task<(CloudflareName? Read, DnsOutcome? Problem)> LookAsync(DnsChange change, TimeSpan within, CancellationToken cancellationToken)
    {
        long begun = _time.GetTimestamp();
        (CloudflareName? Read, DnsOutcome? Problem) look = await LookAsync(change.From.Name, within, cancellationToken).ConfigureAwait(false);
        return look.Read is { State: var state } && !state.IsSameAs(change.From) && !state.IsResultOf(change)
            ? await LookAsync(change.From.Name, within - _time.GetElapsedTime(begun), cancellationToken).ConfigureAwait(false)
            : look;
    }

    /// <summary>Reads a name and its owner. What is wrong is <see cref="DnsOutcome.Denied"/>, <see cref="DnsOutcome.Failed"/> or <see cref="DnsOutcome.Throttled"/>.</summary>
    private async Task<(CloudflareName? Read, DnsOutcome? Problem)> LookAsync(string name, TimeSpan within, CancellationToken cancellationToken)
    {
        if (!DnsName.TryParse(name, out string? its) || !DnsName.TryParse(DnsOwner.RecordOf(its), out _))
        {
            return (null, new DnsOutcome.Denied($"'{name}' is no name of DNS that can be switched."));
        }

        // Both at once: a name is moved in a hurry. Each list is of one instant.
        Task<(List<CloudflareRecord?> Records, DnsOutcome? Problem)> owner = ListAsync(DnsOwner.RecordOf(its), within, cancellationToken), values = ListAsync(its, within, cancellationToken);
        await Task.WhenAll(owner, values).ConfigureAwait(false);
        if (((await values.ConfigureAwait(false)).Problem ?? (await owner.ConfigureAwait(false)).Problem) is { } problem)
        {
            return (null, problem);
        }

        return CloudflareName.TryRead(its, (await values.ConfigureAwait(false)).Records, (await owner.ConfigureAwait(false)).Records, out CloudflareName? read)
            ? (read, null)
            : (null, new DnsOutcome.Failed($"What {Where} has for {its} cannot be switched: a value that is none, or a record without an id."));
    }

    private async Task<(List<CloudflareRecord?> Records, DnsOutcome? Problem)> ListAsync(string name, TimeSpan within, CancellationToken cancellationToken)
    {
        long begun = _time.GetTimestamp();
        List<CloudflareRecord?> records = [];
        for (int page = 1; page <= MostPages; page++)
        {
            switch (await _api.ListAsync(name, page, within - _time.GetElapsedTime(begun), cancellationToken).ConfigureAwait(false))
            {
                case CloudflareReply.Done<CloudflareRecord?[]> { Pages: { } pages } done:
                    records.AddRange(done.Result);
                    if (page >= pages.TotalPages)
                    {
                        return (records, null);
                    }

                    continue;
                case CloudflareReply.Done<CloudflareRecord?[]>:
                    return (records, new DnsOutcome.Failed($"{Where} does not say how many pages its list has."));
                case CloudflareReply.Refused refused:
                    return (records, new DnsOutcome.Denied(CloudflareRefusals.WordsOf(refused, Where, $"read {name}")));
                case CloudflareReply.Throttled throttled:
                    return (records, new DnsOutcome.Throttled(throttled.After));
                case CloudflareReply.NotSent notSent:
                    return (records, new DnsOutcome.Failed($"{Where} could not be reached: {notSent.Why}."));
                case CloudflareReply.Lost lost:
                    return (records, new DnsOutcome.Failed($"{Where}: {lost.Why}."));
            }
        }

        return (records, new DnsOutcome.Denied($"{Where} has more records for {name} than a name that is switched may have."));
    }

    private TimeSpan Left(long begun) => _options.Timeout - _time.GetElapsedTime(begun);

    private string WhyNotEmpty(string name) =>
        $"{Where} has neither an address nor an alias for {name}: make the record once, by hand. Only a record that is there can be told from one that someone else moved, and a name of another zone would be made below this one.";

    private static DnsRead Unread(DnsOutcome problem) => problem is DnsOutcome.Denied denied ? new DnsRead.Denied(denied.Reason) : new DnsRead.Failed(WhyOf(problem));

    private static string WhyOf(DnsOutcome problem) => Switching.DnsWords.Of(problem);
}
