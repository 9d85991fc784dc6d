using System.Security.Cryptography;

namespace Failover.Etcd.Watching;

/// <summary>How long to wait after a failure: the endpoints one after the other at once, and then growing pauses, each of a length that differs from process to process.</summary>
internal static class Backoff
{
    internal static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The pause, at its longest.</summary>
    /// <param name="failures">How many failures in a row there were.</param>
    /// <param name="endpoints">How many endpoints there are.</param>
    internal static TimeSpan After(int failures, int endpoints)
    {
        // Within the first round each endpoint has its try at once; after it, there is a pause between two of them.
        int beyond = failures - endpoints;
        return beyond < 0 ? TimeSpan.Zero
            : beyond >= 6 ? Longest
            : First * (1 << beyond) is var pause && pause < Longest ? pause : Longest;
    }

    /// <summary>Takes up to half of it away.</summary>
    internal static TimeSpan Jittered(TimeSpan pause) => pause * (0.5 + (RandomNumberGenerator.GetInt32(1000) / 2000.0));
}
