using System.Text.Json;
using Failover.TestServers;

namespace Failover.Samples.Tests;

[Collection(nameof(Sample))]
public sealed class QuickstartTests : IDisposable
{
    private readonly string _json = Path.GetTempFileName();

    public void Dispose() => File.Delete(_json);

    [Fact]
    public async Task The_quickstart_keeps_every_promise_through_a_kill_503s_a_freeze_and_flapping()
    {
        await using var quickstart = Sample.Start("Quickstart", ["--short", "--json", _json]);

        int code = await quickstart.EndAsync();

        Assert.True(code == 0, quickstart.Output);
        JsonElement report = JsonDocument.Parse(await File.ReadAllTextAsync(_json)).RootElement;
        Assert.True(report.GetProperty("held").GetBoolean(), quickstart.Output);
        JsonElement total = report.GetProperty("total");
        Assert.Equal(0, total.GetProperty("failed").GetInt32());
        Assert.Equal(0, total.GetProperty("doubled").GetInt32());
        Assert.Equal(
            total.GetProperty("posts").GetInt32(),
            total.GetProperty("done").GetInt32() + total.GetProperty("refused").GetInt32() + total.GetProperty("unknown").GetInt32());
        Dictionary<string, JsonElement> faults = report.GetProperty("faults").EnumerateArray().ToDictionary(fault => fault.GetProperty("fault").GetString()!);
        Assert.Equal(OperatingSystem.IsLinux() ? ["Killed", "Refusing", "Frozen", "Flapping"] : ["Killed", "Refusing", "Flapping"], faults.Keys);
        Assert.Equal(faults.SelectMany(_ => (string[])["Failover", "Switchback"]), report.GetProperty("switchovers").EnumerateArray().Select(s => s.GetProperty("cause").GetString()));
        Assert.All(faults.Where(fault => fault.Key != "Killed"), fault => Assert.NotEqual(0, fault.Value.GetProperty("hits").GetInt32()));
        if (OperatingSystem.IsLinux())
        {
            // The hang is noticed by those who wait; and what may not run twice waits to the end.
            Assert.NotEqual(0, faults["Frozen"].GetProperty("slowGets").GetInt32());
            Assert.NotEqual(0, faults["Frozen"].GetProperty("postsOutlasting").GetInt32());
        }

        // The load is real: 100 GETs and 20 POSTs a second, all the time.
        double seconds = report.GetProperty("seconds").GetDouble();
        Assert.InRange(total.GetProperty("gets").GetInt32(), 90 * seconds, 110 * seconds);
        Assert.InRange(total.GetProperty("posts").GetInt32(), 18 * seconds, 22 * seconds);
    }

    [FullFact]
    public async Task Without_failover_the_same_story_breaks_the_promise_and_says_so()
    {
        await using var quickstart = Sample.Start("Quickstart", ["--short", "--without-failover", "--json", _json]);

        int code = await quickstart.EndAsync();

        Assert.Equal(1, code);
        JsonElement report = JsonDocument.Parse(await File.ReadAllTextAsync(_json)).RootElement;
        Assert.False(report.GetProperty("held").GetBoolean());
        Assert.NotEqual(0, report.GetProperty("total").GetProperty("failed").GetInt32());
        Assert.Contains("BROKEN No GET failed", quickstart.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_quickstart_says_what_it_does_not_understand()
    {
        await using var quickstart = Sample.Start("Quickstart", ["--jason"]);

        Assert.Equal(2, await quickstart.EndAsync());
    }
}
