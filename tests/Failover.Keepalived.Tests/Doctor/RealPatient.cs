using System.Diagnostics;
using Failover.Keepalived.Configuration;
using Failover.Keepalived.Doctor;
using Failover.TestServers;

namespace Failover.Keepalived.Tests.Doctor;

/// <summary>A rendered configuration on this machine, in a folder of its own, of which a test spoils something.</summary>
internal sealed class RealPatient : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failover-doctor-").FullName;

    internal RealPatient()
    {
        Directory.CreateDirectory(Shared);
        KeepalivedConfigOptions options = KeepalivedConfigOptions.From(App);
        (options.PrefixLength, options.AppUser) = (24, Environment.UserName);
        Text = new KeepalivedConfig(options).RenderFor(App.Node);
    }

    internal string Path => System.IO.Path.Combine(_folder, "keepalived.conf");

    internal string Shared => System.IO.Path.Combine(_folder, "shared");

    internal string PidFile => System.IO.Path.Combine(_folder, "keepalived.pid");

    internal string Text { get; set; }

    internal KeepalivedOptions App => new()
    {
        Address = "10.77.0.100",
        Node = "node-a",
        Peer = "node-b",
        Interface = Interface,
        CreditFile = System.IO.Path.Combine(Shared, "credit"),
        Fifo = System.IO.Path.Combine(Shared, "vrrp.fifo"),
        ProcessName = "shop-ready",
    };

    /// <summary>Any that keepalived takes; nothing is sent.</summary>
    private static string Interface => Directory.GetDirectories("/sys/class/net").Select(static path => System.IO.Path.GetFileName(path)).Where(static name => name != "lo").Order(StringComparer.Ordinal).First();

    internal void Replace(string old, string other)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        Text = Text.Replace(old, other, StringComparison.Ordinal);
    }

    internal void Write()
    {
        if (!File.Exists(Path))
        {
            File.WriteAllText(Path, Text);
        }
    }

    internal IReadOnlyList<DoctorFinding> Examine(string? keepalived = null)
    {
        Write();
        return KeepalivedDoctor.Examine(Path, new KeepalivedDoctorOptions { App = App, AppUser = Environment.UserName, PidFile = PidFile, Keepalived = keepalived });
    }

    /// <summary>What keepalived itself says: its exit code, and each line once.</summary>
    internal async Task<(int Code, string Said)> TestAsync()
    {
        Write();
        using Process process = Process.Start(new ProcessStartInfo(RequiredServer.Locate("keepalived"), ["-t", "-f", Path]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
        string said = await process.StandardOutput.ReadToEndAsync(limit.Token) + await errors;
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, string.Join('\n', said.Split('\n').Distinct()).Trim());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
