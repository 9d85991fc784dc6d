using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Failover.Scenarios.Servers;

/// <summary>
/// The child process: a small HTTP server on loopback. Takes commands on its standard input (<c>status 503</c>, <c>status 200</c>, <c>work 50</c> in milliseconds),
/// answers each with <c>done</c> and the time at which it took effect, and ends when its input does: no child outlives its parent.
/// </summary>
internal sealed class BackendServer(string name, ServerJournal journal)
{
    private volatile int _status = StatusCodes.Status200OK;
    private volatile int _work;

    internal static async Task<int> RunAsync(string name, IPAddress address, int port, int work, string journalPath)
    {
        using ServerJournal journal = new(journalPath);
        BackendServer server = new(name, journal) { _work = work };
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, port));
        await using WebApplication app = builder.Build();
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        journal.Started();
        Console.WriteLine($"listening {Stopwatch.GetTimestamp()}");
        while (await Console.In.ReadLineAsync() is { } command)
        {
            server.Obey(command);
            Console.WriteLine($"done {Stopwatch.GetTimestamp()}");
        }

        return 0;
    }

    private void Obey(string command)
    {
        string[] parts = command.Split(' ');
        int value = int.Parse(parts[1], CultureInfo.InvariantCulture);
        if (parts[0] == "status")
        {
            _status = value;
        }
        else
        {
            _work = value;
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path;
        string call = context.Request.Headers[ServerPaths.CallHeader].ToString() is { Length: > 0 } given ? given : "-";
        journal.Begin(path, call);
        context.Response.Headers[ServerPaths.ServerHeader] = name;
        context.Response.StatusCode = _status;
        if (_status == StatusCodes.Status200OK && path != ServerPaths.Health)
        {
            if (HttpMethods.IsPost(context.Request.Method))
            {
                // An order takes effect first and is confirmed when its work is done: who gives up in between does not know.
                journal.Executed(call);
            }

            await Task.Delay(_work);
        }

        journal.End(call);
    }
}
