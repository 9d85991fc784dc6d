using System.Net;
using System.Text.Json;
using Failover.TestServers;

namespace Failover.AspNetCore.Tests.Processes;

/// <summary>The wall clock of a real node is turned while it runs, by libfaketime.</summary>
[Collection("Nodes")]
public class ClockJumpTests
{
    [ServerFact("faketime")]
    public async Task A_clock_that_jumps_changes_no_verdict_and_holds_up_no_check()
    {
        string license = Path.GetTempFileName();
        string clock = Path.GetTempFileName();
        await TurnAsync(clock, "+0");
        await using NodeProcess node = await NodeProcess.StartAsync(
            [
                ("LD_PRELOAD", Library()), ("FAKETIME_TIMESTAMP_FILE", clock), ("FAKETIME_NO_CACHE", "1"),

                // The wall clock alone. Without the second, waits end at once, and the node spins.
                ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("FAKETIME_FORCE_MONOTONIC_FIX", "0"),
            ],
            "--license", license);
        await node.UntilAsync("/health", HttpStatusCode.OK);
        using HttpClient client = new() { BaseAddress = new(App.On(node.Port, "")) };
        Callers callers = new(client, 1, "/health");
        DateTime start = await PassedAsync(node);

        await TurnAsync(clock, "+2h");
        await App.UntilAsync(async () => await PassedAsync(node) > start.AddHours(1), "the check passes in the future");
        await TurnAsync(clock, "-3h");
        await App.UntilAsync(async () => await PassedAsync(node) < start.AddHours(-2), "the check passes in the past");
        Assert.Empty(await callers.EndAsync());

        File.Delete(license);
        await node.UntilAsync("/health/ready", HttpStatusCode.ServiceUnavailable);
        await TurnAsync(clock, "+0");
        await File.WriteAllTextAsync(license, "");
        await node.UntilAsync("/health", HttpStatusCode.OK);
        File.Delete(license);
        File.Delete(clock);
    }

    /// <summary>By the clock of the node.</summary>
    private static async Task<DateTime> PassedAsync(NodeProcess node)
    {
        using JsonDocument details = JsonDocument.Parse((await node.AskAsync("/health", node.ManagementPort))!.Value.Body);
        return details.RootElement.GetProperty("checks").GetProperty("license:responseTime")[0].GetProperty("passed").GetDateTime();
    }

    /// <summary>At once: the node reads it all the time, and must not read half of it.</summary>
    private static async Task TurnAsync(string clock, string by)
    {
        string next = $"{clock}.next";
        await File.WriteAllTextAsync(next, by + "\n");
        File.Move(next, clock, overwrite: true);
    }

    private static string Library() => Directory.GetDirectories("/usr/lib", "*-linux-gnu").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).First(File.Exists);
}
