using HealthyShop.Parts;

namespace HealthyShop;

/// <summary>How to break each part of the shop and put it right: commands that you can type as well.</summary>
internal sealed class Acts(ShopParts parts)
{
    internal string KillRedis => $"kill -9 {parts.Redis?.ProcessId}";

    // The server's processes of its own answer connections that exist: they have to stop, too.
    internal string FreezePostgreSql => $"kill -STOP {parts.PostgreSql?.ProcessId} && kill -STOP $(cat {ChildrenOfPostgreSql})";

    internal string ThawPostgreSql => $"kill -CONT $(cat {ChildrenOfPostgreSql}) {parts.PostgreSql?.ProcessId}";

    internal string FillDisk => $"dd if=/dev/zero of={InShell(parts.Disk.Filler)} bs=1048576 count={parts.Disk.FillerMiB}";

    internal string EmptyDisk => $"rm {InShell(parts.Disk.Filler)}";

    internal string Drain => $"touch {InShell(parts.DrainFile)}";

    internal string Undrain => $"rm {InShell(parts.DrainFile)}";

    internal static bool CanFreeze => OperatingSystem.IsLinux();

    private string ChildrenOfPostgreSql => $"/proc/{parts.PostgreSql?.ProcessId}/task/{parts.PostgreSql?.ProcessId}/children";

    /// <summary>Also in Git Bash on Windows.</summary>
    private static string InShell(string path) => path.Replace('\\', '/');

    internal static Task RunAsync(string command) => Programs.RunAsync("sh", "-c", command);

    internal void PrintForPeople()
    {
        Console.WriteLine($"""

            Ask it:            curl -i http://127.0.0.1:{parts.Port}/health       and /health/ready, /health/live, /health/startup
            as an operator:    curl -i http://127.0.0.1:{parts.OperatorsPort}/health
            """);
        if (parts.Redis is not null)
        {
            Console.WriteLine($"Kill Redis:        {KillRedis}");
        }

        if (parts.PostgreSql is not null && CanFreeze)
        {
            Console.WriteLine($"Freeze PostgreSQL: {FreezePostgreSql}");
            Console.WriteLine($"and thaw it:       {ThawPostgreSql}");
        }

        Console.WriteLine($"""
            Fill the disk:     {FillDisk}
            Drain the node:    {Drain}
            End it:            kill -TERM {Environment.ProcessId}      503 for 5 seconds, while requests are still served; Ctrl+C ends its servers, too
            Press Enter to put everything right again.

            """);
    }

    /// <summary>Puts everything right again each time that somebody presses Enter.</summary>
    internal async Task MendOnEnterAsync()
    {
        while (await Console.In.ReadLineAsync() is not null)
        {
            File.Delete(parts.DrainFile);
            File.Delete(parts.Disk.Filler);
            try
            {
                await (parts.Redis?.StartAsync() ?? Task.CompletedTask);
                if (parts.PostgreSql is not null && CanFreeze)
                {
                    await RunAsync(ThawPostgreSql);
                }
            }
            catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
            {
                Console.WriteLine($"Not all could be put right: {e.Message}");
            }
        }
    }
}
