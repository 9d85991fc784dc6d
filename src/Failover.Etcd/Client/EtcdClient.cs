using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace Failover.Etcd.Client;

/// <summary>
/// Talks to etcd over its JSON gateway, with several endpoints, of which one is in use until it fails. Each answer has a deadline and a bound. Not made for several calls at a time that must agree on the endpoint: whoever watches asks
/// <see cref="Current"/> and names it.
/// </summary>
internal sealed class EtcdClient : IDisposable
{
    /// <summary>The most that an answer, or a line of a watch, may hold. etcd itself takes requests up to 1.5 MB; the keys that are watched hold a name.</summary>
    internal const int MaxAnswer = 256 * 1024;

    private readonly EtcdOptions _options;
    private readonly TimeProvider _time;
    private readonly Uri[] _endpoints;
    private readonly HttpMessageInvoker _invoker;
    private int _current;
    private string? _token;
    private volatile bool _hasAsked;

    /// <exception cref="EtcdException">A certificate cannot be read.</exception>
    internal EtcdClient(EtcdOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _endpoints = [.. options.Endpoints.Select(static endpoint => new Uri(endpoint, UriKind.Absolute))];
        _invoker = new HttpMessageInvoker(EtcdHandler.Create(options), disposeHandler: true);
    }

    /// <summary>Gets the settings.</summary>
    internal EtcdOptions Options => _options;

    /// <summary>Gets the endpoint in use.</summary>
    internal Uri Current => _endpoints[Volatile.Read(ref _current) % _endpoints.Length];

    /// <summary>Gets how many endpoints there are.</summary>
    internal int Count => _endpoints.Length;

    /// <summary>Leaves an endpoint for the next, unless it was left already.</summary>
    internal void Leave(Uri endpoint)
    {
        int current = Volatile.Read(ref _current);
        if (_endpoints[current % _endpoints.Length] == endpoint)
        {
            Interlocked.CompareExchange(ref _current, (current + 1) % _endpoints.Length, current);
        }
    }

    /// <summary>Reads a key from an endpoint, linearizably: one that cannot reach the others of its cluster does not answer.</summary>
    /// <exception cref="EtcdException">It could not be read.</exception>
    internal async Task<EtcdKey> RangeAsync(Uri endpoint, string key, CancellationToken cancellationToken)
    {
        using JsonDocument answer = await CallAsync(endpoint, "v3/kv/range", EtcdMessages.Range(key), _options.Timeout, cancellationToken).ConfigureAwait(false);
        return EtcdMessages.ReadRange(answer.RootElement);
    }

