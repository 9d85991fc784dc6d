using System.Net;
using Failover.Scenarios.Servers;
using Failover.TestServers.Servers;

namespace Failover.Scenarios.Dns;

/// <summary>One of two places where the servers behind a name run: a web server, and maybe a database, on an address of their own, and on the same ports as the other's.</summary>
internal sealed class Site : IAsyncDisposable
{
    private Site(BackendProcess web, PostgreSqlServer? database, IPAddress address) => (Web, Database, Address) = (web, database, address);

    internal BackendProcess Web { get; }

    internal PostgreSqlServer? Database { get; }

    /// <summary>What the name leads to when it leads here.</summary>
    internal IPAddress Address { get; }

    /// <summary>What the web server and the keeper of the name call it.</summary>
    internal string Name => Web.Name;

    internal static async Task<Site> StartAsync(string name, string folder, IPAddress address, bool hasDatabase) =>
        new(await BackendProcess.StartAsync(name, folder, work: 0, address, port: 0), hasDatabase ? await PostgreSqlServer.StartAsync() : null, address);

    internal static async Task<Site> StartBesideAsync(Site other, string name, string folder, IPAddress address) =>
        new(await BackendProcess.StartAsync(name, folder, work: 0, address, other.Web.Address.Port), other.Database is { } database ? await PostgreSqlServer.StartBesideAsync(database, address) : null, address);

    /// <returns>When the connections of the web server broke.</returns>
    internal async Task<long> KillAsync()
    {
        Task database = Database?.KillAsync() ?? Task.CompletedTask;
        long broken = await Web.KillAsync();
        await database;
        return broken;
    }

    internal Task StartAgainAsync() => Task.WhenAll(Web.StartAsync(), Database?.StartAgainAsync() ?? Task.CompletedTask);

    internal long Freeze()
    {
        long at = Web.Freeze();
        Database?.Freeze();
        return at;
    }

    internal void Thaw()
    {
        Web.Thaw();
        Database?.Thaw();
    }

    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }
    }
}
