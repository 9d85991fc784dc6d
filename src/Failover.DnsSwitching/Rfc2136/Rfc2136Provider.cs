using Failover.DnsSwitching.Tsig;
using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Rfc2136;

/// <summary>Names at a server that takes dynamic updates. It keeps no connection.</summary>
/// <remarks>
/// It reads with the client that it changes with, rather than by a resolver's: signed, so that a server with views answers from the one that the key changes, and nobody between can make up an answer.
/// </remarks>
internal sealed class Rfc2136Provider : IDnsProvider
{
    /// <summary>The share of the time that an update may wait for its answer: the rest is for reading what came of it.</summary>
    private const double ShareOfUpdate = 2.0 / 3;

    private readonly string _server;
    private readonly string _zone;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly DnsExchange _exchange;
    private readonly Refusals _refusals;

    /// <param name="options">Settings that were checked.</param>
    /// <param name="time">The clock: signatures bear its time.</param>
    internal Rfc2136Provider(Rfc2136Options options, TimeProvider time)
    {
        TsigKey key = new(options.KeyName, options.Algorithm, Convert.FromBase64String(options.Secret));
        _server = options.Server.Contains(':', StringComparison.Ordinal) ? $"[{options.Server}]:{options.Port}" : $"{options.Server}:{options.Port}";
        _zone = DnsName.TryParse(options.Zone, out string? zone) ? zone : throw new ArgumentException("The zone is no name.", nameof(options));
        (_timeout, _time) = (options.Timeout, time);
        _exchange = new(options.Server, options.Port, key, time);
        _refusals = new(_server, _zone, key, time);
        Where = $"{_server}, zone {_zone}, key {key}";
    }

    public string Name => "rfc2136";

    public string Where { get; }

    public async ValueTask<DnsRead> ReadAsync(string name, CancellationToken cancellationToken)
    {
        DnsRead read = WhyNoName(name, out string its) is { } why ? new DnsRead.Denied(why) : await ReadAsync(its, _timeout, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return read;
    }

    public async ValueTask<DnsOutcome> ApplyAsync(DnsChange change, CancellationToken cancellationToken)
    {
        if (WhyNoName(change.From.Name, out string name) is { } why)
        {
            return new DnsOutcome.Denied(why);
        }

        long begin = _time.GetTimestamp();
        DnsReply reply = (await _exchange.SendAsync(_timeout * ShareOfUpdate, cancellationToken, Updates.Of(_zone, name, change).ToMessage).ConfigureAwait(false))[0];
        if (reply is DnsReply.NotSent notSent)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new DnsOutcome.Failed($"{_server} could not be reached: {notSent.Why}.");
        }

        DnsReply.Answered? answer = reply as DnsReply.Answered;
        if (answer is not null && _refusals.WhyOf(answer, $"change {name}") is { } refusal)
        {
            return new DnsOutcome.Denied(refusal);
        }

        DnsRead read = await ReadAsync(name, _timeout - _time.GetElapsedTime(begin), cancellationToken).ConfigureAwait(false);
        return answer is { Doubt: null }
            ? Judgement.Of(change, answer.Message.Code, read, _server)
            : Judgement.OfLost(change, (reply as DnsReply.Lost)?.Why ?? $"its answer is not to be believed: {answer!.Doubt}", read, _server);
    }

    public async ValueTask<DnsOutcome?> ProbeAsync(string name, DnsValues values, CancellationToken cancellationToken)
    {
        if (WhyNoName(name, out string its) is { } why)
        {
            return new DnsOutcome.Denied(why);
        }

        DnsValue? alias = values.OfKind(DnsRecordKind.CName).FirstOrDefault();
        DnsUpdate[] updates = alias is null ? [Updates.Impossible(_zone, its, values)] : [Updates.Impossible(_zone, its, values), Updates.Question(_zone, its)];
        IReadOnlyList<DnsReply> replies = await _exchange.SendAsync(_timeout, cancellationToken, [.. updates.Select<DnsUpdate, Func<ushort, DnsWriter>>(static update => update.ToMessage)]).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return replies[0] switch
        {
            DnsReply.NotSent notSent => new DnsOutcome.Failed($"{_server} could not be reached: {notSent.Why}."),
            DnsReply.Lost lost => new DnsOutcome.Failed($"{_server}: {lost.Why}."),
            DnsReply.Answered answer when _refusals.WhyOf(answer, $"change {its}") is { } refusal => new DnsOutcome.Denied(refusal),
            DnsReply.Answered { Doubt: { } doubt } => new DnsOutcome.Failed($"The answer of {_server} is not to be believed: {doubt}."),
            DnsReply.Answered { Message.Code: DnsCode.YxRrset or DnsCode.NxRrset } when replies is [_, DnsReply.Answered { Doubt: null, Message.Code: DnsCode.YxRrset }] => new DnsOutcome.Denied(
                $"{its} could not be made an alias of {alias!.Text}: it holds other records beside its addresses (MX, TXT, HTTPS or the like), and an alias can stand beside nothing else. Give the member addresses in Targets, or move those records."),
            DnsReply.Answered { Message.Code: DnsCode.YxRrset or DnsCode.NxRrset } => null,
            DnsReply.Answered answer => new DnsOutcome.Failed($"{_server} answers an update that cannot be with {answer.Message.Code}."),
            _ => throw new InvalidOperationException("There is no other reply."),
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<DnsRead> ReadAsync(string name, TimeSpan within, CancellationToken cancellationToken)
    {
        // The owner first: a change in between makes the state one that a compare-and-swap refuses, never one that it takes for ours.
        DnsQuestion[] questions = [new(DnsOwner.RecordOf(name), DnsType.Txt), new(name, DnsType.A), new(name, DnsType.Aaaa)];
        IReadOnlyList<DnsReply> replies = within > TimeSpan.Zero
            ? await _exchange.SendAsync(within, cancellationToken, [.. questions.Select<DnsQuestion, Func<ushort, DnsWriter>>(static question => question.ToMessage)]).ConfigureAwait(false)
            : [new DnsReply.NotSent("no time was left")];
        return Reading.Of(name, questions, replies, _server, _refusals);
    }

    /// <summary>Says why a name can never be switched here; null if it may be.</summary>
    internal string? WhyNot(string name) => WhyNoName(name, out _);

    private string? WhyNoName(string name, out string its)
    {
        // The name of the owner's record is longer, and begins with a label of its own.
        bool isName = DnsName.TryParse(name, out string? parsed) && DnsName.TryParse(DnsOwner.RecordOf(parsed), out _);
        its = parsed ?? "";
        return !isName ? $"'{name}' is no name of DNS that can be switched." : DnsName.IsWithin(its, _zone) ? null : $"{its} is not within zone {_zone}.";
    }
}
