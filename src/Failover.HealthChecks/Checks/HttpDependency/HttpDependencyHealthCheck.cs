using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.HttpDependency;

/// <summary>Asks an HTTP server over connections of its own. Nothing of the application goes with it: no headers, no cookies, no credentials; redirects are not followed.</summary>
internal sealed class HttpDependencyHealthCheck : IHealthCheck, IDisposable
{
    // A name that moves to another address is followed.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = 1,
        PooledConnectionLifetime = ConnectionLifetime,
    });

    private readonly Uri _uri;
    private readonly HttpDependencyCheckOptions _options;
    private readonly TimeProvider _time;

    internal HttpDependencyHealthCheck(Uri uri, HttpDependencyCheckOptions options, TimeProvider time) => (_uri, _options, _time) = (uri, options, time);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Steps steps = new(_time);

        // Where nobody else limits it.
        using CancellationTokenSource limit = new(LongestTimeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            steps.Begin(CheckStep.Answer);
            using HttpRequestMessage request = new(_options.Method, _uri);
            request.Headers.TryAddWithoutValidation("User-Agent", "failover-health-check");
            using HttpResponseMessage response = await _invoker.SendAsync(request, either.Token).ConfigureAwait(false);
            int status = (int)response.StatusCode;
            steps.Data["status"] = status;
            return Passes(status) ? steps.Passed() : steps.Failed(context, $"{_uri.Host} says {status}");
        }
        catch (HttpRequestException exception)
        {
            return steps.Threw(context, exception);
        }
    }

    public void Dispose() => _invoker.Dispose();

    internal static void Check(Uri uri, HttpDependencyCheckOptions options, OptionsCheck check)
    {
        // The address itself is not shown: it may hold the very secret that is refused.
        if (!uri.IsAbsoluteUri || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            check.Refuse("Uri", "must be absolute, like https://billing.example.com/ping");
        }
        else if (uri.UserInfo.Length > 0)
        {
            check.Refuse("Uri", $"must not carry user information (host '{uri.Host}')");
        }

        if (options.Method is null || (options.Method != HttpMethod.Get && options.Method != HttpMethod.Head && options.Method != HttpMethod.Options))
        {
            check.Refuse(nameof(options.Method), options.Method, "must be one of GET, HEAD, OPTIONS");
        }

        foreach (int status in options.ExpectedStatuses.Where(static status => status is < 200 or > 599))
        {
            check.Refuse(nameof(options.ExpectedStatuses), status, "must be from 200 to 599");
        }

        if (options.Timeout is { } timeout)
        {
            check.InRange(nameof(options.Timeout), timeout, ShortestTimeout, LongestTimeout);
        }
    }

    private bool Passes(int status) => _options.ExpectedStatuses.Count == 0 ? status is >= 200 and <= 299 : _options.ExpectedStatuses.Contains(status);
}
