using Failover.Scenarios.Servers;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Patroni;

/// <summary>A node of a Patroni cluster: Patroni and the PostgreSQL that it runs. To kill, to freeze and to thaw it is to do so to both.</summary>
public sealed class PatroniNode : PostgreSqlNode
{
    private readonly PortReservation _rest = new();
    private readonly PatroniCluster _cluster;
    private readonly Secrets _secrets;

    internal PatroniNode(string name, PatroniCluster cluster, Secrets secrets)
        : base(name, secrets)
    {
        _cluster = cluster;
        _secrets = secrets;
    }

    /// <summary>Gets the port of Patroni's REST API.</summary>
    public int RestPort => _rest.Port;

    /// <summary>Gets where Patroni's REST API is.</summary>
    public Uri RestAddress => new($"http://{Host}:{RestPort}");

    /// <summary>Gets whether Patroni runs; PostgreSQL may do so without.</summary>
    public bool IsPatroniRunning => IsRunning && Signals.IsAlive(ProcessId);

    // It says what it does, from the first second.
    /// <inheritdoc/>
    protected override string ReadyWords => "INFO: ";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command => [RequiredServer.Locate("patroni"), Settings];

    // Patroni would make it in one of its next rounds.
    internal string SlotName => Name.Replace('-', '_');

    internal string CertificateFile => Path.Combine(Folder, "server.crt");

    internal string KeyFile => Path.Combine(Folder, "server.key");

    private string Settings => Path.Combine(Folder, "patroni.yml");

    /// <summary>Ends Patroni alone: PostgreSQL goes on as what it was, and nobody watches it. <see cref="LoopbackServer.StartAgainAsync"/> starts Patroni beside it again.</summary>
    public void KillPatroniAlone() => Signals.KillAlone(ProcessId);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _rest.Dispose();
    }

    /// <summary>Starts the node for the first time with a copy of data, or, without, to copy the primary's by itself.</summary>
    internal async Task StartAsync(DataFolder? data)
    {
        if (data is not null)
        {
            await data.CopyToAsync(Data);
        }

        await PrepareAsync();
        await StartAgainAsync();
    }

    /// <summary>Deletes what a node that was killed had.</summary>
    internal void DeleteData()
    {
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await File.WriteAllTextAsync(Settings, PatroniSettings.OfNode(this, _cluster, _secrets));
        await File.WriteAllTextAsync(CertificateFile, _cluster.Certificate.Certificate);
        await File.WriteAllTextAsync(KeyFile, _cluster.Certificate.Key);
        await RunAsync("chmod", "600", KeyFile);
        if (User is { } user)
        {
            await RunAsync("chown", user, Folder, Settings, CertificateFile, KeyFile);
        }
    }
}
