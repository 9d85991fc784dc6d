using System.Collections.Immutable;
using Failover.PostgreSql.Nodes;
using Npgsql;

namespace Failover.PostgreSql.Lag;

/// <summary>Reads how the nodes of a group replicate: from the group's last look, and from the primary's views.</summary>
internal static class ReplicationReader
{
    /// <summary>How long a node has to answer. One that does not is left out.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private const string OfPrimary = """
        SELECT pid, application_name, host(client_addr), state, sync_state FROM pg_stat_replication ORDER BY application_name, pid;
        SELECT slot_name::text, slot_type = 'logical', active, coalesce(active_pid, 0), pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint FROM pg_replication_slots ORDER BY slot_name;
        SELECT current_setting('synchronous_standby_names');
        """;

    private const string OfStandby = "SELECT current_setting('primary_slot_name', true)";

    internal static async Task<ReplicationStatus> ReadAsync(GroupSnapshot snapshot, Node? primary, Func<FailoverMember, Node> nodes, TimeProvider time, CancellationToken cancellationToken)
    {
        using var own = new CancellationTokenSource(Limit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(own.Token, cancellationToken);

        // Those that are fit for reads: to another one no connection is given.
        Task<(FailoverMember, string?)>[] slots = [.. snapshot.Readable.Select(member => SlotAsync(nodes(member.Member), limit.Token))];
        Said said = primary is null ? Said.Nothing("no node is the primary") : await SaidAsync(primary, limit.Token).ConfigureAwait(false);
        (FailoverMember Member, string? Slot)[] known = await Task.WhenAll(slots).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        (FailoverMember, string?)[] standbys = [.. snapshot.Members.Where(member => member.Member != primary?.Member).Select(member => (member.Member, known.FirstOrDefault(one => one.Member == member.Member).Slot))];
        Dictionary<FailoverMember, ReplicationLink> owned = LinkOwners.Find(standbys, said.Links, said.Slots);
        return new ReplicationStatus
        {
            Primary = primary?.Member,
            Members = [.. snapshot.Members.Select(member => Of(member, nodes(member.Member), owned.GetValueOrDefault(member.Member)))],
            OtherLinks = [.. said.Links.Except(owned.Values)],
            Slots = said.Slots,
            SynchronousStandbyNames = said.SynchronousStandbyNames,
            NotRead = said.NotRead,
        };
    }

    private static MemberReplication Of(MemberSnapshot member, Node node, ReplicationLink? link) =>
        new(member.Member, member.Role, member.Epoch, member.Lag, member.Lag is null ? null : node.Lag.Place?.Bytes, node.Lag.Place is { Alarm.IsOn: true }, link);

    private static async Task<Said> SaidAsync(Node primary, CancellationToken limit)
    {
        try
        {
            return await NodeQuestion.AskAsync(primary, AskPrimaryAsync, limit).ConfigureAwait(false);
        }
        catch (PostgresException refused)
        {
            return Said.Nothing($"{primary.Member.Name} refuses: {SqlStates.Say(refused.SqlState)}");
        }
#pragma warning disable CA1031 // Whatever a driver says, or a server that is none: no answer.
        catch (Exception)
#pragma warning restore CA1031
        {
            return Said.Nothing($"{primary.Member.Name} did not answer");
        }
    }

    private static async Task<(FailoverMember Member, string? Slot)> SlotAsync(Node standby, CancellationToken limit)
    {
        try
        {
            return (standby.Member, await NodeQuestion.AskAsync(standby, AskStandbyAsync, limit).ConfigureAwait(false));
        }
#pragma warning disable CA1031 // Whatever a driver says, or a server that is none: no answer.
        catch (Exception)
#pragma warning restore CA1031
        {
            return (standby.Member, null);
        }
    }

    private static async Task<string?> AskStandbyAsync(NpgsqlConnection connection)
    {
        NpgsqlCommand command = new(OfStandby, connection);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync().ConfigureAwait(false) is string { Length: > 0 } slot ? slot : null;
        }
    }

    private static async Task<Said> AskPrimaryAsync(NpgsqlConnection connection)
    {
        NpgsqlCommand command = new(OfPrimary, connection);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var links = ImmutableArray.CreateBuilder<ReplicationLink>();
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    links.Add(new(Text(reader, 1) ?? "", Text(reader, 2), Text(reader, 3), Text(reader, 4)) { ProcessId = reader.GetInt32(0) });
                }

                var slots = ImmutableArray.CreateBuilder<ReplicationSlot>();
                await reader.NextResultAsync().ConfigureAwait(false);
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    slots.Add(new(reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.IsDBNull(4) ? null : reader.GetInt64(4)) { ProcessId = reader.GetInt32(3) });
                }

                await reader.NextResultAsync().ConfigureAwait(false);
                await reader.ReadAsync().ConfigureAwait(false);
                return new(
                    links.ToImmutable(),
                    slots.ToImmutable(),
                    reader.GetString(0),
                    links.Any(static link => link.State is null) ? "state, sync_state and client_addr of pg_stat_replication: the user needs the role pg_monitor" : null);
            }
        }
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>What the primary said.</summary>
    private sealed record Said(ImmutableArray<ReplicationLink> Links, ImmutableArray<ReplicationSlot> Slots, string? SynchronousStandbyNames, string? NotRead)
    {
        internal static Said Nothing(string why) => new([], [], null, $"the views of the primary: {why}");
    }
}
