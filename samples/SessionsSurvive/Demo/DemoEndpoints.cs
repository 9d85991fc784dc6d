using System.Globalization;
using System.Security.Claims;
using Failover;
using SessionsSurvive.Site;

namespace SessionsSurvive.Demo;

/// <summary>What a demo needs and an app of yours does not: to see who is master, and to break it.</summary>
internal static class DemoEndpoints
{
    internal static void MapDemo(this WebApplication app, DemoRedis redis, AppNode node)
    {
        RouteGroupBuilder own = app.MapGroup("").RequireAuthorization();
        own.MapGet("/state", (ClaimsPrincipal user) => DemoState.Of(user, redis, node));
        own.MapPost("/demo/switch", redis.SwitchAsync);
        own.MapPost("/demo/kill", redis.KillMasterAsync);
        own.MapPost("/demo/mend", redis.MendAsync);
    }
}

/// <summary>How the node stands. One read of the snapshot: it asks no server.</summary>
internal sealed record DemoState(string? User, string Node, Uri? Neighbour, string Condition, string? Master, string? Switchover)
{
    internal static DemoState Of(ClaimsPrincipal user, DemoRedis redis, AppNode node)
    {
        GroupSnapshot snapshot = node.Redis.Group.Snapshot;
        return new(user.Identity?.Name, node.Name, node.Neighbour, snapshot.Condition.ToString(), redis.NameOf(snapshot.Active), Tell(snapshot.LastSwitchover, redis));
    }

    /// <summary>Only what is known: one that was planned elsewhere has no failure that it began with.</summary>
    internal static string? Tell(Switchover? told, DemoRedis redis) => told is null or { Cause: SwitchoverCause.Initial } ? null :
        $"{told.Cause}: {redis.NameOf(told.From) ?? "nobody"} -> {redis.NameOf(told.To)}, epoch {told.Epoch?.Number}"
        + Say("; detected in", told.DetectionTime) + Say(", recovered in", told.RecoveryTime) + (told.Evidence is { } evidence ? $" ({evidence})" : "");

    private static string Say(string words, TimeSpan? time) => time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{words} {known.TotalMilliseconds:N0} ms") : "";
}
