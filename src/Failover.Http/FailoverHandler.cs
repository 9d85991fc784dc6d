using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;
using Failover.Http.Draining;
using Failover.Http.Neighbours;
using Failover.Http.Replay;
using Failover.Http.Routing;
using Failover.Http.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Failover.Http;

/// <summary>
/// Sends each request of its group to the member that should be tried first, and a request that failed to the next one where that cannot do harm. Requests that do not belong to the group pass as they are: a
/// request belongs to it if its scheme, host and port are those of a member or of <see cref="BaseAddress"/>.
/// </summary>
/// <remarks>
/// All state is the group's: handlers may come and go. Safe for use by any number of requests at once. Put it next to the handler that opens the connections; a handler between the two that sends a
/// request to yet another place must set <see cref="HttpRequestMessage.RequestUri"/> back when it is done. A member that says in an answer that it is leaving (<c>Failover-Drain: 20</c>) is left at once, for so many seconds.
/// <para>The answer of the last member tried is returned as it is, be it a 503 or an exception. For a single request this handler throws one exception of its own: an <see cref="HttpRequestException"/> with <see cref="HttpRequestError.SecureConnectionError"/>
/// for a request that is addressed by https and would go to an http member, unless <see cref="FailoverGroupBuilder.AllowInsecureMember"/> was called; nothing of it was sent. Where another handler of the same group stands inside, every request ends with an <see cref="InvalidOperationException"/> before anything is sent. After an answer,
/// <see cref="HttpRequestMessage.RequestUri"/> shows who gave it; after an exception it is what it was before.</para>
/// </remarks>
public sealed class FailoverHandler : DelegatingHandler
{
    private readonly FailoverGroup _group;
    private readonly ClientAddresses _addresses;
    private readonly ILogger _logger;
    private readonly ReplayTelemetry _telemetry;
    private readonly RetryBudget _budget;
    private volatile RouteTable? _table;
    private int _strangersTold;

    /// <summary>Initializes a handler that logs nothing. Set <see cref="DelegatingHandler.InnerHandler"/>.</summary>
    /// <param name="group">The group; the handler does not own it. The first request starts it.</param>
    public FailoverHandler(FailoverGroup group)
        : this(group, NullLoggerFactory.Instance)
    {
    }

    /// <summary>Initializes a handler. Set <see cref="DelegatingHandler.InnerHandler"/>.</summary>
    /// <param name="group">The group; the handler does not own it. The first request starts it.</param>
    /// <param name="loggers">Where to log, as category <c>Failover.Http.FailoverHandler</c>.</param>
    public FailoverHandler(FailoverGroup group, ILoggerFactory loggers)
        : this(group, loggers, null, new ClientAddresses())
    {
    }

