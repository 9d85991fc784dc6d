using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Failover.TestServers;

namespace Failover.AspNetCore.Tests.Haproxy;

/// <summary>A real HAProxy in front of some nodes, asked over sockets in a folder of its own: it needs no port.</summary>
internal sealed class HaproxyProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failover-haproxy-");
    private readonly Process _process;

    private HaproxyProcess(IEnumerable<(string Name, int Port, int? AgentPort)> nodes)
    {
        string config = Path.Combine(_folder.FullName, "haproxy.cfg");
        string servers = string.Join('\n', nodes.Select(node => $"  server {node.Name} 127.0.0.1:{node.Port} weight 100 check inter 200ms{(node.AgentPort is { } agent ? $" agent-check agent-addr 127.0.0.1 agent-port {agent} agent-inter 100ms" : "")}"));
        File.WriteAllText(config, $"""
            global
              stats socket {Socket("admin")} level admin
            defaults
              mode http
              timeout connect 5s
              timeout client 30s
              timeout server 30s
            frontend web
              bind {Socket("web")}
              default_backend nodes
            backend nodes
              option httpchk GET /health/ready
            {servers}

            """);
        _process = Process.Start(new ProcessStartInfo(RequiredServer.Locate("haproxy"), ["-db", "-f", config]) { RedirectStandardError = true, UseShellExecute = false })!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        Client = new(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, token) => new NetworkStream(await ConnectAsync("web", token), ownsSocket: true),
        })
        { BaseAddress = new("http://haproxy"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>A client of the nodes behind it.</summary>
    internal HttpClient Client { get; }

    internal static async Task<HaproxyProcess> StartAsync(params (string Name, int Port, int? AgentPort)[] nodes)
    {
        HaproxyProcess haproxy = new(nodes);
        await App.UntilAsync(() => File.Exists(haproxy.Socket("web")) || haproxy._process.HasExited, "HAProxy listens");
        Assert.False(haproxy._process.HasExited, "HAProxy has ended.");
        return haproxy;
    }

    /// <summary>What HAProxy makes of a node: <c>UP</c>, <c>DRAIN (agent)</c> and so on.</summary>
    internal async Task<string> StateAsync(string node)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using Socket socket = await ConnectAsync("admin", limit.Token);
        await socket.SendAsync("show stat\n"u8.ToArray(), limit.Token);
        using StreamReader reader = new(new NetworkStream(socket), Encoding.ASCII);
        string[] lines = (await reader.ReadToEndAsync(limit.Token)).Split('\n');
        int status = Array.IndexOf(lines[0].Split(','), "status");
        return lines.Single(line => line.StartsWith($"nodes,{node},", StringComparison.Ordinal)).Split(',')[status];
    }

    internal async Task UntilAsync(string node, string state)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        string now;
        while ((now = await StateAsync(node)) != state)
        {
            Assert.False(limit.IsCancellationRequested, $"{node} is {now}, and not {state}.");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Socket(string name) => Path.Combine(_folder.FullName, name);

    private async Task<Socket> ConnectAsync(string name, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket(name)), cancellationToken);
        return socket;
    }
}
