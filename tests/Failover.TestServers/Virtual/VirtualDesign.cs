namespace Failover.TestServers.Virtual;

/// <summary>How keepalived on a <see cref="VirtualSite"/> learns whether a node is fit.</summary>
public enum VirtualDesign
{
    /// <summary>Ours: the app writes its credit; keepalived sees its end by itself, and a hang by a script.</summary>
    Failover,

    /// <summary>As most pages have it: a script each 5 seconds, two failures, 20 less, adverts each second.</summary>
    Classic,

    /// <summary>The classic one with its script each second, and one failure.</summary>
    ScriptEachSecond,
}
