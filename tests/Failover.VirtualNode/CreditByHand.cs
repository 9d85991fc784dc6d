using Microsoft.Extensions.Primitives;

namespace Failover.VirtualNode;

/// <summary>Writes what keepalived tracks, and knows nothing of keepalived.</summary>
internal sealed class CreditByHand(IFailoverHealth health, string file) : IHostedService
{
    private readonly Lock _gate = new();
    private IDisposable? _watch;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _watch = ChangeToken.OnChange(health.GetChangeToken, Write);
        Write();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _watch?.Dispose();
        return Task.CompletedTask;
    }

    private void Write()
    {
        lock (_gate)
        {
            File.WriteAllText($"{file}.next", health.Verdicts.CanServe ? "200\n" : "-254\n");
            File.Move($"{file}.next", file, overwrite: true);
        }
    }
}
