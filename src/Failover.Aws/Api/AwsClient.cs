using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using Failover.Aws.Signing;

namespace Failover.Aws.Api;

/// <summary>Speaks to one service of AWS: signed requests, answers in XML, each with an end and a bound. For any thread.</summary>
internal sealed class AwsClient : IDisposable
{
    /// <summary>The most that an answer may hold: a page of 100 record sets is far below.</summary>
    private const int MaxAnswer = 1024 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Uri _endpoint;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly IAwsKeySource _keys;
    private readonly HttpMessageInvoker _invoker;

    /// <param name="endpoint">Where the service is.</param>
    /// <param name="service">What it is called in signatures: <c>route53</c>.</param>
    /// <param name="region">The region of signatures.</param>
    /// <param name="keys">Gives what requests are signed with.</param>
    /// <param name="limit">How long one request may take.</param>
    /// <param name="time">The clock.</param>
    internal AwsClient(Uri endpoint, string service, string region, IAwsKeySource keys, TimeSpan limit, TimeProvider time)
    {
        (_endpoint, _limit, _time, _keys) = (endpoint, limit, time, keys);
        SocketsHttpHandler sockets = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = limit,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),

            // A request on the way to AWS is no part of the caller's trace, and its headers are signed.
            ActivityHeadersPropagator = null,
        };
        _invoker = new(new SigV4Handler(region, service, time) { InnerHandler = sockets }, disposeHandler: true);
    }

    /// <summary>Gets where the service is, for people.</summary>
    internal string Where => _endpoint.Authority;

    /// <summary>Sends a request once.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, with its query.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="type">What the body is.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="AwsException">There is no answer of success.</exception>
    internal async Task<XElement> SendAsync(HttpMethod method, string path, byte[]? body, string type, CancellationToken cancellationToken)
    {
        // The search for them has an end of its own, and nothing is sent before it.
        AwsKeys keys = await _keys.GetAsync(cancellationToken).ConfigureAwait(false);
        using var deadline = new CancellationTokenSource(_limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(_endpoint, path));
            request.Options.Set(SigV4Handler.Keys, keys);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            }

            using HttpResponseMessage response = await _invoker.SendAsync(request, either.Token).ConfigureAwait(false);
            XDocument? answer = await ReadAsync(response, either.Token).ConfigureAwait(false);
            return (int)response.StatusCode is < 200 or > 299
                ? throw AwsErrors.Of(response.StatusCode, answer, response.Headers.Date - _time.GetUtcNow())
                : answer?.Root ?? throw new AwsException(AwsFault.Unknown, "its answer cannot be read");
        }
        catch (Exception error) when (error is not AwsException)
        {
            // A connection that breaks since nobody waits for it any more is no answer of AWS.
            cancellationToken.ThrowIfCancellationRequested();
            throw AwsErrors.Of(error, _limit);
        }
    }

    /// <summary>Does a call again, with growing pauses of differing lengths, as long as AWS wants fewer requests: such a call was not done.</summary>
    /// <param name="call">The call.</param>
    /// <param name="patience">How long to go on.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="AwsException">There is no answer of success.</exception>
    internal async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan patience, CancellationToken cancellationToken)
    {
        long begun = _time.GetTimestamp();
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await call(cancellationToken).ConfigureAwait(false);
            }
            catch (AwsException busy) when (busy.Fault == AwsFault.Throttled && _time.GetElapsedTime(begun) + pause < patience)
            {
                // Waited for below.
            }

            await Task.Delay(Jittered(pause), _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes up to half of it away: many that were refused at once are not to come back at once.</summary>
    internal static TimeSpan Jittered(TimeSpan pause) => pause * (0.5 + (RandomNumberGenerator.GetInt32(1000) / 2000.0));

    public void Dispose() => _invoker.Dispose();

    /// <returns>Null if it is no XML, or too long.</returns>
    private static async Task<XDocument?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[(int)Math.Min(response.Content.Headers.ContentLength ?? MaxAnswer, MaxAnswer) + 1];
        Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == buffer.Length)
        {
            return null;
        }

        try
        {
            using XmlReader reader = XmlReader.Create(new MemoryStream(buffer, 0, read), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxAnswer });
            return XDocument.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
