using System.Diagnostics;

namespace DnsPair.Demo;

/// <summary>A web server in a process of its own.</summary>
internal sealed class WebServer(string name, Uri address) : IAsyncDisposable
{
    private Process? _process;

    internal string Name => name;

    internal Uri Address => address;

    internal async Task StartAsync()
    {
        string dotnet = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(dotnet) == "dotnet" ? [typeof(WebServer).Assembly.Location] : [];
        _process = Process.Start(new ProcessStartInfo(dotnet, [.. program, "--serve", address.OriginalString, "--name", name]))!;
        using HttpClient client = new();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await client.GetStringAsync(address, limit.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
    }

    internal async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
    }
}
