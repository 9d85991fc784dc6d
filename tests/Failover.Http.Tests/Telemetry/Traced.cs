using System.Collections.Concurrent;
using System.Diagnostics;
using Failover.Http.Tests.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Http.Tests.Telemetry;

/// <summary>Real servers, a client of their group, and somebody who listens to the spans of one caller.</summary>
internal sealed class Traced : IAsyncDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private ServiceProvider _services = null!;

    private Traced()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        Caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C);
        Caller.IsAllDataRequested = true;
    }

    internal Activity Caller { get; }

    internal KestrelBackend[] Servers { get; private set; } = [];

    internal IServiceProvider Services => _services;

    internal HttpClient Client => _services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

    /// <summary>The spans that .NET made of the caller's attempts, in order.</summary>
    internal Activity[] Attempts => [.. _ended.Where(activity => activity.TraceId == Caller.TraceId)];

    internal static async Task<Traced> StartAsync(int servers, Action<IHttpClientBuilder> configure)
    {
        var traced = new Traced { Servers = await Task.WhenAll(Enumerable.Range(0, servers).Select(_ => KestrelBackend.StartAsync(HttpProtocols.Http1))) };
        var collection = new ServiceCollection();
        collection.AddFailover().AddGroup("orders", (_, group) =>
        {
            foreach ((int i, KestrelBackend server) in traced.Servers.Index())
            {
                group.AddMember(new FailoverMember($"{(char)('a' + i)}", server.Address));
            }

            group.UseProbe(new FakeProbe());
        });
        configure(collection.AddHttpClient("orders"));
        traced._services = collection.BuildServiceProvider();
        await Given.AllHealthyAsync(traced.Group);
        return traced;
    }

    internal static Task<Traced> StartAsync(int servers) => StartAsync(servers, client => client.AddFailover("orders"));

    internal FailoverGroup Group => _services.GetRequiredService<FailoverGroups>()["orders"];

    /// <summary>Asks the group, as part of the caller's span.</summary>
    internal async Task AskAsync(HttpClient client, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Servers[0].Address);
        prepare?.Invoke(request);
        Caller.Start();
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request);
        }
        finally
        {
            Caller.Stop();
        }
    }

    internal static Task Unavailable(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _services.DisposeAsync();
        foreach (KestrelBackend server in Servers)
        {
            await server.DisposeAsync();
        }
    }
}
