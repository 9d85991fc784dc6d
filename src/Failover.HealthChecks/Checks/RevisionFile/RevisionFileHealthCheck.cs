using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.RevisionFile;

/// <summary>Compares the revision of this node to those of its peers.</summary>
internal sealed class RevisionFileHealthCheck(Peers.RevisionFile file, FreshPeers peers, RevisionFileCheckOptions options, TimeProvider time) : IHealthCheck
{
    private long? _differsFrom;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string? own;
        try
        {
            own = await file.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return new(context.Registration.FailureStatus, "the revision cannot be read", exception);
        }

        PeerSnapshot[] told = [.. peers.Now().Where(static peer => peer.Revision is not null)];
        PeerSnapshot? other = Array.Find(told, peer => peer.Revision != own);
        _differsFrom = other is null ? null : _differsFrom ?? time.GetTimestamp();
        TimeSpan differs = _differsFrom is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
        Dictionary<string, object> data = new() { ["peersHeard"] = told.Length, ["differs"] = other is not null, ["differsSeconds"] = Math.Round(differs.TotalSeconds, 1) };

        // Which of both is right, nobody can tell: so it never fails for that.
        CheckFinding finding = other is not null && differs >= options.Grace ? CheckFinding.Degraded($"the revision is {own}, and {other.Revision} at {other.Node}") : CheckFinding.Healthy;
        return finding.ToResult(context, data);
    }
}
