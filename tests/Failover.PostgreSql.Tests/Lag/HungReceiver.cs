using System.Diagnostics;
using Failover.TestServers;
using Failover.TestServers.Patroni;
using Npgsql;

namespace Failover.PostgreSql.Tests.Lag;

/// <summary>The process of a standby that receives the log, stopped alone: the standby answers, takes connections, and hears nothing. It goes on when this is disposed of.</summary>
internal sealed class HungReceiver : IAsyncDisposable
{
    private readonly int _processId;

    private HungReceiver(int processId) => _processId = processId;

    internal static async Task<HungReceiver> OfAsync(PatroniNode standby)
    {
        await using NpgsqlConnection connection = new(standby.SuperuserConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("select pid from pg_stat_wal_receiver", connection);
        HungReceiver hung = new((int)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"{standby.Name} receives nothing.")));
        await hung.SignalAsync("-STOP");
        return hung;
    }

    public async ValueTask DisposeAsync() => await SignalAsync("-CONT");

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start(RequiredServer.Locate("kill"), [signal, $"{_processId}"]);
        await kill.WaitForExitAsync();
    }
}