    /// <summary>Watches a key at an endpoint. Returns when etcd has said that the watch has begun.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="key">The key.</param>
    /// <param name="startRevision">The first revision to be told.</param>
    /// <param name="cancellationToken">Ends the wait for the beginning.</param>
    /// <exception cref="EtcdException">It has not begun.</exception>
    internal async Task<EtcdWatch> WatchAsync(Uri endpoint, string key, long startRevision, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.Timeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        HttpResponseMessage? response = null;
        EtcdWatch? watch = null;
        try
        {
            response = await SendAsync(endpoint, "v3/watch", EtcdMessages.Watch(key, startRevision), limit.Token).ConfigureAwait(false);
            watch = new EtcdWatch(response, await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false));
            response = null;
            if (!(await watch.ReadAsync(limit.Token).ConfigureAwait(false)).IsCreated)
            {
                throw EtcdMessages.Unreadable();
            }

            EtcdWatch begun = watch;
            watch = null;
            return begun;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw ToFault(error, _options.Timeout);
        }
        finally
        {
            watch?.Dispose();
            response?.Dispose();
        }
    }

    /// <summary>Makes one call to an endpoint, with its own deadline.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="path">What to call: <c>v3/kv/range</c>.</param>
    /// <param name="body">The message.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="EtcdException">There is no answer that can be read. Whether a call that writes was carried out is not known, unless the fault says that it was refused.</exception>
    internal async Task<JsonDocument> CallAsync(Uri endpoint, string path, byte[] body, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using HttpResponseMessage response = await SendAsync(endpoint, path, body, either.Token).ConfigureAwait(false);
            return await ReadAsync(response, either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw ToFault(error, limit);
        }
    }

    public void Dispose() => _invoker.Dispose();

    /// <summary>Sends with the token, and once more with a new one if that is refused: tokens end, and a member that was started again knows none.</summary>
    private async Task<HttpResponseMessage> SendAsync(Uri endpoint, string path, byte[] body, CancellationToken cancellationToken)
    {
        if (!_hasAsked)
        {
            await RenewTokenAsync(endpoint, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await SendOnceAsync(endpoint, path, body, _token, cancellationToken).ConfigureAwait(false);
        }
        catch (EtcdException refused) when (refused.Fault == EtcdFault.TokenRefused && _options.UserName is not null)
        {
            await RenewTokenAsync(endpoint, cancellationToken).ConfigureAwait(false);
            return await SendOnceAsync(endpoint, path, body, _token, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RenewTokenAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        _token = await TokenAsync(endpoint, cancellationToken).ConfigureAwait(false);
        _hasAsked = true;
    }

    private async Task<string?> TokenAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        if (_options.UserName is not { } user)
        {
            return null;
        }

        try
        {
            using HttpResponseMessage response = await SendOnceAsync(endpoint, "v3/auth/authenticate", EtcdMessages.Authenticate(user, _options.Password ?? ""), null, cancellationToken).ConfigureAwait(false);
            using JsonDocument answer = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
            return EtcdMessages.ReadToken(answer.RootElement);
        }
        catch (EtcdException fault) when (fault.Fault == EtcdFault.NoAuthentication)
        {
            return null;
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(Uri endpoint, string path, byte[] body, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        // Else the watch of a member that has lost its cluster stays open, and silent.
        request.Headers.TryAddWithoutValidation("Grpc-Metadata-hasleader", "true");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        HttpResponseMessage response = await _invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            throw await FaultOfAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<EtcdException> FaultOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        (long code, string message) = (0, "");
        try
        {
            using JsonDocument answer = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
            code = EtcdMessages.Int64(answer.RootElement, "code");
            message = answer.RootElement.TryGetProperty("message", out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        }
        catch (Exception error) when (error is EtcdException or IOException or HttpRequestException or InvalidOperationException)
        {
            // The status alone, then.
        }

        EtcdFault fault = (code, (int)response.StatusCode) switch
        {
            (9, _) when message.Contains("authentication is not enabled", StringComparison.Ordinal) => EtcdFault.NoAuthentication,
            (3 or 9, _) when message.Contains("revision", StringComparison.Ordinal) && message.Contains("auth", StringComparison.Ordinal) => EtcdFault.TokenRefused,
            (3, _) when message.Contains("user name is empty", StringComparison.Ordinal) => EtcdFault.TokenRefused,
            (16, _) or (_, 401) => EtcdFault.TokenRefused,
            (5, < 500) when message.Contains("lease not found", StringComparison.Ordinal) => EtcdFault.Missing,
            (6 or 9, < 500) when message.Contains("already exists", StringComparison.Ordinal) => EtcdFault.Exists,
            (3 or 5 or 6 or 7 or 9 or 11 or 12, < 500) => EtcdFault.Refused,
            _ => EtcdFault.Unreachable,
        };
        string why = code == 7 ? ": the user may not do this"
            : fault == EtcdFault.TokenRefused || message.Contains("authentication failed", StringComparison.Ordinal) ? ": it does not take the user and the password, or asks for some"
            : "";
        return new EtcdException($"it answered {(int)response.StatusCode}{(code > 0 ? $", code {code}" : "")}{why}", fault);
    }

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxAnswer + 1);
        try
        {
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            int read = await body.ReadAtLeastAsync(buffer.AsMemory(0, MaxAnswer + 1), MaxAnswer + 1, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return read <= MaxAnswer ? JsonDocument.Parse(buffer.AsSpan(0, read).ToArray()) : throw new EtcdException("its answer is too long", EtcdFault.Unreachable);
        }
        catch (JsonException)
        {
            throw EtcdMessages.Unreadable();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static EtcdException ToFault(Exception error, TimeSpan limit)
    {
        if (error is EtcdException fault)
        {
            return fault;
        }

        if (error is OperationCanceledException)
        {
            return new EtcdException($"no answer within {limit}", EtcdFault.Unreachable);
        }

        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket)
            {
                return new EtcdException(socket.SocketErrorCode.ToString(), EtcdFault.Unreachable);
            }
        }

        return new EtcdException(
            error switch
            {
                HttpIOException broken => broken.HttpRequestError.ToString(),
                HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => http.HttpRequestError.ToString(),
                _ => error.GetType().Name,
            },
            EtcdFault.Unreachable);
    }
}