    internal FailoverHandler(FailoverGroup group, ILoggerFactory loggers, IMeterFactory? meters, ClientAddresses addresses)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(loggers);
        _group = group;
        _budget = RetryBudget.Of(group);
        _addresses = addresses;
        _logger = loggers.CreateLogger<FailoverHandler>();
        _telemetry = new ReplayTelemetry(meters);
    }

    /// <summary>Gets or sets an address by which the client calls the group, where it is not a member's: <c>https://orders</c>. Its path, if any, gives way to the member's.</summary>
    /// <value>The default is null. With <c>AddHttpClient(…).AddFailover(…)</c> the client's own base address need not be repeated here.</value>
    public Uri? BaseAddress
    {
        get;
        set
        {
            field = value;
            _addresses.Add(value);
        }
    }

    internal FailoverGroup Group => _group;

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Begin(request, isAsync: true, _budget.MostBuffered, cancellationToken);
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        // Nothing in it waits: every attempt has ended when its task is made.
        return Begin(request, isAsync: false, mostBuffered: 0, cancellationToken).GetAwaiter().GetResult();
    }

    /// <summary>The first attempt. Goes without a state machine as long as nothing has to be waited for, and without an allocation if the request names the right member already.</summary>
    private Task<HttpResponseMessage> Begin(HttpRequestMessage request, bool isAsync, int mostBuffered, CancellationToken cancellationToken)
    {
        RouteTable table = Table();
        Uri? requested = request.RequestUri;
        if (requested is null || table.MapToFirst(requested) is not { } mapped)
        {
            TellNotOurs(table, requested);
            return Attempt(request, isAsync, cancellationToken);
        }

        if (!ReferenceEquals(mapped, requested) && table.WouldExpose(requested, table.Hops[0]))
        {
            return Task.FromException<HttpResponseMessage>(Exposed(requested, table.Hops[0]));
        }

        if (BufferedContent.IsWanted(request, mostBuffered))
        {
            return BufferAndBeginAsync(request, mostBuffered, cancellationToken);
        }

        if (!ReferenceEquals(mapped, requested))
        {
            request.RequestUri = mapped;
        }

        if (Seal.IsNeeded(request))
        {
            request.Content = new Seal();
        }

        // A redirect may change it.
        HttpMethod method = request.Method;
        HttpContent? content = request.Content;
        Hop first = table.Hops[0];
        _budget.Add();
        Abandonable? abandonable = Arm(request, table, 0, cancellationToken);
        long call = first.Meter.Start(Sending.CallKindOf(method));
        Task<HttpResponseMessage> attempt = Attempt(request, isAsync, abandonable, table, 0, cancellationToken);
        if (attempt.IsCompletedSuccessfully && !ReplayRules.IsUnavailable(attempt.Result.StatusCode) && !DrainMarker.IsOn(attempt.Result))
        {
            Seal.Remove(request);
            abandonable?.End();
            first.Meter.Succeeded(call);
            return attempt;
        }

        return FinishAsync(new(request, requested, method, table, content, isAsync), call, attempt, abandonable, cancellationToken);
    }

    private async Task<HttpResponseMessage> BufferAndBeginAsync(HttpRequestMessage request, int most, CancellationToken cancellationToken)
    {
        await BufferedContent.LoadAsync(request.Content!, most, cancellationToken).ConfigureAwait(false);
        return await Begin(request, isAsync: true, mostBuffered: 0, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> FinishAsync(Sending sending, long call, Task<HttpResponseMessage> attempt, Abandonable? abandonable, CancellationToken cancellationToken)
    {
        Hop first = sending.Table.Hops[0];
        HttpResponseMessage? response = null;
        Exception? error = null;
        try
        {
            response = await attempt.ConfigureAwait(false);
        }
        catch (Exception caught)
        {
            error = caught;
        }

        bool wasAbandoned = abandonable?.End(ref error) ?? false;
        AttemptFault fault = sending.FaultOf(first, response, error, wasAbandoned, cancellationToken);
        Listener.Hear(sending, first, response, _group.Name, _logger);
        if (response is not null && fault == AttemptFault.None)
        {
            Seal.Remove(sending.Request);
            first.Meter.Succeeded(call);
            return response;
        }

        return await GoOnAsync(sending, call, fault, response, error, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The first attempt has failed with <paramref name="fault"/>: tries the next members, each once, as long as the rules allow.</summary>
    private async Task<HttpResponseMessage> GoOnAsync(Sending sending, long call, AttemptFault fault, HttpResponseMessage? response, Exception? error, CancellationToken cancellationToken)
    {
        HttpRequestMessage request = sending.Request;
        RequestKind kind = RequestKind.Of(sending.Method, request);
        var ledger = new AttemptLedger(kind);
        try
        {
            Hop hop = sending.Table.Hops[0];
            ledger.Add(hop.Meter, call, fault);
            for (int next = 1; next < sending.Table.Hops.Length && ReplayRules.MayGoElsewhere(fault, kind) && !sending.Table.WouldExpose(sending.Requested, sending.Table.Hops[next]) && MayReplay(sending.Method, hop, fault, response, error); next++)
            {
                ledger.GoOn();
                TellReplay(sending, next, fault, response, error);
                hop = sending.Table.Hops[next];
                sending.Aim(hop);
                response?.Dispose();
                (response, error) = (null, null);
                Abandonable? abandonable = Arm(request, sending.Table, next, cancellationToken);
                call = hop.Meter.Start(sending.CallKind);
                try
                {
                    response = await Attempt(request, sending.IsAsync, abandonable, sending.Table, next, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception caught)
                {
                    error = caught;
                }

                bool wasAbandoned = abandonable?.End(ref error) ?? false;
                fault = sending.FaultOf(hop, response, error, wasAbandoned, cancellationToken);
                Listener.Hear(sending, hop, response, _group.Name, _logger);
                ledger.Add(hop.Meter, call, fault);
            }
        }
        finally
        {
            ledger.Conclude();
            Seal.Remove(request);
            Resend.Unmark(request);
        }

        if (error is not null)
        {
            request.RequestUri = sending.Requested;
            ExceptionDispatchInfo.Throw(error);
        }

        return response!;
    }

    /// <summary>The means to end an attempt while it waits for headers; null if it may not be made again, or there is nobody left to make it. Then it gets the caller's own token.</summary>
    private static Abandonable? Arm(HttpRequestMessage request, RouteTable table, int hop, CancellationToken cancellationToken) =>
        hop + 1 < table.Hops.Length && !cancellationToken.IsCancellationRequested && RequestKind.MayBeAbandoned(request) ? Abandonable.Take(request.Content is not null) : null;

    /// <summary>Whether the budget allows another attempt. One that was abandoned has paid for its next.</summary>
    private bool MayReplay(HttpMethod method, Hop failed, AttemptFault fault, HttpResponseMessage? response, Exception? error)
    {
        if (fault == AttemptFault.Abandoned || _budget.TryTake())
        {
            return true;
        }

        _telemetry.Refused(_group.Name, method, failed, ErrorTypes.Of(fault, response, error));
        if (_budget.TellsRefusal())
        {
            Log.BudgetEmpty(_logger, _group.Name);
        }

        return false;
    }

    private Task<HttpResponseMessage> Attempt(HttpRequestMessage request, bool isAsync, Abandonable? abandonable, RouteTable table, int hop, CancellationToken cancellationToken)
    {
        if (abandonable is null)
        {
            return Attempt(request, isAsync, cancellationToken);
        }

        if (!isAsync)
        {
            abandonable.Watch(_group, table, hop, cancellationToken);
        }

        Task<HttpResponseMessage> attempt = Attempt(request, isAsync, abandonable.Token);
        if (isAsync && !attempt.IsCompleted)
        {
            abandonable.Watch(_group, table, hop, cancellationToken);
        }

        return attempt;
    }

    /// <summary>Never throws: what goes wrong at once is in the task, too.</summary>
    private Task<HttpResponseMessage> Attempt(HttpRequestMessage request, bool isAsync, CancellationToken cancellationToken)
    {
        try
        {
            return isAsync ? base.SendAsync(request, cancellationToken) : Task.FromResult(base.Send(request, cancellationToken));
        }
        catch (Exception error)
        {
            return Task.FromException<HttpResponseMessage>(error);
        }
    }

    private RouteTable Table()
    {
        if (_table is null)
        {
            HandlerChain.Settle(this);
        }

        GroupSnapshot snapshot = _group.Snapshot;
        return _table is { } table && ReferenceEquals(table.Snapshot, snapshot) && table.BaseAddresses == _addresses.Current
            ? table
            : _table = new RouteTable(snapshot, _addresses.Current);
    }

    /// <summary>What the caller gets in place of an answer: the headers may hold credentials, so nothing is sent.</summary>
    private HttpRequestException Exposed(Uri requested, Hop hop) => new(
        HttpRequestError.SecureConnectionError,
        $"A request to {requested.Scheme}://{requested.Authority} was not sent: the member {hop.Member.Name} of {_group.Name} ({hop.Address.Prefix}) is without TLS, and what is addressed by https is not sent in clear. Give the members https, or the client an http address; AllowInsecureMember allows it.");

    /// <summary>The request is about to be sent to the member at <paramref name="next"/>. It failed on the one before.</summary>
    private void TellReplay(in Sending sending, int next, AttemptFault fault, HttpResponseMessage? response, Exception? error)
    {
        FailoverMember to = sending.Table.Hops[next].Member;
        Log.RequestReplayed(_logger, sending.Method.Method, sending.Table.Hops[next - 1].Member.Name, _group.Name, fault, to.Name);
        _telemetry.Replayed(_group.Name, sending, next, ErrorTypes.Of(fault, response, error));
        Resend.Mark(sending.Request, new(_group.Name, to.Name, next));
    }

    private void TellNotOurs(RouteTable table, Uri? requested)
    {
        if (requested is not null && table.NearMiss(requested) is { } meant)
        {
            if (_addresses.IsFirst(requested.Authority))
            {
                Log.RequestBypasses(_logger, $"{requested.Scheme}://{requested.Authority}", _group.Name, meant.Prefix);
            }

            return;
        }

        if (Interlocked.Exchange(ref _strangersTold, 1) != 0)
        {
            return;
        }

        if (table.Stranger is { } stranger)
        {
            Log.GroupNotHttp(_logger, _group.Name, stranger.Name);
        }
        else if (requested is { IsAbsoluteUri: true })
        {
            Log.RequestNotOurs(_logger, requested.Authority, _group.Name);
        }
    }
}
