using System.Diagnostics;
using System.Net.Sockets;
using Failover.AspNetCore.Tests.Processes;
using Failover.AspNetCore.Tests.Recipes;
using Failover.TestServers;

namespace Failover.AspNetCore.Tests.Nginx;

/// <summary>A real nginx in front of two nodes, with the configuration that docs/health-recipes.md shows, asked over a socket in a folder of its own.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failover-nginx-");
    private readonly Process _process;

    private NginxProcess(string recipe)
    {
        string config = Path.Combine(_folder.FullName, "nginx.conf");
        string temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"  {kind}_temp_path {Path.Combine(_folder.FullName, kind)};\n"));
        File.WriteAllText(config, $$"""
            daemon off;
            master_process off;
            pid {{Path.Combine(_folder.FullName, "pid")}};
            error_log {{Path.Combine(_folder.FullName, "error.log")}};
            events { worker_connections 256; }
            http {
              access_log off;
            {{temporary}}
            {{recipe.Replace("listen 80;", $"listen unix:{Socket};", StringComparison.Ordinal)}}
            }

            """);
        _process = Process.Start(new ProcessStartInfo(RequiredServer.Locate("nginx"), ["-p", _folder.FullName, "-e", Path.Combine(_folder.FullName, "error.log"), "-c", config]) { UseShellExecute = false })!;
        Client = new(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, token) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new("http://nginx"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>A client of the nodes behind it.</summary>
    internal HttpClient Client { get; }

    private string Socket => Path.Combine(_folder.FullName, "web");

    internal static async Task<NginxProcess> StartAsync(NodeProcess a, NodeProcess b)
    {
        NginxProcess nginx = new(Recipe.For("nginx.conf", a, b));
        await App.UntilAsync(() => UnixSocket.Listens(nginx.Socket) || nginx._process.HasExited, "nginx listens");
        Assert.False(nginx._process.HasExited, "nginx has ended.");
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
