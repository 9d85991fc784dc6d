namespace Failover.Keepalived.SplitBrain;

/// <summary>One thing heard on the wire that only another holder of the address says.</summary>
/// <param name="IsAdvert">Whether it was an advert of the virtual router; else it was ARP.</param>
/// <param name="Who">Who said it.</param>
/// <param name="Interval">After how long the same is to be expected again; zero if nobody said.</param>
internal readonly record struct Sight(bool IsAdvert, string Who, TimeSpan Interval);
