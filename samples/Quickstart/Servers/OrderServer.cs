using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Quickstart.Servers;

/// <summary>An order server: what runs in the child processes. It obeys lines on its standard input, says on its standard output when it has, and ends when its input ends: with its parent.</summary>
internal static class OrderServer
{
    internal const string Refuse = "refuse";
    internal const string Serve = "serve";

    private static readonly TimeSpan WorkOfAGet = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan HalfTheWorkOfAPost = TimeSpan.FromMilliseconds(25);

    internal static async Task<int> RunAsync(string journalPath, int port)
    {
        using var journal = new Journal(journalPath);
        var service = new Service(journal);
        long requests = 0;

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using WebApplication app = builder.Build();

        app.Use(async (context, next) =>
        {
            long request = Interlocked.Increment(ref requests);
            if (service.Admit(request, context.Request.Method, context.Request.Path))
            {
                await next(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }

            journal.Answered(request, context.Response.StatusCode);
        });
        app.MapGet("/health", () => "ok");
        app.MapGet("/orders/{id:int}", async (int id) =>
        {
            await Task.Delay(WorkOfAGet);
            return Results.Ok(new Order(id));
        });
        app.MapPost("/orders", async (Order order) =>
        {
            // A kill can fall before the order is executed, or between that and the answer: only the journal knows.
            await Task.Delay(HalfTheWorkOfAPost);
            journal.Executed(order.Id);
            await Task.Delay(HalfTheWorkOfAPost);
            return Results.Created(string.Create(CultureInfo.InvariantCulture, $"/orders/{order.Id}"), order);
        });

        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        while (await Console.In.ReadLineAsync() is { } command)
        {
            service.Obey(command);
            Console.WriteLine(command);
        }

        return 0;
    }
}

/// <summary>An order.</summary>
internal sealed record Order(int Id);
