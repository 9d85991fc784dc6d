using Failover.Aws.Api;

namespace Failover.Aws.Route53;

/// <summary>Calls that are made to be refused.</summary>
internal static class Refusals
{
    /// <summary>Makes a call, and takes one kind of refusal for the success that it is.</summary>
    /// <returns>Whether it was refused so.</returns>
    /// <exception cref="AwsException">It failed otherwise.</exception>
    internal static async Task<bool> OfAsync<T>(AwsFault expected, Func<Task<T>> call)
    {
        try
        {
            await call().ConfigureAwait(false);
            return false;
        }
        catch (AwsException fault) when (fault.Fault == expected)
        {
            return true;
        }
    }
}
