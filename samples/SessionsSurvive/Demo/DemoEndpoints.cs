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

    internal static string? Tell(Switchover? told, DemoRedis redis) => told is null or { Cause: SwitchoverCause.Initial } ? null :
        $"{told.Cause}: {redis.NameOf(told.From) ?? "nobody"} -> {redis.NameOf(told.To)}, epoch {told.Epoch?.Number}; detected in {Say(told.DetectionTime)}, switched in {Say(told.SwitchTime)}, recovered in {Say(told.RecoveryTime)} ({told.Evidence})";

    private static string Say(TimeSpan? time) => time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalMilliseconds:N0} ms") : "-";
}
