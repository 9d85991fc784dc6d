using System.Net;
using Failover.Scenarios.Servers;

namespace Failover.TestServers.Servers;

/// <summary>A real PostgreSQL server: a cluster of its own, made by <c>initdb</c>.</summary>
public sealed class PostgreSqlServer : LoopbackServer
{
    /// <summary>The name of the superuser.</summary>
    public const string UserName = "postgres";

    private readonly IPAddress _address;

    private PostgreSqlServer()
    {
        _address = IPAddress.Loopback;
        Password = Guid.NewGuid().ToString("N");
    }

    private PostgreSqlServer(PostgreSqlServer other, IPAddress address)
        : base(new PortReservation(address, other.Port)) => (_address, Password) = (address, other.Password);

    /// <summary>Gets the superuser's password.</summary>
    public string Password { get; }

    /// <summary>Gets where Npgsql finds the server, with user and password.</summary>
    public string ConnectionString => $"Host={_address};Port={Port};Username={UserName};Password={Password};Database=postgres";

    /// <inheritdoc/>
    protected override string? User => DataFolder.User;

    // SIGKILL would leave its processes to be ended by themselves.
    /// <inheritdoc/>
    protected override string EndSignal => "QUIT";

    /// <inheritdoc/>
    protected override string ReadyWords => "database system is ready to accept connections";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command =>
        [RequiredServer.Locate("postgres"), "-D", Data, "-p", $"{Port}", "-c", $"listen_addresses={_address}", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "log_min_messages=warning", "-c", "logging_collector=off"];

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Makes a cluster, starts its server on a free port and waits until it takes connections.</summary>
    public static Task<PostgreSqlServer> StartAsync() => StartedAsync(new PostgreSqlServer());

    /// <summary>Starts one that a client cannot tell from another by port, user and password, on another loopback address.</summary>
    public static Task<PostgreSqlServer> StartBesideAsync(PostgreSqlServer other, IPAddress address) => StartedAsync(new PostgreSqlServer(other, address));

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        string password = Path.Combine(Folder, "password");
        await File.WriteAllTextAsync(password, Password);
        if (User is { } user)
        {
            await RunAsync("chown", "-R", user, Folder);
        }

        await RunAsync([.. As(User), RequiredServer.Locate("initdb"), "-D", Data, "-U", UserName, "-A", "scram-sha-256", $"--pwfile={password}", "--locale=C", "--encoding=UTF8", "--no-sync", "--no-instructions"]);
    }
}
