using System.Net.Sockets;
using System.Text.Json;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Virtual;

/// <summary>A real app (<c>Failover.VirtualNode</c>) on a node of a <see cref="VirtualSite"/>, which runs as a user without any rights.</summary>
public sealed class VirtualNodeProcess : ProgramProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _admin;

    private VirtualNodeProcess(string name, string socket, IReadOnlyList<string> command)
        : base(name, command, new Dictionary<string, string> { ["DOTNET_ROOT"] = TestProgram.DotnetFolder(), ["DOTNET_EnableDiagnostics"] = "0" }, folder: "/") =>
        _admin = new(new SocketsHttpHandler { ConnectCallback = (_, token) => ConnectAsync(socket, token) }) { BaseAddress = new("http://admin/admin/"), Timeout = Limit };

    /// <summary>Has its own check pass or fail.</summary>
    public Task SetLocalAsync(bool isHealthy) => SetAsync("local", isHealthy);

    /// <summary>Has its check of something that all nodes share pass or fail.</summary>
    public Task SetSharedAsync(bool isHealthy) => SetAsync("shared", isHealthy);

    /// <summary>Asks for a planned move, and waits for its end.</summary>
    /// <returns>The switchover.</returns>
    /// <exception cref="MoveRefusedException">It is refused.</exception>
    public async Task<JsonElement> MoveToAsync(VirtualNode to)
    {
        using HttpResponseMessage response = await _admin.PostAsync(new Uri($"move?to={to.Name}", UriKind.Relative), content: null);
        string body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonElement.Parse(body) : throw new MoveRefusedException($"{(int)response.StatusCode}: {body}");
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

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _admin.Dispose();
    }

    /// <param name="name">The name of its node: what it answers.</param>
    /// <param name="socket">Where it can be asked and told.</param>
    /// <param name="command">How it is started.</param>
    internal static Task<VirtualNodeProcess> StartAsync(string name, string socket, IReadOnlyList<string> command) => ReadyAsync(new VirtualNodeProcess(name, socket, command));

    private async Task SetAsync(string check, bool isHealthy)
    {
        using HttpResponseMessage response = await _admin.PostAsync(new Uri($"check?name={check}&healthy={isHealthy}", UriKind.Relative), content: null);
        response.EnsureSuccessStatusCode();
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
