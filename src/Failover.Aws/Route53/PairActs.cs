using System.Xml.Linq;

namespace Failover.Aws.Route53;

/// <summary>What a plan is made of.</summary>
/// <param name="Checks">What is done to health checks, before the records.</param>
/// <param name="Deletes">The record sets that go, exactly as they are.</param>
/// <param name="Creates">The sides whose record sets come.</param>
/// <param name="HealthChecks">The health check of each side, where it has one already.</param>
internal sealed record PairActs(IReadOnlyList<CheckAct> Checks, IReadOnlyList<RecordSet> Deletes, IReadOnlyList<PairSide> Creates, IReadOnlyDictionary<PairSide, HealthCheck> HealthChecks)
{
    internal static PairActs None { get; } = new([], [], [], new Dictionary<PairSide, HealthCheck>());
}

/// <summary>Something that is done to a health check.</summary>
/// <param name="Side">Whose check it is.</param>
/// <param name="Before">The check that is changed; null to make one.</param>
/// <param name="Settings">The settings that change, or all.</param>
internal sealed record CheckAct(PairSide Side, HealthCheck? Before, IReadOnlyList<XElement> Settings);

/// <summary>A side of a pair.</summary>
internal enum PairSide
{
    Primary,
    Secondary,
}
