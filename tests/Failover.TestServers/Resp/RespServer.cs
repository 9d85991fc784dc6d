using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Resp;

/// <summary>A server of a process of its own that speaks RESP: a Redis or a Sentinel. Faults are methods.</summary>
public abstract class RespServer : LoopbackServer
{
    // Of the fixture's own look; a server that does not answer is asked again.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    private protected RespServer(string name) => Name = name;

    /// <summary>Gets the name of the server.</summary>
    public string Name { get; }

    /// <summary>Gets the address, the same for all.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>Gets where StackExchange.Redis finds the server.</summary>
    public string Endpoint => $"{Host}:{Port}";

    /// <summary>Gets whether the server was frozen, and not thawed since.</summary>
    public bool IsFrozen { get; private set; }

    internal string SettingsFile => Path.Combine(Folder, "server.conf");

    internal string CertificateFile => Path.Combine(Folder, "server.crt");

    private string Data => Path.Combine(Folder, "data");

    private string KeyFile => Path.Combine(Folder, "server.key");

    private protected abstract string? Password { get; }

    private protected abstract ServerCertificate? Certificate { get; }

    /// <summary>What is written into a file for the server's first start. From then on the server writes it itself.</summary>
    private protected abstract IEnumerable<string> Settings { get; }

    /// <inheritdoc/>
    public override void Freeze()
    {
        base.Freeze();
        IsFrozen = true;
    }

    /// <inheritdoc/>
    public override void Thaw()
    {
        base.Thaw();
        IsFrozen = false;
    }

    /// <summary>Opens a connection of the fixture's own; the caller closes it.</summary>
    public async Task<RespConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        using X509Certificate2? root = Certificate is { } certificate ? X509Certificate2.CreateFromPem(certificate.Certificate) : null;
        return await RespConnection.ConnectAsync(Port, Password, root, cancellationToken);
    }

    /// <summary>Sends one command over a connection of its own.</summary>
    /// <exception cref="RespException">The server refused.</exception>
    /// <exception cref="OperationCanceledException">It did not answer within two seconds.</exception>
    public async Task<object?> AskAsync(params string[] command)
    {
        using CancellationTokenSource limit = new(AnswerLimit);
        await using RespConnection connection = await ConnectAsync(limit.Token);
        return await connection.AskAsync(limit.Token, command);
    }

    /// <summary>Sends one command.</summary>
    /// <returns>Null if the server does not answer, or refuses.</returns>
    private protected async Task<object?> TryAskAsync(params string[] command)
    {
        if (!IsRunning || IsFrozen)
        {
            return null;
        }

        try
        {
            return await AskAsync(command);
        }
        catch (Exception exception) when (exception is RespException or IOException or SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Starts a server that does not run with nothing but its settings.</summary>
    internal async Task StartNewAsync()
    {
        await PrepareAsync();
        await StartAgainAsync();
    }

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }

        Directory.CreateDirectory(Data);

        if (Certificate is { } certificate)
        {
            await File.WriteAllTextAsync(CertificateFile, certificate.Certificate);
            await File.WriteAllTextAsync(KeyFile, certificate.Key);
        }

        string[] listen = Certificate is null
            ? [$"port {Port}"]
            : ["port 0", $"tls-port {Port}", $"tls-cert-file {CertificateFile}", $"tls-key-file {KeyFile}", $"tls-ca-cert-file {CertificateFile}", "tls-auth-clients no", "tls-replication yes"];
        await File.WriteAllLinesAsync(SettingsFile, ["bind 127.0.0.1", $"dir {Data}", .. listen, .. Password is null ? [] : new[] { $"requirepass {Password}" }, .. Settings]);
    }

    /// <inheritdoc/>
    protected override void Kill()
    {
        base.Kill();
        IsFrozen = false;
    }
}
