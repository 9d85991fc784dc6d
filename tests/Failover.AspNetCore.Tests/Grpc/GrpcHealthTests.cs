using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Failover.AspNetCore.Tests.Grpc;

public class GrpcHealthTests
{
    [Fact]
    public async Task Grpc_health_is_told_from_the_snapshot_and_runs_no_check()
    {
        int runs = 0;
        TestCheck check = new(_ =>
        {
            Interlocked.Increment(ref runs);
            return Task.FromResult(HealthCheckResult.Healthy());
        });
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.Configuration["Failover:Health:Period"] = "01:00:00";
                builder.Services.AddGrpc();
                builder.Services.AddGrpcHealthChecks().AddCheck("db", check);
            },
            (app, _) => app.MapGrpcHealthChecksService(),
            HttpProtocols.Http2);
        await app.OperationalAsync();
        using GrpcChannel channel = Channel(app);
        Health.HealthClient client = new(channel);
        for (int at = 0; at < 20; at++)
        {
            Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(new())).Status);
        }

        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Who_watches_whether_the_node_can_serve_is_told_of_a_drain_and_of_its_end()
    {
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.Configuration["Failover:Health:Period"] = "01:00:00";
                Docs.HealthPageTests.AddGrpc(builder);
            },
            (app, _) => Docs.HealthPageTests.MapGrpc(app),
            HttpProtocols.Http2);

        using GrpcChannel channel = Channel(app);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using AsyncServerStreamingCall<HealthCheckResponse> watch = new Health.HealthClient(channel).Watch(new(), cancellationToken: limit.Token);
        await UntilAsync(watch, ServingStatus.Serving, limit.Token);
        app.Drain.Begin("deployment");
        await UntilAsync(watch, ServingStatus.NotServing, limit.Token);
        app.Drain.End("deployment");
        await UntilAsync(watch, ServingStatus.Serving, limit.Token);
    }

    private static async Task UntilAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, ServingStatus expected, CancellationToken cancellationToken)
    {
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(cancellationToken));
        }
        while (watch.ResponseStream.Current.Status != expected);
    }

    private static GrpcChannel Channel(App app) => GrpcChannel.ForAddress($"http://127.0.0.1:{app.Port}");
}
