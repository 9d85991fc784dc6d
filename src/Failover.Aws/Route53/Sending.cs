using Failover.Aws.Api;
using Failover.DnsSwitching;

namespace Failover.Aws.Route53;

/// <summary>Sends one change, again only where the one before was refused for certain, and knows of it what is known when the wait for it is ended. Used once.</summary>
internal sealed class Sending(Route53Client client, string zone, DnsChange change, IReadOnlyList<(string Action, RecordSet Set)> batch, Route53Options options)
{
    /// <summary>Gets whether it was sent at least once.</summary>
    internal bool HasBegun { get; private set; }

    /// <summary>Gets whether the last time it was refused: nothing was done.</summary>
    internal bool IsRefused { get; private set; }

    /// <exception cref="AwsException">There is no answer of success.</exception>
    internal Task<ChangeState> SendAsync(CancellationToken cancellationToken) => client.Aws.PatientlyAsync(OnceAsync, options.Patience, cancellationToken);

    private async Task<ChangeState> OnceAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        (HasBegun, IsRefused) = (true, false);
        try
        {
            return await client.ChangeAsync(zone, change.Owner.ToString(), batch, cancellationToken).ConfigureAwait(false);
        }
        catch (AwsException fault) when (fault.Fault == AwsFault.Throttled)
        {
            IsRefused = true;
            throw;
        }
    }
}
