namespace Failover.Keepalived.Doctor.Reading;

/// <summary>A kind of thing that an instance can track.</summary>
internal sealed record TrackerKind(string Use, IReadOnlyList<string> Keys, int DefaultWeight)
{
    internal static readonly TrackerKind File = new("track_file", ["track_file", "vrrp_track_file"], 1);
    internal static readonly TrackerKind Script = new("track_script", ["vrrp_script"], 0);
    internal static readonly TrackerKind Process = new("track_process", ["vrrp_track_process"], 0);

    /// <summary>An interface of the host: it is defined nowhere.</summary>
    internal static readonly TrackerKind Interface = new("track_interface", [], 0);

    internal static readonly IReadOnlyList<TrackerKind> All = [File, Script, Process, Interface];

    internal IEnumerable<ConfigLine> Definitions(ConfigTree tree) => tree.All(Keys);
}
