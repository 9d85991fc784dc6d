namespace Failover.TestServers.Servers;

/// <summary>A real MariaDB server, with data of its own, made by <c>mariadb-install-db</c>.</summary>
public sealed class MariaDbServer : LoopbackServer
{
    /// <summary>The name of a user who may do everything.</summary>
    public const string UserName = "tests";

    private MariaDbServer()
    {
    }

    /// <summary>Gets the user's password.</summary>
    public string Password { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Gets where MySqlConnector finds the server, with user and password.</summary>
    public string ConnectionString => $"Server=127.0.0.1;Port={Port};User ID={UserName};Password={Password};Database=mysql";

    /// <inheritdoc/>
    protected override string? User => Environment.IsPrivilegedProcess ? "mysql" : null;

    /// <inheritdoc/>
    protected override string ReadyWords => "ready for connections";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command =>
    [
        RequiredServer.Locate("mariadbd"), "--no-defaults", $"--datadir={Data}", $"--port={Port}", "--bind-address=127.0.0.1", $"--socket={Path.Combine(Folder, "socket")}", $"--pid-file={Path.Combine(Folder, "pid")}",
        $"--init-file={Path.Combine(Folder, "init.sql")}", "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=2", "--skip-name-resolve",
    ];

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Makes the data, starts a server on a free port and waits until it takes connections.</summary>
    public static Task<MariaDbServer> StartAsync() => StartedAsync(new MariaDbServer());

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        // One statement a line: that is how it is read.
        await File.WriteAllLinesAsync(
            Path.Combine(Folder, "init.sql"),
            [$"CREATE USER IF NOT EXISTS '{UserName}'@'127.0.0.1' IDENTIFIED BY '{Password}';", $"GRANT ALL ON *.* TO '{UserName}'@'127.0.0.1' WITH GRANT OPTION;"]);
        if (User is { } user)
        {
            await RunAsync("chown", "-R", user, Folder);
        }

        await RunAsync([.. As(User), RequiredServer.Locate("mariadb-install-db"), "--no-defaults", $"--datadir={Data}", "--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=8M"]);
    }
}
