using System.Diagnostics.Metrics;

namespace Failover.Groups;

internal sealed class Telemetry
{
    internal static Telemetry Of(IMeterFactory? meters) => new();
}
