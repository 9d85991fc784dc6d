using System.Net;
using System.Net.Sockets;

namespace HealthyShop.Parts;

/// <summary>What the shop stands on. What is not installed is told, and left out.</summary>
internal sealed class ShopParts : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failover-shop-").FullName;

    private ShopParts() => Disk = new Disk(_folder);

    internal PostgreSql? PostgreSql { get; private set; }

    internal Redis? Redis { get; private set; }

    internal Disk Disk { get; }

    internal int Port { get; } = FreePort();

    /// <summary>Where everybody sees more than the status.</summary>
    internal int OperatorsPort { get; } = FreePort();

    /// <summary>The node drains while this file exists.</summary>
    internal string DrainFile => Path.Combine(_folder, "drain");

    internal static async Task<ShopParts> StartAsync()
    {
        ShopParts parts = new();
        try
        {
            parts.PostgreSql = await Started("PostgreSQL", "postgresql", ["postgres", "initdb", .. Environment.IsPrivilegedProcess ? ["setpriv"] : Array.Empty<string>()], static () => new PostgreSql());
            parts.Redis = await Started("Redis", "redis-server", ["redis-server"], static () => new Redis());
            Console.WriteLine($"A disk to fill: {parts.Disk.Folder}, {(parts.Disk.IsOwn ? "a file system of its own" : "on your file system")}.");
            return parts;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (Redis?.DisposeAsync() ?? default);
        await (PostgreSql?.DisposeAsync() ?? default);
        Disk.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<T?> Started<T>(string name, string package, string[] programs, Func<T> make)
        where T : LocalServer
    {
        if (OperatingSystem.IsWindows() || programs.Any(program => Programs.Find(program) is null))
        {
            Console.WriteLine($"{name} is left out: not installed. On Debian and Ubuntu: apt-get install {package}; on macOS: brew install {(package == "postgresql" ? package : "redis")}; on Windows: in WSL.");
            return null;
        }

        T server = make();
        try
        {
            await server.StartAsync();
            Console.WriteLine($"{name}: 127.0.0.1:{server.Port}, process {server.ProcessId}.");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A port that was free just now.</summary>
    internal static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
