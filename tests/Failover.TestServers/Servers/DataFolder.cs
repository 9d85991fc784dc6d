namespace Failover.TestServers.Servers;

/// <summary>A database cluster as <c>initdb</c> makes it, with its users and the database of the app: each node begins with a copy, which is faster than a base backup.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("failover-data-").FullName;

    private DataFolder()
    {
    }

    // PostgreSQL refuses to run as root.
    internal static string? User => Environment.IsPrivilegedProcess ? "postgres" : null;

    // The first field of the control file.
    internal ulong SystemIdentifier => SystemIdentifierOf(Path);

    private string Path => System.IO.Path.Combine(_scratch, "data");

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    /// <param name="secrets">The passwords.</param>
    /// <param name="slots">Replication slots: a standby that finds its own streams at once.</param>
    internal static async Task<DataFolder> CreateAsync(Secrets secrets, params IEnumerable<string> slots)
    {
        DataFolder made = new();
        try
        {
            string password = System.IO.Path.Combine(made._scratch, "password");
            await File.WriteAllTextAsync(password, secrets.SuperuserPassword);
            if (User is { } user)
            {
                await LoopbackServer.RunAsync("chown", "-R", user, made._scratch);
            }

            await LoopbackServer.RunAsync([.. LoopbackServer.As(User), RequiredServer.Locate("initdb"), "-D", made.Path, "-U", Secrets.Superuser, "-A", "scram-sha-256", $"--pwfile={password}", "--locale=C", "--encoding=UTF8", "--data-checksums", "--no-sync", "--no-instructions"]);
            string statements = $"""
                create role {Secrets.ReplicationUser} login replication password '{secrets.ReplicationPassword}'
                create role {PostgreSqlNode.UserName} login password '{secrets.AppPassword}'
                create database {PostgreSqlNode.Database} owner {PostgreSqlNode.UserName}
                {string.Join('\n', slots.Select(static slot => $"select pg_create_physical_replication_slot('{slot}')"))}

                """;
            await LoopbackServer.RunWithInputAsync(statements, [.. LoopbackServer.As(User), RequiredServer.Locate("postgres"), "--single", "-F", "-D", made.Path, "postgres"]);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    internal Task CopyToAsync(string folder) => LoopbackServer.RunAsync("cp", "-a", Path, folder);

    internal static ulong SystemIdentifierOf(string data)
    {
        using FileStream control = File.OpenRead(System.IO.Path.Combine(data, "global", "pg_control"));
        using BinaryReader reader = new(control);
        return reader.ReadUInt64();
    }
}
