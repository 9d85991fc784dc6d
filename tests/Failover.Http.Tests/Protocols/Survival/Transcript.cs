using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>All that a caller, or a server, gets to see of a run, one line a field. Two runs are alike if their lines are.</summary>
internal sealed class Transcript
{
    private readonly ConcurrentQueue<string> _lines = [];

    internal IReadOnlyList<string> Lines => [.. _lines];

    internal void Add(string line) => _lines.Enqueue(line);

    /// <summary>An answer whose body is read to its end here.</summary>
    internal async Task AddAsync(HttpResponseMessage response)
    {
        AddHead(response);
        Add($"body: {Body(await response.Content.ReadAsByteArrayAsync())}");
        AddTrailers(response);
    }

    internal void AddHead(HttpResponseMessage response)
    {
        Add($"answer: HTTP/{response.Version} {(int)response.StatusCode} {response.ReasonPhrase}");
        AddHeaders("answer header", response.Headers);
        AddHeaders("content header", response.Content.Headers);
        Add($"answer to: {response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsoluteUri} HTTP/{response.RequestMessage?.Version} {response.RequestMessage?.VersionPolicy}");
    }

    internal void AddTrailers(HttpResponseMessage response) => AddHeaders("trailer", response.TrailingHeaders);

    /// <summary>What the message is after it was sent, for callers that look at it again.</summary>
    internal void Add(HttpRequestMessage request)
    {
        Add($"message: {request.Method} {request.RequestUri} HTTP/{request.Version} {request.VersionPolicy}, content {request.Content?.GetType().Name ?? "none"}");
        AddHeaders("message header", request.Headers);
        foreach ((string key, object? value) in request.Options)
        {
            Add($"message option: {key}: {value}");
        }
    }

    /// <summary>
    /// Types and codes from the outside in. A link of the same type as the one before is left out, and so is what a cancellation tore: how often <see cref="HttpClient"/> wraps one, and what a read
    /// says whose socket was closed under it, is nobody's promise.
    /// </summary>
    internal void Add(Exception error, CancellationToken caller = default)
    {
        string last = "";
        bool isCancelled = false;
        for (Exception? link = error; link is not null; link = link.InnerException)
        {
            string text = Text(link);
            isCancelled |= link is OperationCanceledException;
            if (text != last && (!isCancelled || link is OperationCanceledException or TimeoutException))
            {
                Add($"threw: {text}");
            }

            last = text;
        }

        if (error is OperationCanceledException cancelled)
        {
            Add($"threw with the caller's token: {caller.CanBeCanceled && cancelled.CancellationToken == caller}");
        }
    }

    internal static string Body(byte[] bytes) => $"{bytes.Length} bytes {Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}";

    private static string Text(Exception link) => link switch
    {
        HttpRequestException http => $"{nameof(HttpRequestException)} {http.HttpRequestError} {http.StatusCode}",
        HttpProtocolException protocol => $"{nameof(HttpProtocolException)} {protocol.HttpRequestError} {protocol.ErrorCode}",
        HttpIOException io => $"{nameof(HttpIOException)} {io.HttpRequestError}",
        SocketException socket => $"{nameof(SocketException)} {socket.SocketErrorCode}",
        _ => link.GetType().Name,
    };

    private void AddHeaders(string kind, HttpHeaders headers)
    {
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            Add(name == "Date" ? $"{kind}: Date" : $"{kind}: {name}: {string.Join(" | ", values)}");
        }
    }
}
