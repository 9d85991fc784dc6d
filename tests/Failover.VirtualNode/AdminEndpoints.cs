using System.Net.Sockets;

namespace Failover.VirtualNode;

/// <summary>What a test asks of a node and tells it, over a socket that is a file; on every other there is no such thing.</summary>
internal static class AdminEndpoints
{
    internal static void Map(WebApplication app, string socket, Dictionary<string, NodeSwitch> switches)
    {
        RouteGroupBuilder admin = app.MapGroup("/admin");
        admin.AddEndpointFilter(async (context, next) => context.HttpContext.Connection.LocalIpAddress is null ? await next(context) : Results.NotFound());
        admin.MapPost("/check", (string name, bool healthy) => switches[name].IsHealthy = healthy);
        admin.MapGet("/status", (IServiceProvider services) => NodeStatus.Of(services));
    }
}
