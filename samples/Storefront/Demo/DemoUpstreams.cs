using System.Diagnostics;

namespace Storefront.Demo;

/// <summary>The members of the group, as child processes on this machine, and <c>POST /demo/{member}/kill</c> and <c>/start</c> to play with them.</summary>
internal sealed partial class DemoUpstreams : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, Process> _running = [];
    private readonly ILogger _logger;

    private DemoUpstreams(ILogger logger) => _logger = logger;

    internal static bool IsAsked(IConfiguration configuration) => configuration.GetValue<bool>("Demo:StartUpstreams");

    /// <summary>Starts them if the configuration asks for it; else does nothing.</summary>
    internal static async Task<DemoUpstreams?> StartAsync(WebApplication app)
    {
        if (!IsAsked(app.Configuration))
        {
            return null;
        }

        var demo = new DemoUpstreams(app.Logger);

        // From the configuration, not from the group: the group starts with the host, and the upstreams before it.
        List<Member> members = app.Configuration.GetSection("Failover:Groups:catalog:Members").Get<List<Member>>() ?? [];
        foreach (Member member in members)
        {
            await demo.StartAsync(member);
        }

        app.MapPost("/demo/{name}/{action}", async (string name, string action) =>
        {
            if (members.Find(m => m.Name == name) is not { } member || action is not ("kill" or "start"))
            {
                return Results.NotFound();
            }

            await (action == "kill" ? demo.KillAsync(member) : demo.StartAsync(member));
            return Results.Redirect("/");
        });
        app.Lifetime.ApplicationStarted.Register(() => Hint(app.Logger, app.Urls.First(), members[0].Name));
        return demo;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _running.Values)
        {
            await EndAsync(process);
        }

        _running.Clear();
        _turn.Dispose();
    }

    private async Task StartAsync(Member member)
    {
        await _turn.WaitAsync();
        try
        {
            if (_running.TryGetValue(member.Name, out Process? before))
            {
                if (!before.HasExited)
                {
                    return;
                }

                before.Dispose();
            }

            string program = Environment.ProcessPath!;
            var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
            if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            {
                start.ArgumentList.Add(typeof(DemoUpstreams).Assembly.Location);
            }

            start.ArgumentList.Add(DemoUpstream.Mode);
            start.ArgumentList.Add(member.Name);
            start.ArgumentList.Add(member.Address);
            Process process = _running[member.Name] = Process.Start(start)!;
            if (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is null)
            {
                throw new InvalidOperationException($"The demo upstream {member.Name} did not start: is {member.Address} in use?");
            }

            Started(_logger, member.Name, process.Id);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task KillAsync(Member member)
    {
        await _turn.WaitAsync();
        try
        {
            if (_running.Remove(member.Name, out Process? process))
            {
                Killed(_logger, member.Name, process.Id);
                await EndAsync(process);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private sealed record Member(string Name, string Address);

    private static async Task EndAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    [LoggerMessage(1, LogLevel.Information, "Demo: upstream {Member} runs as process {ProcessId}.")]
    private static partial void Started(ILogger logger, string member, int processId);

    [LoggerMessage(2, LogLevel.Information, "Demo: upstream {Member}, process {ProcessId}, is killed.")]
    private static partial void Killed(ILogger logger, string member, int processId);

    [LoggerMessage(3, LogLevel.Information, "Demo: open {Url} and press kill, or: curl -X POST {Url}/demo/{Member}/kill; curl {Url}/products; curl {Url}/failover; curl -X POST {Url}/demo/{Member}/start")]
    private static partial void Hint(ILogger logger, string url, string member);
}
