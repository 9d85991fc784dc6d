namespace Failover.TestServers.Servers;

/// <summary>A real PostgreSQL server: a cluster of its own, made by <c>initdb</c>.</summary>
public sealed class PostgreSqlServer : LoopbackServer
{
    /// <summary>The name of the superuser.</summary>
    public const string UserName = "postgres";

    private PostgreSqlServer()
    {
    }

    /// <summary>Gets the superuser's password.</summary>
    public string Password { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Gets where Npgsql finds the server, with user and password.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username={UserName};Password={Password};Database=postgres";

    /// <inheritdoc/>
    protected override string? User => DataFolder.User;

    // SIGKILL would leave its processes to be ended by themselves.
    /// <inheritdoc/>
    protected override string EndSignal => "QUIT";

    /// <inheritdoc/>
    protected override string ReadyWords => "database system is ready to accept connections";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command =>
        [RequiredServer.Locate("postgres"), "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "log_min_messages=warning", "-c", "logging_collector=off"];

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Makes a cluster, starts its server on a free port and waits until it takes connections.</summary>
    public static Task<PostgreSqlServer> StartAsync() => StartedAsync(new PostgreSqlServer());

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
