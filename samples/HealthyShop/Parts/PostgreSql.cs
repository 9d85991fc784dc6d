namespace HealthyShop.Parts;

/// <summary>A PostgreSQL server: a cluster of its own, made by <c>initdb</c>.</summary>
internal sealed class PostgreSql : LocalServer
{
    private readonly string _password = Guid.NewGuid().ToString("N");

    internal string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=shop;Password={_password};Database=postgres;Timeout=2;Command Timeout=2";

    protected override IReadOnlyList<string> Command =>
        [.. AsAnother, Programs.Find("postgres")!, "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"];

    // SIGKILL would leave its processes to be ended by themselves.
    protected override string EndSignal => "QUIT";

    private string Data => Path.Combine(Folder, "data");

    /// <summary>What to put before a command: PostgreSQL refuses to run as root, and its package made a user for it.</summary>
    private static string[] AsAnother => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

    internal override async Task StartAsync()
    {
        if (!Directory.Exists(Data))
        {
            string password = Path.Combine(Folder, "password");
            await File.WriteAllTextAsync(password, _password);
            if (Environment.IsPrivilegedProcess)
            {
                await Programs.RunAsync("chown", "-R", "postgres", Folder);
            }

            await Programs.RunAsync([.. AsAnother, Programs.Find("initdb")!, "-D", Data, "-U", "shop", "-A", "scram-sha-256", $"--pwfile={password}", "--locale=C", "--encoding=UTF8", "--no-sync", "--no-instructions"]);
        }

        await base.StartAsync();
    }
}
