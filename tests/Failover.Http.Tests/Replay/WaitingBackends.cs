using System.Collections.Concurrent;
using System.Net;

namespace Failover.Http.Tests.Replay;

/// <summary>One of them holds its requests until it is released.</summary>
internal sealed class WaitingBackends : HttpMessageHandler
{
    internal ConcurrentQueue<string> Asked { get; } = [];

    internal ConcurrentQueue<CancellationToken> Tokens { get; } = [];

    internal TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string Holding { get; set; } = "a";

    internal string Refusing { get; set; } = "";

    internal bool Yields { get; set; }

    internal Action OnCancelled { get; set; } = () => { };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Yields)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return new(HttpStatusCode.OK);
        }

        string authority = request.RequestUri!.Authority;
        Tokens.Enqueue(cancellationToken);
        Asked.Enqueue(authority);
        if (authority == Refusing)
        {
            throw StubBackends.Refused;
        }

        try
        {
            await (authority == Holding ? Release.Task : Task.CompletedTask).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            OnCancelled();
            throw;
        }

        return StubBackends.Answer(request, HttpStatusCode.OK);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => SendAsync(request, cancellationToken).GetAwaiter().GetResult();
}
