using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Failover.Kubernetes.Tests.ApiServer;

/// <summary>The answer to a watch: one JSON object a line, until its time is over.</summary>
internal sealed class WatchAnswer(FakeApiServer server, ApiRequest request)
{
    internal async Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        ChannelReader<LeaseChange> changes;
        try
        {
            changes = server.Leases.Watch(request.Space, request.Since);
        }
        catch (StatusException gone) when (gone.Code == 410 && !server.RefusesOldVersions)
        {
            response.ContentType = "application/json";
            await TellAsync(response, "ERROR", gone.Body, cancellationToken);
            return;
        }

        response.ContentType = "application/json";
        await response.Body.FlushAsync(cancellationToken);
        if (request.WantsBookmarks)
        {
            JsonObject bookmark = new() { ["kind"] = "Lease", ["apiVersion"] = "coordination.k8s.io/v1", ["metadata"] = new JsonObject { ["resourceVersion"] = server.Leases.Version, ["creationTimestamp"] = null }, ["spec"] = new JsonObject() };
            await TellAsync(response, "BOOKMARK", bookmark, cancellationToken);
        }

        using CancellationTokenSource limit = new(request.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromMinutes(30), server.Time);
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await foreach (LeaseChange change in changes.ReadAllAsync(time.Token))
            {
                if (change.Space == request.Space && request.Selects(change.Lease))
                {
                    await TellAsync(response, change.Type, change.Lease.DeepClone().AsObject(), cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The watch has lasted as long as it was asked to.
        }
    }

    private static async Task TellAsync(HttpResponse response, string type, JsonObject lease, CancellationToken cancellationToken)
    {
        await response.WriteAsync(new JsonObject { ["type"] = type, ["object"] = lease }.ToJsonString() + "\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
