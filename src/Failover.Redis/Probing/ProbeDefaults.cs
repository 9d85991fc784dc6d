namespace Failover.Redis.Probing;

/// <summary>What the settings of a Redis group begin with: commands wait for the answers, and a look costs one round trip on a connection that is open.</summary>
internal static class ProbeDefaults
{
    internal static void Set(GroupOptions options)
    {
        // With its jitter at most 0.22 s and 0.2 s: a master that freezes is suspect within 0.42 s. What was sent to it until then fails; the rest waits.
        options.Detection.ProbeInterval = TimeSpan.FromMilliseconds(200);
        options.Detection.ProbeTimeout = TimeSpan.FromMilliseconds(200);
        options.Detection.TransitionInterval = TimeSpan.FromMilliseconds(10);
        options.Detection.DownInterval = TimeSpan.FromSeconds(1);
        options.Detection.Fall = 4;
        options.Detection.Rise = 1;
    }
}
