using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Failover.DnsSwitching.Cloudflare;

/// <summary>The requests that are made of the API, each sent once. It throws for nothing that the API or the network does. For any thread.</summary>
/// <remarks>It has a client of its own: one of an <see cref="HttpClient"/> factory can be made to log its headers, and one of them is the token.</remarks>
internal sealed class CloudflareApi : IDisposable
{
    private const int LongestAnswer = 1024 * 1024;
    private const int LongestWords = 300;
    private const int PageSize = 100;

    /// <summary>«Please wait and consider throttling your request speed».</summary>
    private const int ThrottledCode = 971;

    private readonly HttpClient _client;
    private readonly string _records;
    private readonly string _token;
    private readonly TimeProvider _time;

    /// <param name="options">Settings that were checked.</param>
    /// <param name="time">The clock.</param>
    internal CloudflareApi(CloudflareOptions options, TimeProvider time)
    {
        (_token, _time) = (options.ApiToken, time);
        _records = $"{options.BaseUrl.TrimEnd('/')}/zones/{options.ZoneId}/dns_records";
        _client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),

            // A request on the way to Cloudflare is no part of the caller's trace.
            ActivityHeadersPropagator = null,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LongestAnswer,
        };
        _client.DefaultRequestHeaders.Authorization = new("Bearer", _token);
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Failover", null));
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Asks for a page of the records of one name, of whatever type.</summary>
    internal Task<CloudflareReply> ListAsync(string name, int page, TimeSpan within, CancellationToken cancellationToken)
    {
        string query = string.Create(CultureInfo.InvariantCulture, $"?name.exact={Uri.EscapeDataString(name)}&order=type&per_page={PageSize}&page={page}");
        return SendAsync(HttpMethod.Get, query, null, CloudflareJson.Default.ListAnswer, within, cancellationToken);
    }

    /// <summary>Has changes made in one transaction.</summary>
    internal Task<CloudflareReply> BatchAsync(CloudflareBatch batch, TimeSpan within, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/batch", JsonSerializer.SerializeToUtf8Bytes(batch, CloudflareJson.Default.Batch), CloudflareJson.Default.BatchAnswer, within, cancellationToken);

    private async Task<CloudflareReply> SendAsync<T>(HttpMethod method, string below, byte[]? body, JsonTypeInfo<CloudflareAnswer<T>> type, TimeSpan within, CancellationToken cancellationToken)
        where T : class
    {
        if (within <= TimeSpan.Zero || cancellationToken.IsCancellationRequested)
        {
            return new CloudflareReply.NotSent(cancellationToken.IsCancellationRequested ? "the wait was cancelled" : "no time was left");
        }

        using CancellationTokenSource limit = new(within, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using HttpRequestMessage request = new(method, _records + below);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            }

            using HttpResponseMessage response = await _client.SendAsync(request, either.Token).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.TooManyRequests
                ? new CloudflareReply.Throttled(AfterOf(response))
                : ReplyOf((int)response.StatusCode, Read(await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false), type), AfterOf(response));
        }
        catch (HttpRequestException failure)
        {
            string why = failure.InnerException is SocketException socket ? $"{socket.SocketErrorCode}" : $"{failure.HttpRequestError}";
            return failure.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
                ? new CloudflareReply.NotSent(why)
                : new CloudflareReply.Lost($"its answer did not come, or not whole ({why})");
        }
        catch (OperationCanceledException)
        {
            return new CloudflareReply.Lost(cancellationToken.IsCancellationRequested ? "the wait was cancelled" : string.Create(CultureInfo.InvariantCulture, $"no answer within {within.TotalSeconds:0.###} s"));
        }
    }

    private static CloudflareAnswer<T>? Read<T>(byte[] body, JsonTypeInfo<CloudflareAnswer<T>> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private CloudflareReply ReplyOf<T>(int status, CloudflareAnswer<T>? answer, TimeSpan? after)
        where T : class
    {
        if (answer is null)
        {
            return new CloudflareReply.Lost(string.Create(CultureInfo.InvariantCulture, $"it answered {status} with what is none of the API's answers"));
        }

        if (answer.Success)
        {
            return status is >= 200 and < 300 && answer.Result is { } result
                ? new CloudflareReply.Done<T>(result, answer.ResultInfo)
                : new CloudflareReply.Lost(string.Create(CultureInfo.InvariantCulture, $"it answered {status} and success, without what was asked for"));
        }

        CloudflareError[] errors = [.. (answer.Errors ?? []).OfType<CloudflareError>()];
        int[] codes = [.. errors.SelectMany(static error => (IEnumerable<CloudflareError?>)[error, .. error.ErrorChain ?? []]).OfType<CloudflareError>().Select(static error => error.Code)];
        string words = Tidy(string.Join("; ", errors.Select(WordsOf)));
        return codes.Contains(ThrottledCode) ? new CloudflareReply.Throttled(after)
            : codes.Length == 0 || status is < 400 or 408 or >= 500 ? new CloudflareReply.Lost(string.Create(CultureInfo.InvariantCulture, $"it answered {status}{(words.Length == 0 ? "" : $" ({words})")}"))
            : new CloudflareReply.Refused(status, codes, words);
    }

    private static string WordsOf(CloudflareError error)
    {
        string chain = string.Join("; ", (error.ErrorChain ?? []).OfType<CloudflareError>().Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Code}: {one.Message}")));
        return string.Create(CultureInfo.InvariantCulture, $"{error.Code}: {error.Message}{(chain.Length == 0 ? "" : $" ({chain})")}");
    }

    /// <summary>What a server says is shown in logs: of one line, not endless, and without the token if it should repeat that.</summary>
    private string Tidy(string words)
    {
        string clean = string.Concat(words.Replace(_token, "***", StringComparison.Ordinal).Select(static one => one is >= ' ' and < (char)0x7F ? one : '?'));
        return clean.Length <= LongestWords ? clean : clean[..LongestWords] + "...";
    }

    private TimeSpan? AfterOf(HttpResponseMessage response)
    {
        TimeSpan? after = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ => null,
        };
        return after < TimeSpan.Zero ? TimeSpan.Zero : after;
    }
}
