using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Virtual;

/// <summary>A real app (<c>Failover.VirtualNode</c>) on a node of a <see cref="VirtualSite"/>, which runs as a user without any rights. It ends with the test process, however that ends.</summary>
public sealed class VirtualNodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<string> _output = [];
    private readonly Process _process;
    private readonly Task _reading;
    private readonly HttpClient _admin;

    private VirtualNodeProcess(string name, string socket, Process process)
    {
        (Name, _process) = (name, process);
        _admin = new(new SocketsHttpHandler { ConnectCallback = (_, token) => ConnectAsync(socket, token) }) { BaseAddress = new("http://admin/admin/"), Timeout = Limit };
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Gets the name of its node: what it answers.</summary>
    public string Name { get; }

    /// <summary>Gets what it has said.</summary>
    public string Log
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Has its own check pass or fail.</summary>
    public Task SetLocalAsync(bool isHealthy) => SetAsync("local", isHealthy);

    /// <summary>Has its check of something that all nodes share pass or fail.</summary>
    public Task SetSharedAsync(bool isHealthy) => SetAsync("shared", isHealthy);

    /// <summary>Asks for a planned move, and waits for its end.</summary>
    /// <returns>The switchover.</returns>
    /// <exception cref="InvalidOperationException">It is refused; the message says why.</exception>
    public async Task<JsonElement> MoveToAsync(VirtualNode to)
    {
        using HttpResponseMessage response = await _admin.PostAsync(new Uri($"move?to={to.Name}", UriKind.Relative), content: null);
        string body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonElement.Parse(body) : throw new InvalidOperationException($"{(int)response.StatusCode}: {body}");
    }

    /// <summary>Asks how it stands.</summary>
    public async Task<JsonElement> StatusAsync() => JsonElement.Parse(await _admin.GetStringAsync(new Uri("status", UriKind.Relative)));

    /// <summary>Waits until it says that it stands so.</summary>
    public async Task<JsonElement> StatusAsync(Func<JsonElement, bool> isIt)
    {
        JsonElement status = default;
        await Waiting.ForAsync(async () => isIt(status = await StatusAsync()) ? this : null, TimeSpan.FromMilliseconds(10), Limit, () => $"{Name} to stand otherwise than {status}\n{Log}");
        return status;
    }

    /// <summary>Stops it with SIGSTOP. Each of its threads has stopped when this returns.</summary>
    public void Freeze() => Signals.Freeze(_process.Id);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signals.Thaw(_process.Id);

    /// <summary>Ends it at once, with SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, with SIGTERM, as a service manager does; returns at once.</summary>
    public void Terminate() => Signals.Terminate(_process.Id);

    /// <summary>Waits until it has ended.</summary>
    public Task EndAsync() => _process.WaitForExitAsync().WaitAsync(Limit);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reading;
        _admin.Dispose();
        _process.Dispose();
    }

    internal static async Task<VirtualNodeProcess> StartAsync(string name, string socket, IReadOnlyList<string> command)
    {
        ProcessStartInfo start = new(command[0], [.. command.Skip(1)]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };
        start.Environment["DOTNET_ROOT"] = TestProgram.DotnetFolder();
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        VirtualNodeProcess app = new(name, socket, Process.Start(start)!);
        try
        {
            await Waiting.ForAsync(
                () => Task.FromResult(app.HasSaid("ready") ? app : app._process.HasExited ? throw new InvalidOperationException(app.Log) : null),
                TimeSpan.FromMilliseconds(20), Limit, () => $"the app of {name} to be ready: {app.Log}");
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private bool HasSaid(string line)
    {
        lock (_output)
        {
            return _output.Contains(line);
        }
    }

    private async Task SetAsync(string check, bool isHealthy)
    {
        using HttpResponseMessage response = await _admin.PostAsync(new Uri($"check?name={check}&healthy={isHealthy}", UriKind.Relative), content: null);
        response.EnsureSuccessStatusCode();
    }

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.Add(line);
            }
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
