using Failover.Aws.Api;

namespace Failover.Aws.Signing;

/// <summary>Gives what requests are signed with. For any thread.</summary>
internal interface IAwsKeySource
{
    /// <summary>Returns the keys that hold now.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AwsException">There are none.</exception>
    ValueTask<AwsKeys> GetAsync(CancellationToken cancellationToken);
}
