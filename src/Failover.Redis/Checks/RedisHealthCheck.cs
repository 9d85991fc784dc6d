using Failover.Redis.Following;
using Failover.Redis.Probing;
using Failover.Redis.Resp;
using Failover.Redis.Sentinel;
using Failover.Redis.Sets;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Failover.Redis.Checks;

/// <summary>Says how a group stands, which it knows without asking, and asks its master how it is: over a connection of its own what the server says of itself, and over the app's a write and a read. It begins no second question while a first one hangs.</summary>
internal sealed class RedisHealthCheck(FailoverRedis redis, RedisCheckOptions options, TimeProvider time) : IHealthCheck
{
    /// <summary>How long a key stays that was set and could not be deleted.</summary>
    private static readonly TimeSpan KeyEnds = TimeSpan.FromMinutes(1);

    private readonly string? _key = options.ProbeKey is { } key ? $"{key}:{Guid.NewGuid():N}" : null;
    private volatile Task? _asking;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Finding master = Finding.Healthy;
        Dictionary<string, object> said = [];
        if (MasterOf.Snapshot(redis.Group.Snapshot) is { } active)
        {
            master = await LookAsync(active, said, cancellationToken).ConfigureAwait(false);
        }

        // What became of the group meanwhile counts: a master that has just failed is a switchover that begins, if the group says so.
        GroupSnapshot snapshot = redis.Group.Snapshot;
        MasterView view = redis.Set.Book.View;
        Finding group = RedisCheckRules.OfGroup(snapshot, redis.Group.Now.Since(snapshot.Since), options);
        Finding all = (MasterOf.Snapshot(snapshot) is null ? group : group.And(master))
            .And(RedisCheckRules.OfSentinels(view, options))
            .And(RedisCheckRules.OfReplicas(snapshot, PlaceOf));
        Dictionary<string, object> data = RedisCheckRules.Data(snapshot, view, redis.Set.Masters.State, PlaceOf);
        foreach ((string key, object value) in said)
        {
            data[key] = value;
        }

        return new(all.Status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : all.Status, all.Words, exception: null, data);
    }

    private ReplicaPlace? PlaceOf(FailoverMember member) => redis.Set.Nodes.Find(member)?.Place;

    private async Task<Finding> LookAsync(FailoverMember master, Dictionary<string, object> said, CancellationToken cancellationToken)
    {
        if (_asking is { IsCompleted: false })
        {
            return Finding.Unhealthy("the last run still waits for the master");
        }

        using var own = new CancellationTokenSource(options.Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(own.Token, cancellationToken);
        long began = time.GetTimestamp();
        try
        {
            MasterState state = await AskAsync(master, limit.Token).ConfigureAwait(false);
            RedisCheckRules.Add(said, state);
            Finding written = await TryKeyAsync(master, limit.Token).ConfigureAwait(false);
            said["answerMs"] = Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 1);
            return written.And(RedisCheckRules.OfMaster(state, options));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Unhealthy($"{master.Name} did not answer within {options.Timeout}");
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && RespFaults.IsFault(fault))
        {
            return Finding.Unhealthy($"{master.Name} could not be asked: {RespFaults.EvidenceOf(fault)}");
        }
    }

    private async Task<MasterState> AskAsync(FailoverMember master, CancellationToken cancellationToken)
    {
        HostAndPort address = HostAndPort.Of(master);
        RespConnection connection = await RespConnection.ConnectAsync(address.Host, address.Port, redis.Set.ToNodes, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await MasterState.AskAsync(connection, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Does what an app does, over the connection that it uses.</summary>
    private async Task<Finding> TryKeyAsync(FailoverMember master, CancellationToken cancellationToken)
    {
        if (_key is null)
        {
            return Finding.Healthy;
        }

        try
        {
            Task<Finding> trying = SetReadDeleteAsync(master);
            _asking = trying;
            return await trying.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refused)
        {
            return Finding.Unhealthy($"{master.Name} refuses a write: {WordOf(refused.Message)}");
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            return Finding.Unhealthy($"{master.Name} could not be written to over the app's connection: {exception.GetType().Name}");
        }
    }

    private async Task<Finding> SetReadDeleteAsync(FailoverMember master)
    {
        IDatabase database = (await redis.ConnectAsync(CancellationToken.None).ConfigureAwait(false)).GetDatabase();
        string value = Guid.NewGuid().ToString("N");
        await database.StringSetAsync(_key, value, KeyEnds).ConfigureAwait(false);
        bool isThere = await database.StringGetAsync(_key).ConfigureAwait(false) == value;
        bool isGone = await database.KeyDeleteAsync(_key).ConfigureAwait(false);
        return isThere && isGone ? Finding.Healthy : Finding.Unhealthy($"{master.Name} acknowledged a write, and does not have it");
    }

    /// <summary>The kind of an error: what follows may be anything.</summary>
    private static string WordOf(string message)
    {
        int end = message.IndexOf(' ', StringComparison.Ordinal);
        string word = end < 0 ? message : message[..end];
        return word.Length <= 32 && word.All(char.IsAsciiLetterUpper) ? word : "an error";
    }
}
