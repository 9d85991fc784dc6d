using System.Collections.Concurrent;

namespace Failover.Http.Tests.Processes;

/// <summary>Counts attempts by where they go: what a dead server cannot count.</summary>
internal sealed class CountingHandler : DelegatingHandler
{
    private readonly ConcurrentDictionary<int, (int Sent, int Waiting)> _byPort = new();

    internal int Sent(int port) => _byPort.GetValueOrDefault(port).Sent;

    internal int Waiting(int port) => _byPort.GetValueOrDefault(port).Waiting;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int port = request.RequestUri!.Port;
        Count(port, 1, 1);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            Count(port, 0, -1);
        }
    }

    private void Count(int port, int sent, int waiting) =>
        _byPort.AddOrUpdate(port, (sent, waiting), (_, before) => (before.Sent + sent, before.Waiting + waiting));
}
