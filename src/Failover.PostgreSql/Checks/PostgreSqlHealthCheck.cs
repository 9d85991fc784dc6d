using System.Diagnostics.CodeAnalysis;
using Failover.PostgreSql.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Failover.PostgreSql.Checks;

/// <summary>Says how a group stands, which it knows without asking, and asks its primary how it is. It begins no second question while a first one hangs.</summary>
internal sealed class PostgreSqlHealthCheck(FailoverDataSource source, PostgreSqlCheckOptions options, TimeProvider time) : IHealthCheck
{
    private volatile Task? _asking;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Finding primary = Finding.Healthy;
        Dictionary<string, object> said = [];
        if (source.Group.Snapshot.Condition == GroupCondition.Settled && source.Router.Current().Primary is { } node)
        {
            PostgreSqlCheckRules.Add(said, node.Connections.Mode, node.Connections.MissingMember);
            primary = await LookAsync(node, said, cancellationToken).ConfigureAwait(false);
        }

        // What became of the group meanwhile counts: a primary that has just failed is a switchover that begins, if the group says so.
        GroupSnapshot snapshot = source.Group.Snapshot;
        Finding group = PostgreSqlCheckRules.OfGroup(snapshot, source.Group.Now.Since(snapshot.Since), options);
        Finding standbys = PostgreSqlCheckRules.OfStandbys(snapshot.Members.Select(member => (member.Member, source.Cluster.Nodes.Of(member.Member).Lag.Place)));
        Finding all = (snapshot.Condition == GroupCondition.Settled ? group.And(primary) : group).And(standbys);
        Dictionary<string, object> data = PostgreSqlCheckRules.Data(snapshot, member => source.Cluster.Nodes.Of(member).Lag.Place);
        foreach ((string key, object value) in said)
        {
            data[key] = value;
        }

        return new(all.Status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : all.Status, all.Words, exception: null, data);
    }

    private async Task<Finding> LookAsync(Node node, Dictionary<string, object> said, CancellationToken cancellationToken)
    {
        if (_asking is { IsCompleted: false })
        {
            return Finding.Unhealthy("the last run still waits for the primary");
        }

        using var own = new CancellationTokenSource(options.Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(own.Token, cancellationToken);
        long began = time.GetTimestamp();
        try
        {
            PrimaryState state = await NodeQuestion.AskAsync(node, connection => Begun(AskAsync(connection)), limit.Token).ConfigureAwait(false);
            PostgreSqlCheckRules.Add(said, state);
            said["answerMs"] = Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 1);
            return PostgreSqlCheckRules.OfPrimary(state, options);
        }
        catch (PostgresException refused)
        {
            said["sqlState"] = refused.SqlState;
            return Finding.Unhealthy($"{node.Member.Name} refuses: {SqlStates.Say(refused.SqlState)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Unhealthy($"{node.Member.Name} did not answer within {options.Timeout}");
        }
#pragma warning disable CA1031 // Whatever a driver says, or a server that is none: a failure of the primary.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return Finding.Unhealthy($"{node.Member.Name} could not be asked: {exception.GetType().Name}");
        }
    }

    private Task<PrimaryState> Begun(Task<PrimaryState> asking)
    {
        _asking = asking;
        return asking;
    }

    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "The name of the table was checked and is quoted.")]
    private async Task<PrimaryState> AskAsync(NpgsqlConnection connection)
    {
        NpgsqlCommand command = new(PrimaryState.Query, connection);
        await using (command.ConfigureAwait(false))
        {
            PrimaryState state;
            NpgsqlDataReader reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.ReadAsync().ConfigureAwait(false);
                state = new(reader.GetBoolean(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3), reader.GetInt64(4), reader.GetInt64(5));
            }

            if (options.ProbeTable is { } table && state.TakesWrites)
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync().ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    command.CommandText = ProbeTable.Write(table);
                    await command.ExecuteNonQueryAsync().ConfigureAwait(false);
                    await transaction.CommitAsync().ConfigureAwait(false);
                }
            }

            return state;
        }
    }
}
