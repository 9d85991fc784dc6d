using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Attempts;

/// <summary>Stands between a client under test and its transport, and writes down what passes.</summary>
internal sealed class AttemptRecorder(AttemptLog log) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        log.Add(request.RequestUri!.Port, isProbe: request.RequestUri.AbsolutePath == ServerPaths.Health);
        return base.SendAsync(request, cancellationToken);
    }
}
