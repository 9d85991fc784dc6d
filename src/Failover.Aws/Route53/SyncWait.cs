using Failover.Aws.Api;

namespace Failover.Aws.Route53;

/// <summary>Waits until a change is at all of Route 53's name servers.</summary>
internal static class SyncWait
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <returns>Null if it is; else why that is not known.</returns>
    internal static async Task<string?> ForAsync(Route53Client client, ChangeState taken, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        string problem = "is still PENDING";
        for (TimeSpan pause = FirstPause; !taken.IsInSync; pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause)
        {
            if (time.GetElapsedTime(begun) + pause > limit)
            {
                return $"{problem} after {time.GetElapsedTime(begun).TotalSeconds:0} s";
            }

            await Task.Delay(AwsClient.Jittered(pause), time, cancellationToken).ConfigureAwait(false);
            try
            {
                taken = await client.GetChangeAsync(taken.Id, cancellationToken).ConfigureAwait(false);
                problem = "is still PENDING";
            }
            catch (AwsException fault) when (fault.Fault is AwsFault.Throttled or AwsFault.Unreachable or AwsFault.Unknown)
            {
                problem = $"how far it is cannot be read ({fault.Message})";
            }
            catch (AwsException fault)
            {
                return $"how far it is cannot be read ({fault.Message})";
            }
        }

        return null;
    }
}
