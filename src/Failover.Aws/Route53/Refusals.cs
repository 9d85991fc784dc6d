using Failover.Aws.Api;

namespace Failover.Aws.Route53;

/// <summary>Calls that are made to be refused.</summary>
internal static class Refusals
{
    /// <summary>Makes a call, and takes the refusal that is expected for the success that it is.</summary>
    /// <param name="isExpected">Tells which it is.</param>
    /// <param name="call">The call.</param>
    /// <returns>Whether it was refused so.</returns>
    /// <exception cref="AwsException">It failed otherwise.</exception>
    internal static async Task<bool> OfAsync<T>(Func<AwsException, bool> isExpected, Func<Task<T>> call)
    {
        try
        {
            await call().ConfigureAwait(false);
            return false;
        }
        catch (AwsException fault) when (isExpected(fault))
        {
            return true;
        }
    }
}
