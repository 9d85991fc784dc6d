using Failover.DnsSwitching;

namespace Failover.Scenarios.Dns.Clients;

/// <summary>A way in which a client finds its server by a name.</summary>
/// <param name="Name">What the rows call it.</param>
/// <param name="StartAsync">Makes one.</param>
internal sealed record NameClientKind(string Name, Func<DnsStage, Task<NameClient>> StartAsync)
{
    /// <summary>Ours: it asks the name servers each second, and moves after a second look.</summary>
    internal static readonly NameClientKind Follower = new("follower", static stage => Task.FromResult(HttpNameClient.Following(stage, LookEachSecond))) { IsQuick = true };

    internal static readonly IReadOnlyList<NameClientKind> All =
    [
        Follower,
        new("follower-ttl", static stage => Task.FromResult(HttpNameClient.Following(stage, static _ => { }))),
        new("httpclient", static stage => Task.FromResult(HttpNameClient.Plain(stage, new()))),
        new("lifetime15", static stage => Task.FromResult(HttpNameClient.Plain(stage, new() { PooledConnectionLifetime = TimeSpan.FromSeconds(15) }))),
        new("npgsql", static stage => Task.FromResult(NpgsqlNameClient.Plain(stage))) { NeedsDatabase = true },
        new("npgsql-followed", NpgsqlNameClient.FollowingAsync) { NeedsDatabase = true },
    ];

    /// <summary>Whether it moves within seconds, so that it can be in each run.</summary>
    internal bool IsQuick { get; private init; }

    internal bool NeedsDatabase { get; private init; }

    internal static void LookEachSecond(DnsFollowerOptions options)
    {
        options.MaxInterval = TimeSpan.FromSeconds(1);
        options.MinInterval = TimeSpan.FromMilliseconds(250);
    }
}
