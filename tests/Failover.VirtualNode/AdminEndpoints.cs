using System.Text.Json;
using System.Text.Json.Serialization;
using Failover.Keepalived;

namespace Failover.VirtualNode;

/// <summary>What a test asks of a node and tells it, over a socket that is a file; on every other there is no such thing.</summary>
internal static class AdminEndpoints
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    internal static void Map(WebApplication app, Dictionary<string, NodeSwitch> switches)
    {
        RouteGroupBuilder admin = app.MapGroup("/admin");
        admin.AddEndpointFilter(async (context, next) => context.HttpContext.Connection.LocalIpAddress is null ? await next(context) : Results.NotFound());
        admin.MapPost("/check", (string name, bool healthy) => switches[name].IsHealthy = healthy);
        admin.MapGet("/status", (IServiceProvider services) => Results.Json(NodeStatus.Of(services), s_json));
        admin.MapPost("/move", async (string to, IServiceProvider services, CancellationToken cancellationToken) =>
        {
            try
            {
                KeepalivedSite site = services.GetRequiredKeyedService<KeepalivedSite>(NodeApp.Site);
                return Results.Json(NodeMove.Of(await site.Group.SwitchToAsync(to, cancellationToken)), s_json);
            }
            catch (InvalidOperationException refused)
            {
                return Results.Text(refused.Message, statusCode: StatusCodes.Status409Conflict);
            }
        });
    }
}
