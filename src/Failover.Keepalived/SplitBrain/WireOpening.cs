namespace Failover.Keepalived.SplitBrain;

/// <summary>What came of opening the wire.</summary>
/// <param name="Wire">The wire; null if it is absent.</param>
/// <param name="Absent">Why it is absent: <c>needs CAP_NET_RAW</c>.</param>
/// <param name="MayCome">Whether it is worth trying again.</param>
internal readonly record struct WireOpening(IWire? Wire, string? Absent, bool MayCome)
{
    /// <summary>Opens a wire.</summary>
    /// <param name="heard">Called with what only another holder says. It must return at once and throw nothing.</param>
    /// <param name="lost">Called once when nothing is heard any more, with why.</param>
    internal delegate WireOpening Opener(Action<Sight> heard, Action<string> lost);

    internal static WireOpening Of(IWire wire) => new(wire, null, MayCome: false);

    internal static WireOpening Never(string why) => new(null, why, MayCome: false);

    internal static WireOpening Later(string why) => new(null, why, MayCome: true);
}
