using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Failover.Http.Draining;
using Microsoft.Extensions.Logging;

namespace Failover.Http.Probing;

/// <summary>
/// Looks at a member with GET, over connections of its own that it keeps between two looks. Nothing of the application goes with it: no headers, no cookies, no credentials; redirects are not followed.
/// Whatever comes back, or does not, becomes an outcome.
/// </summary>
internal sealed class HttpProbe : IMemberProbe, IDisposable
{
    internal const int MaxBody = 64 * 1024;

    private readonly HttpMessageInvoker _invoker;
    private readonly ILogger _logger;
    private readonly string _group;
    private readonly Func<ProbePlan> _plan;
    private readonly TimeProvider _time;

    /// <summary>The members whose last probe failed with TLS: told once until it works again.</summary>
    private readonly ConditionalWeakTable<FailoverMember, object> _tlsProblems = [];

    /// <param name="group">The name of the group.</param>
    /// <param name="plan">Gives what is in force; asked at each probe.</param>
    /// <param name="handler">What sends the probes; null for one of their own. The probe owns it.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="time">The clock, for dates that members give.</param>
    internal HttpProbe(string group, Func<ProbePlan> plan, HttpMessageHandler? handler, ILogger logger, TimeProvider time)
    {
        _time = time;
        _group = group;
        _plan = plan;
        _logger = logger;
        _invoker = new HttpMessageInvoker(handler ?? CreateHandler(), disposeHandler: true);
    }

    public async ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        ProbePlan plan = _plan();
        try
        {
            Uri uri = plan.UriOf(member);
            using var request = new HttpRequestMessage(HttpMethod.Get, uri) { Version = plan.Version, VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher };
            request.Headers.TryAddWithoutValidation("User-Agent", "failover-probe");
            using HttpResponseMessage response = await _invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
            _tlsProblems.Remove(member);
            if (!ReferenceEquals(request.RequestUri, uri))
            {
                return ProbeResult.Failure("redirected by the handler given for probes");
            }

            if (DrainMarker.Of(response) is { } leaves)
            {
                return ProbeResult.Draining("says that it is leaving", leaves);
            }

            if (DrainMarker.IsOn(response))
            {
                DrainMarker.TellUnreadable(member, _group, _logger);
            }

            int status = (int)response.StatusCode;
            return plan.Expects(status)
                ? await ReadAsync(response.Content, plan.BodyContains, cancellationToken).ConfigureAwait(false)
                : ProbeResult.Failure($"status {status}") with { DrainFor = RetryAfter.Of(response, _time) };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ProbeResult.Timeout("no answer in time");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            TellTls(member, error);
            return IsNoAnswer(error) ? ProbeResult.Timeout(Evidence(error)) : ProbeResult.Failure(Evidence(error));
        }
    }

    public void Dispose() => _invoker.Dispose();

    private static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        Credentials = null,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = 2,

        // So that a change of the member's address in DNS is noticed.
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    };

    /// <summary>Reads the body to its end, or up to the bound; one that breaks off before its end is no answer.</summary>
    private static async Task<ProbeResult> ReadAsync(HttpContent content, byte[]? wanted, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxBody);
        try
        {
            Stream body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            int read = await body.ReadAtLeastAsync(buffer.AsMemory(0, MaxBody), MaxBody, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return wanted is null || buffer.AsSpan(0, read).IndexOf(wanted) >= 0 ? ProbeResult.Success() : ProbeResult.Failure("the body does not hold the expected text");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether nobody has said anything: the handler's own time was over, or there was no way to the member, or to the server of names.</summary>
    private static bool IsNoAnswer(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is OperationCanceledException or SocketException
                {
                    SocketErrorCode: SocketError.TimedOut or SocketError.TryAgain or SocketError.HostDown or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.NetworkUnreachable,
                })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Made of codes only: messages may be in any language and hold anything.</summary>
    private static string Evidence(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket)
            {
                return socket.SocketErrorCode switch
                {
                    SocketError.ConnectionRefused => "connection refused",
                    SocketError.ConnectionReset => "connection reset",
                    SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "name not found",
                    _ => socket.SocketErrorCode.ToString(),
                };
            }

            if (cause is AuthenticationException)
            {
                return "TLS refused";
            }
        }

        return error switch
        {
            HttpIOException broken => broken.HttpRequestError.ToString(),
            HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => http.HttpRequestError.ToString(),
            _ => error.GetType().Name,
        };
    }

    private void TellTls(FailoverMember member, Exception error)
    {
        if (error is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
        {
            if (_tlsProblems.TryAdd(member, this))
            {
                Log.ProbeTlsFailed(_logger, member.Name, _group, error.InnerException?.Message ?? error.Message);
            }
        }
        else
        {
            _tlsProblems.Remove(member);
        }
    }
}
