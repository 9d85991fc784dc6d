using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.Scenarios.Health.Nodes;

/// <summary>The checks of a node, and our own settings for them, by the case that they are for.</summary>
internal sealed class NodeLoad
{
    /// <summary>The period of the cases that count executions: the default is longer than they last.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private volatile bool _hangs;

    private NodeLoad()
    {
    }

    internal IReadOnlyList<MeasuredCheck> Checks { get; private init; } = [new(Healthy), new(Healthy), new(Healthy)];

    /// <summary>What the registration says, which counts for everybody.</summary>
    internal TimeSpan? Timeout { get; private init; }

    internal bool ReadsLog { get; private init; }

    internal Dictionary<string, string?> Settings { get; private init; } = [];

    internal static NodeLoad Of(string load, bool isShort) => load switch
    {
        "200connections" => new() { Checks = [new(SlowAsync)], Settings = Often },
        "blocking" => new() { Checks = [new(Blocking)], Settings = Often },
        "hanging" => Hanging(isShort),
        "secrets" => new() { Checks = [.. Secrets.Checks()], ReadsLog = true },
        "sigterm" when isShort => new() { Settings = new() { ["Failover:Draining:Hold"] = "00:00:01" } },
        _ => new(),
    };

    /// <summary>From now on the check hangs.</summary>
    internal void Hang() => _hangs = true;

    private static Dictionary<string, string?> Often => new() { ["Failover:Health:Period"] = Period.ToString() };

    private static Task<HealthCheckResult> Healthy() => Task.FromResult(HealthCheckResult.Healthy());

    private static async Task<HealthCheckResult> SlowAsync()
    {
        await Task.Delay(50);
        return HealthCheckResult.Healthy();
    }

    private static Task<HealthCheckResult> Blocking()
    {
        Thread.Sleep(50);
        return Healthy();
    }

    private static NodeLoad Hanging(bool isShort)
    {
        NodeLoad? load = null;
        TimeSpan hang = TimeSpan.FromSeconds(isShort ? 3 : 10);
        load = new()
        {
            Timeout = TimeSpan.FromSeconds(isShort ? 0.5 : 2),
            Settings = Often,
            Checks = [new(async () =>
            {
                // Without a look at the token, as many drivers do.
                await Task.Delay(load!._hangs ? hang : TimeSpan.Zero);
                return HealthCheckResult.Healthy();
            })],
        };
        return load;
    }
}
