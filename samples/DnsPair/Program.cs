using DnsPair.Demo;

// dotnet run --project samples/DnsPair
// Exit code: 0 if every promise held, 1 if one did not, 2 if arguments are not understood or programs are missing.
// It starts itself twice as a web server: --serve http://127.0.0.1:8080 --name server-a, and the same for the other one.
if (args is ["--serve", var url, "--name", var name])
{
    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    await using WebApplication app = builder.Build();
    app.Urls.Add(url);
    app.MapGet("/", () => Results.Text(name));
    app.MapGet("/health", () => Results.Ok());                // what the keeper probes, unless it is told another path
    await app.RunAsync();
    return 0;
}

return await Rehearsal.RunAsync(args);
