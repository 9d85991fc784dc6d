using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Failover.AspNetCore.Tests.Processes;
using Failover.AspNetCore.Tests.Recipes;
using Failover.TestServers;

namespace Failover.AspNetCore.Tests.Haproxy;

/// <summary>A real HAProxy in front of some nodes, asked over sockets in a folder of its own: it needs no port.</summary>
internal sealed partial class HaproxyProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failover-haproxy-");
    private readonly Process _process;

    private HaproxyProcess(string backend)
    {
        string config = Path.Combine(_folder.FullName, "haproxy.cfg");
        File.WriteAllText(config, $"""
            global
              stats socket {Socket("admin")} level admin
            defaults
              mode http
              timeout connect 5s
              timeout client 30s
              timeout server 30s
              timeout check 2s
            frontend web
              bind {Socket("web")}
              default_backend shop
            {backend}

            """);
        _process = Process.Start(new ProcessStartInfo(RequiredServer.Locate("haproxy"), ["-db", "-f", config]) { RedirectStandardError = true, UseShellExecute = false })!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        Client = NewClient();
    }

    /// <summary>A client of the nodes behind it.</summary>
    internal HttpClient Client { get; }

    internal static Task<HaproxyProcess> StartAsync(params (string Name, int Port, int? AgentPort)[] nodes) => StartAsync(string.Join('\n',
    [
        "backend shop",
        "  option httpchk GET /health/ready",
        .. nodes.Select(node => $"  server {node.Name} 127.0.0.1:{node.Port} weight 100 check inter 200ms{(node.AgentPort is { } agent ? $" agent-check agent-addr 127.0.0.1 agent-port {agent} agent-inter 100ms" : "")}"),
    ]));

    /// <summary>With the configuration that docs/health-recipes.md shows, and both nodes in service.</summary>
    /// <param name="a">The first node.</param>
    /// <param name="b">The second node.</param>
    /// <param name="sticky">With the cookie that the page tells of.</param>
    internal static async Task<HaproxyProcess> StartRecipeAsync(NodeProcess a, NodeProcess b, bool sticky = false)
    {
        string recipe = Recipe.For("haproxy.cfg", a, b);
        if (sticky)
        {
            recipe = recipe.Replace("backend shop\n", "backend shop\n  cookie SRV insert indirect nocache\n", StringComparison.Ordinal);
            recipe = ServerLine().Replace(recipe, "$0 cookie $1");
        }

        HaproxyProcess haproxy = await StartAsync(recipe);
        await haproxy.UntilAsync("a", "UP");
        await haproxy.UntilAsync("b", "UP");
        return haproxy;
    }

    private static async Task<HaproxyProcess> StartAsync(string backend)
    {
        HaproxyProcess haproxy = new(backend);
        await App.UntilAsync(() => UnixSocket.Listens(haproxy.Socket("web")) || haproxy._process.HasExited, "HAProxy listens");
        Assert.False(haproxy._process.HasExited, "HAProxy has ended.");
        return haproxy;
    }

    /// <summary>A client without the cookies of others.</summary>
    internal HttpClient NewClient() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, token) => new NetworkStream(await ConnectAsync("web", token), ownsSocket: true),
    })
    { BaseAddress = new("http://haproxy"), Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>What HAProxy makes of a node: <c>UP</c>, <c>DRAIN (agent)</c> and so on.</summary>
    internal async Task<string> StateAsync(string node) => (await StatisticsAsync()).Single(row => row["svname"] == node)["status"];

    /// <summary>How often its checks have taken a node out of service since it was started, and for how long in seconds: HAProxy's own account, which misses no moment.</summary>
    internal async Task<(int Times, int Seconds)> DownAsync(string node)
    {
        IReadOnlyDictionary<string, string> row = (await StatisticsAsync()).Single(row => row["svname"] == node);
        return (int.Parse(row["chkdown"], CultureInfo.InvariantCulture), int.Parse(row["downtime"], CultureInfo.InvariantCulture));
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

    /// <summary>Looks at its nodes all the time until told to end; gives the largest number of those that were out of service at once.</summary>
    internal async Task<int> MostOutOfServiceAsync(CancellationToken end)
    {
        int most = 0;
        while (!end.IsCancellationRequested)
        {
            most = Math.Max(most, (await StatisticsAsync()).Count(static row => !row["status"].StartsWith("UP", StringComparison.Ordinal)));
            await Task.Delay(5, CancellationToken.None);
        }

        return most;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>A row for each node.</summary>
    private async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> StatisticsAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using Socket socket = await ConnectAsync("admin", limit.Token);
        await socket.SendAsync("show stat\n"u8.ToArray(), limit.Token);
        using StreamReader reader = new(new NetworkStream(socket), Encoding.ASCII);
        string[] lines = (await reader.ReadToEndAsync(limit.Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] columns = lines[0].TrimStart('#', ' ').Split(',');
        return
        [
            .. lines[1..].Select(line => columns.Zip(line.Split(',')).ToDictionary(static pair => pair.First, static pair => pair.Second))
                .Where(static row => row["pxname"] == "shop" && row["svname"] != "BACKEND"),
        ];
    }

    [GeneratedRegex("^  server ([ab]) .*$", RegexOptions.Multiline)]
    private static partial Regex ServerLine();

    private string Socket(string name) => Path.Combine(_folder.FullName, name);

    private async Task<Socket> ConnectAsync(string name, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket(name)), cancellationToken);
        return socket;
    }
}
