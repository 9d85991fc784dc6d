using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Failover.Kubernetes.Tests.ApiServer;

/// <summary>
/// An API server that knows nothing but Leases, and of them all that matters here: over HTTP, with tokens and rights, as strict as the real one, and stricter where that ignores what it does not know.
/// </summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    /// <summary>The token of who may do anything, as <c>kubectl</c> of an administrator.</summary>
    internal const string Admin = "admin-token";

    /// <summary>The token of a pod with the rights that the documentation names.</summary>
    internal const string Pod = "pod-token";

    internal const string Space = "shop";

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();

    private FakeApiServer(WebApplication app, TimeProvider time)
    {
        (_app, Time) = (app, time);
        Leases = new(time);
    }

    /// <summary>Gets its clock.</summary>
    internal TimeProvider Time { get; }

    internal LeaseStorage Leases { get; }

    /// <summary>Gets the rights of each token.</summary>
    internal ConcurrentDictionary<string, string[]> Rights { get; } = new(StringComparer.Ordinal) { [Admin] = ["get", "list", "watch", "create", "update", "patch", "delete"], [Pod] = ["get", "create", "update", "watch"] };

    /// <summary>Gets the verbs that were asked for, in order, each with the name of the object.</summary>
    internal ConcurrentQueue<(string Verb, string? Name)> Asked { get; } = [];

    /// <summary>Gets or sets what happens to a request in place of its answer; null for nothing.</summary>
    internal Func<string, Interference?> Interfere { get; set; } = static _ => null;

    /// <summary>Gets or sets whether a watch from a version that is forgotten is refused by its status, and not, as usual, by its first event.</summary>
    internal bool RefusesOldVersions { get; set; }

    internal Uri Address => new(_app.Urls.Single());

    internal static async Task<FakeApiServer> StartAsync(TimeProvider time, Action<ListenOptions>? listen = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Logging:LogLevel:Default"] = "None";
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen ?? (static _ => { })));
        FakeApiServer server = new(builder.Build(), time);
        server._app.Run(server.ServeAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>How a client finds it.</summary>
    internal KubernetesClientConfiguration Client(string token) => new() { Host = Address.AbsoluteUri, AccessToken = token, Namespace = Space };

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, context.RequestAborted);
        try
        {
            ApiRequest request = await ApiRequest.ReadAsync(context.Request, either.Token);
            Asked.Enqueue((request.Verb, request.Name));
            Interference? interference = Interfere(request.Verb);
            if (interference is not null and not Interference.LoseAnswer)
            {
                await interference.AnswerAsync(context.Response, either.Token);
                return;
            }

            Authorize(context.Request, request);
            if (request.Verb == "watch")
            {
                await new WatchAnswer(this, request).WriteAsync(context.Response, either.Token);
                return;
            }

            (int status, JsonObject body) = Do(request);
            if (interference is not null)
            {
                context.Abort();
                return;
            }

            await WriteAsync(context.Response, status, body);
        }
        catch (StatusException refused)
        {
            await WriteAsync(context.Response, refused.Code, refused.Body);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }

    internal static Task WriteAsync(HttpResponse response, int status, JsonObject body)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        return response.WriteAsync(body.ToJsonString());
    }

    private void Authorize(HttpRequest http, ApiRequest request)
    {
        string header = http.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal) || !Rights.TryGetValue(header["Bearer ".Length..], out string[]? rights))
        {
            throw new StatusException(401, "Unauthorized", "Unauthorized");
        }

        if (!rights.Contains(request.Verb))
        {
            throw new StatusException(403, "Forbidden", $"leases.coordination.k8s.io is forbidden: User \"system:serviceaccount:{request.Space}:pod\" cannot {request.Verb} resource \"leases\"");
        }
    }

    private (int Status, JsonObject Body) Do(ApiRequest request)
    {
        switch (request.Verb)
        {
            case "get":
                return (200, Leases.Get(request.Space, request.Name!));
            case "list":
                JsonObject[] items = [.. Leases.List(request.Space).Where(request.Selects)];
                return (200, new() { ["kind"] = "LeaseList", ["apiVersion"] = "coordination.k8s.io/v1", ["metadata"] = new JsonObject { ["resourceVersion"] = Leases.Version }, ["items"] = new JsonArray(items) });
            case "create":
                // A namespace is looked for only when something is made in it.
                return request.Space is Space or "default" ? (201, Leases.Create(request.Space, request.Lease())) : throw new StatusException(404, "NotFound", $"namespaces \"{request.Space}\" not found");
            case "update":
                (JsonObject lease, bool created) = Leases.Update(request.Space, request.Name!, _ => request.Lease());
                return (created ? 201 : 200, lease);
            case "patch":
                return (200, Leases.Update(request.Space, request.Name!, old => request.Patched(old ?? throw StatusException.NotFound(request.Name!))).Lease);
            case "delete":
                Leases.Delete(request.Space, request.Name!, request.DeletedUid());
                return (200, StatusException.Of(200, "", ""));
            default:
                throw new StatusException(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        }
    }
}
