using System.Net;
using System.Net.Sockets;

namespace Failover.Http.Tests;

/// <summary>Stands where the network would be. Each authority does what it was told; unless told, it answers 200. Keeps what it was asked, in order.</summary>
internal sealed class StubBackends : HttpMessageHandler
{
    internal static readonly HttpRequestException Refused = new(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused));
    internal static readonly HttpRequestException Reset = new(HttpRequestError.Unknown, "reset", new IOException("reset", new SocketException((int)SocketError.ConnectionReset)));

    private readonly Dictionary<string, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> _backends = [];

    internal List<string> Asked { get; } = [];

    /// <summary>Whether attempts end before they are awaited.</summary>
    internal bool IsSynchronous { get; init; }

    /// <summary>«refused», «reset», a status, or «cancelled» by <paramref name="caller"/>.</summary>
    internal StubBackends Does(string authority, string what, CancellationTokenSource? caller = null)
    {
        _backends[authority] = what switch
        {
            "refused" => (_, _) => throw Refused,
            "reset" => (_, _) => throw Reset,
            "broken" => (_, _) => throw new InvalidOperationException("broken"),
            "cancelled" => async (_, token) =>
            {
                await caller!.CancelAsync();
                await Task.Delay(Given.Limit, token);
                throw new InvalidOperationException("The token was not passed on.");
            },
            _ => (request, _) => Task.FromResult(Answer(request, (HttpStatusCode)int.Parse(what, System.Globalization.CultureInfo.InvariantCulture))),
        };
        return this;
    }

    internal StubBackends Does(string authority, Func<HttpRequestMessage, HttpResponseMessage> what)
    {
        _backends[authority] = (request, _) => Task.FromResult(what(request));
        return this;
    }

    internal static HttpResponseMessage Answer(HttpRequestMessage request, HttpStatusCode status) => new(status) { RequestMessage = request };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add($"{request.Method} {request.RequestUri}");
        if (!IsSynchronous)
        {
            await Task.Yield();
        }

        return _backends.TryGetValue(request.RequestUri!.Authority, out var backend) ? await backend(request, cancellationToken) : Answer(request, HttpStatusCode.OK);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add($"{request.Method} {request.RequestUri}");
        return _backends.TryGetValue(request.RequestUri!.Authority, out var backend) ? backend(request, cancellationToken).GetAwaiter().GetResult() : Answer(request, HttpStatusCode.OK);
    }
}
