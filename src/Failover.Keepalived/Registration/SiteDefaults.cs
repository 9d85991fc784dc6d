namespace Failover.Keepalived.Registration;

/// <summary>What the settings of a virtual address begin with: a look costs a read of memory, and what keepalived says is so.</summary>
internal static class SiteDefaults
{
    internal static void Set(GroupOptions options)
    {
        options.Detection.ProbeInterval = TimeSpan.FromMilliseconds(500);
        options.Detection.ProbeTimeout = TimeSpan.FromMilliseconds(200);
        options.Detection.TransitionInterval = TimeSpan.FromMilliseconds(50);
        options.Detection.DownInterval = TimeSpan.FromSeconds(1);
        options.Detection.Fall = 1;
        options.Detection.Rise = 1;

        // Both hold it for some milliseconds in each move by weight.
        options.Epochs.OverlapTolerance = TimeSpan.FromMilliseconds(500);
    }
}
