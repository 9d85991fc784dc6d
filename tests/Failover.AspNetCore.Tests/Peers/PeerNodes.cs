using Failover.HealthChecks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.AspNetCore.Tests.Peers;

/// <summary>Nodes on real Kestrel that ask each other.</summary>
internal static class PeerNodes
{
    internal const string Key = "hush hush hush hush hush";
    internal const string Path = "/health/peer";

    /// <param name="name">The name of the node.</param>
    /// <param name="peer">The port of the one that it asks; 0 for none.</param>
    /// <param name="build">Adds to its services.</param>
    /// <param name="settings">More settings below <c>Failover:Peers</c>.</param>
    internal static Task<App> StartAsync(string name, int peer, Action<WebApplicationBuilder>? build = null, params (string Key, string Value)[] settings) => App.StartAsync(
        builder =>
        {
            Dictionary<string, string?> all = new()
            {
                ["Failover:Peers:Node"] = name,
                ["Failover:Peers:Key"] = Key,
                ["Failover:Peers:Interval"] = "00:00:00.200",
                ["Failover:Peers:Timeout"] = "00:00:10",
            };
            if (peer != 0)
            {
                all["Failover:Peers:Addresses:0"] = App.On(peer, Path);
            }

            foreach ((string key, string value) in settings)
            {
                all[$"Failover:Peers:{key}"] = value;
            }

            builder.Configuration.AddInMemoryCollection(all);
            builder.Services.AddFailover().AddPeers();
            build?.Invoke(builder);
        },
        (app, _) =>
        {
            app.MapFailoverHealth("/health");
            app.MapFailoverPeer(Path);
        });

    internal static PeerSnapshot Peer(this App app) => app.Services.GetRequiredService<NodePeers>().Snapshot.Single();

    internal static Task OutcomeAsync(this App app, Func<string, bool> holds, string what) => App.UntilAsync(() => app.Peers() is [{ Outcome: { } outcome }] && holds(outcome), $"{what}, it was: {(app.Peers() is [{ } one] ? one.Outcome : "nothing")}");

    internal static FakeLogRecord[] Logged(this App app, string name) => [.. app.Log.GetSnapshot().Where(record => record.Id.Name == name)];

    private static PeerSnapshot[] Peers(this App app) => [.. app.Services.GetRequiredService<NodePeers>().Snapshot];
}
