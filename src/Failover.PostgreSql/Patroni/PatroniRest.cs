using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Failover.PostgreSql.Patroni;

/// <summary>Asks endpoints of Patroni's REST API, which answer <c>GET /cluster</c> to everybody. Nothing of the application goes with it, redirects are not followed, and each answer has a deadline and a bound.</summary>
internal sealed class PatroniRest : IDisposable
{
    internal const int MaxAnswer = 64 * 1024;

    private readonly HttpMessageInvoker _invoker;
    private readonly PatroniOptions _options;
    private readonly TimeProvider _time;

    /// <exception cref="PatroniException">A certificate cannot be read.</exception>
    internal PatroniRest(PatroniOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.Timeout,
            MaxConnectionsPerServer = 2,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        };
        _invoker = new HttpMessageInvoker(handler, disposeHandler: true);
        if (options.CertificateAuthorityPath is { } authority)
        {
            try
            {
                var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                policy.CustomTrustStore.ImportFromPemFile(authority);
                handler.SslOptions.CertificateChainPolicy = policy;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
            {
                _invoker.Dispose();
                throw new PatroniException($"CertificateAuthorityPath cannot be read ({error.GetType().Name})");
            }
        }
    }

    /// <summary>Gets the settings.</summary>
    internal PatroniOptions Options => _options;

    /// <summary>Asks one endpoint.</summary>
    /// <exception cref="PatroniException">There is no answer that can be read.</exception>
    internal async Task<PatroniView> AskAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.Timeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxAnswer + 1);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, "cluster"));
            using HttpResponseMessage response = await _invoker.SendAsync(request, limit.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new PatroniException($"it answered {(int)response.StatusCode}");
            }

            Stream body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            int read = await body.ReadAtLeastAsync(buffer.AsMemory(0, MaxAnswer + 1), MaxAnswer + 1, throwOnEndOfStream: false, limit.Token).ConfigureAwait(false);
            return read > MaxAnswer ? throw new PatroniException("its answer is too long") : PatroniView.Read(buffer.AsMemory(0, read)) ?? throw new PatroniException("its answer cannot be read");
        }
        catch (Exception error) when (error is not PatroniException && !cancellationToken.IsCancellationRequested)
        {
            throw new PatroniException(EvidenceOf(error));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => _invoker.Dispose();

    /// <summary>Made of codes only: messages may hold anything.</summary>
    private string EvidenceOf(Exception error)
    {
        if (error is OperationCanceledException)
        {
            return $"no answer within {_options.Timeout}";
        }

        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket)
            {
                return socket.SocketErrorCode.ToString();
            }
        }

        return error switch
        {
            HttpIOException broken => broken.HttpRequestError.ToString(),
            HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => http.HttpRequestError.ToString(),
            _ => error.GetType().Name,
        };
    }
}

/// <summary>Why there is no answer. The message is made of codes alone.</summary>
internal sealed class PatroniException(string evidence) : Exception(evidence);
