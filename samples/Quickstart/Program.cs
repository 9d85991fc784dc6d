using System.Text.Json;
using Quickstart;
using Quickstart.Reports;
using Quickstart.Servers;

// dotnet run --project samples/Quickstart -- [--short] [--without-failover] [--json FILE]
// Exit code: 0 if every promise held, 1 if one did not, 2 if the arguments are not understood.
if (args is [OrderServerProcess.Mode, var journal, var port])
{
    return await OrderServer.RunAsync(journal, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
}

StoryOptions options = StoryOptions.Full;
string? json = null;
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--short":
            options = StoryOptions.Short with { WithoutFailover = options.WithoutFailover };
            break;
        case "--without-failover":
            options = options with { WithoutFailover = true };
            break;
        case "--json" when i + 1 < args.Length:
            json = args[++i];
            break;
        default:
            Console.Error.WriteLine($"'{args[i]}' is not understood. Usage: Quickstart [--short] [--without-failover] [--json FILE]");
            return 2;
    }
}

DirectoryInfo folder = Directory.CreateTempSubdirectory("failover-quickstart-");
try
{
    Screen screen = Screen.OfConsole();
    await using var primary = new OrderServerProcess("primary", folder.FullName);
    await using var secondary = new OrderServerProcess("secondary", folder.FullName);
    Report report = await new Story(options, screen, primary, secondary).PlayAsync();
    screen.Write("");
    foreach (string line in Table.Of(report))
    {
        screen.Write(line);
    }

    if (json is not null)
    {
        await File.WriteAllTextAsync(json, JsonSerializer.Serialize(report, ReportJson.Default.Report));
    }

    return report.Held ? 0 : 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Interrupted.");
    return 130;
}
finally
{
    folder.Delete(recursive: true);
}
