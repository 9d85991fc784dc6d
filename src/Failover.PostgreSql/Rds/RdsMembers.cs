using System.Runtime.CompilerServices;
using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Patroni;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Failover.PostgreSql.Rds;

/// <summary>
/// Asks the writer of an RDS Multi-AZ DB cluster, or of Aurora, which instances there are, and brings them to the group. Where neither's functions are there it asks no more of that primary. What it brings has to prove its role like every member.
/// </summary>
/// <param name="group">Gets the group, when it has started.</param>
/// <param name="nodes">The nodes.</param>
/// <param name="allowed">Gets which nodes may be found.</param>
/// <param name="logger">Where to log.</param>
/// <param name="time">The clock.</param>
internal sealed class RdsMembers(Func<FailoverGroup> group, ClusterNodes nodes, Func<AllowedMembers> allowed, ILogger logger, TimeProvider time) : IHintSource
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>For one answer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly MemberFinding _finding = new();
    private FailoverMember? _hasNone;
    private string? _refused;

    public async IAsyncEnumerable<Hint> ReadHintsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            FailoverMember primary = await group().WaitForActiveAsync(cancellationToken).ConfigureAwait(false);
            if (!primary.Equals(_hasNone) && await LookAsync(primary, cancellationToken).ConfigureAwait(false))
            {
                yield return new Hint(HintKind.LookNow, "rds");
            }

            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>Whether the group has other members now.</returns>
    private async Task<bool> LookAsync(FailoverMember primary, CancellationToken cancellationToken)
    {
        PatroniView? view = null;
        using (CancellationTokenSource limit = new(Limit, time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken))
        {
            try
            {
                view = await AskAsync(primary, either.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or ObjectDisposedException or InvalidCastException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Asked again next time; a role that may not ask is asked each time in vain, which costs one refusal.
            }
        }

        if (view is null)
        {
            return false;
        }

        FailoverMember[] members = [.. group().Snapshot.Members.Select(static member => member.Member)];
        Finding finding = _finding.Take(view, isLeaders: true, members, allowed());
        string? refused = finding.Refused;
        if (!finding.Members.IsEmpty)
        {
            try
            {
                group().SetMembers(finding.Members);
            }
            catch (ArgumentException)
            {
                refused = "the group cannot serve one of them";
            }
        }

        if (refused is not null && refused != _refused)
        {
            Patroni.Log.Refused(logger, group().Name, refused);
        }

        _refused = refused;
        return !finding.Members.IsEmpty && refused is null;
    }

    private async Task<PatroniView?> AskAsync(FailoverMember primary, CancellationToken cancellationToken)
    {
        // An open that a frozen node holds up ends by Npgsql's own limit; nobody waits for it here.
        Task<NpgsqlConnection> opening = nodes.Of(primary).Source.OpenConnectionAsync(cancellationToken).AsTask();
        NpgsqlConnection connection;
        try
        {
            connection = await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = opening.ContinueWith(static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }

        await using (connection.ConfigureAwait(false))
        {
            (bool isAurora, bool isMultiAz) = await OneAsync(connection, cancellationToken).ConfigureAwait(false);
            if (!isAurora && !isMultiAz)
            {
                _hasNone = primary;
                return null;
            }

            return RdsTopology.Read(await RowsAsync(connection, isAurora ? RdsTopology.Aurora : RdsTopology.MultiAz, cancellationToken).ConfigureAwait(false), primary);
        }
    }

    private static async Task<(bool IsAurora, bool IsMultiAz)> OneAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(RdsTopology.Functions, connection);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? (reader.GetBoolean(0), reader.GetBoolean(1)) : default;
            }
        }
    }

    private static async Task<List<(string? Id, bool IsWriter, string? Host, int? Port)>> RowsAsync(NpgsqlConnection connection, string query, CancellationToken cancellationToken)
    {
        List<(string?, bool, string?, int?)> rows = [];
        NpgsqlCommand command = new(query, connection);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (rows.Count <= PatroniView.MaxNodes && await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add((reader.IsDBNull(0) ? null : reader.GetString(0), !reader.IsDBNull(1) && reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetInt32(3)));
                }
            }
        }

        return rows;
    }
}
