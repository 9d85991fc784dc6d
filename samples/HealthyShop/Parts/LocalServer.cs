using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HealthyShop.Parts;

/// <summary>A real server in a process of its own, on a free port of the loopback and in a scratch folder. It ends with this program, however that ends.</summary>
internal abstract class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    // A shell stands between: its input ends with this program, and then so does the server.
    private const string Guard = """
        log=$1 signal=$2; shift 2
        "$@" </dev/null >"$log" 2>&1 & server=$!
        echo $server
        exec 2>/dev/null
        cat >/dev/null
        kill -CONT $server $(cat /proc/$server/task/$server/children); kill -$signal $server
        wait $server
        """;

    private Process? _guard;

    internal int Port { get; } = ShopParts.FreePort();

    internal int ProcessId { get; private set; }

    protected string Folder { get; } = Directory.CreateTempSubdirectory("failover-shop-server-").FullName;

    protected abstract IReadOnlyList<string> Command { get; }

    /// <summary>What ends the server at once, with all its processes.</summary>
    protected virtual string EndSignal => "KILL";

    /// <summary>Starts it, for the first time or again, and waits until it takes connections.</summary>
    internal virtual async Task StartAsync()
    {
        await EndAsync();
        _guard = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Guard, "guard", Path.Combine(Folder, "log"), EndSignal, .. Command]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        using CancellationTokenSource limit = new(StartLimit);
        ProcessId = int.Parse((await _guard.StandardOutput.ReadLineAsync(limit.Token))!, CultureInfo.InvariantCulture);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        while (!await TakesConnectionsAsync(limit.Token))
        {
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task EndAsync()
    {
        if (_guard is { } guard)
        {
            _guard = null;
            guard.StandardInput.Close();
            await guard.WaitForExitAsync();
            guard.Dispose();
        }
    }

    private async Task<bool> TakesConnectionsAsync(CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
