using System.Diagnostics;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Http;

/// <summary>
/// A real HTTP server in a process of its own (<c>Failover.TestBackend</c>): it can be killed, frozen, restarted on its port and made to fail. It ends with the test
/// process, however that ends.
/// </summary>
public sealed class BackendProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _protocols;
    private readonly string _journal = Path.Combine(Path.GetTempPath(), $"failover-backend-{Guid.NewGuid():N}.log");
    private Process? _process;

    private BackendProcess(string name, string protocols)
    {
        Name = name;
        _protocols = protocols;
    }

    /// <summary>Gets the name: what <c>GET /work</c> answers.</summary>
    public string Name { get; }

    /// <summary>Gets the port; it stays the same when the server is restarted.</summary>
    public int Port { get; private set; }

    /// <summary>Gets whether the process was started, and not killed since.</summary>
    public bool IsRunning => _process is not null;

    /// <summary>Gets the address.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Starts a server on a free port and waits until it listens.</summary>
    public static Task<BackendProcess> StartAsync(string name) => StartAsync(name, "Http1");

    /// <summary>Starts a server on a free port and waits until it listens.</summary>
    /// <param name="name">The name.</param>
    /// <param name="protocols">Kestrel's word: <c>Http1</c> or <c>Http2</c>.</param>
    public static async Task<BackendProcess> StartAsync(string name, string protocols)
    {
        var backend = new BackendProcess(name, protocols);
        await backend.StartAgainAsync();
        return backend;
    }

    /// <summary>Starts the server again on its port, after <see cref="KillAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(TestProgram.DotnetHost(), [
            TestProgram.PathOf("Failover.TestBackend"),
            "--name", Name, "--port", $"{Port}", "--protocols", _protocols, "--journal", _journal])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        _process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(StartLimit);
        string? line = await _process.StandardOutput.ReadLineAsync(limit.Token);
        Port = line is not null && line.StartsWith("LISTENING ", StringComparison.Ordinal) ? int.Parse(line[10..], System.Globalization.CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The backend {Name} did not start: {line}");
    }

    /// <summary>Ends the process at once, as SIGKILL does.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Stops the process with SIGSTOP: its sockets stay open, and nothing answers. Not on Windows. On Linux each of its threads has stopped when this returns.</summary>
    public void Freeze() => Signals.Freeze(_process!.Id);

    /// <summary>Lets a frozen process go on.</summary>
    public void Thaw() => Signals.Thaw(_process!.Id);

    /// <summary>Answers every request, probes too, with this status.</summary>
    public Task AnswerAsync(int status) => FaultAsync("status", status);

    /// <summary>Breaks the connection of every request, probes too.</summary>
    public Task ResetAsync() => FaultAsync("reset", 0);

    /// <summary>Takes every request, probes too, and answers nothing.</summary>
    public Task HangAsync() => FaultAsync("hang", 0);

    /// <summary>Answers every request, probes too, that much later.</summary>
    public Task DelayAsync(TimeSpan delay) => FaultAsync("delay", (int)delay.TotalMilliseconds);

    /// <summary>Ends the fault.</summary>
    public Task HealAsync() => FaultAsync("none", 0);

    /// <summary>Returns how many requests for this method and path reached the server, in all its lives.</summary>
    public int Hits(string method, string path) => Lines($"hit {method} {path}").Count;

    /// <summary>Returns the ids of the orders that were executed, in all its lives, in order; one executed twice stands there twice.</summary>
    public IReadOnlyList<string> Executed() => [.. Lines("executed ").Select(line => line["executed ".Length..])];

    /// <summary>Ends the process and deletes its journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        File.Delete(_journal);
    }

    private List<string> Lines(string start)
    {
        using var reader = new StreamReader(new FileStream(_journal, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.StartsWith(start, StringComparison.Ordinal))];
    }

    private async Task FaultAsync(string kind, int value)
    {
        using var client = new HttpClient { Timeout = StartLimit };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, $"/control/fault?kind={kind}&ms={value}"));
        if (_protocols == "Http2")
        {
            request.Version = System.Net.HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
