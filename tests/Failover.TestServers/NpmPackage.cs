using System.Diagnostics;

namespace Failover.TestServers;

/// <summary>Runs a script with a package of npm, which is installed once beside the output of the tests.</summary>
internal static class NpmPackage
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly SemaphoreSlim Installing = new(1);

    /// <summary>Runs a script that may require the package, and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed, or node or npm is not installed.</exception>
    internal static async Task<string> RunAsync(string package, string version, string script, params string[] arguments)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "npm", $"{package}-{version}");
        if (!await Installing.WaitAsync(Limit))
        {
            throw new TimeoutException($"{package} is being installed for too long.");
        }

        try
        {
            string done = Path.Combine(folder, "installed");
            if (!File.Exists(done))
            {
                Directory.CreateDirectory(folder);
                await EndAsync("npm", folder, ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", $"{package}@{version}"]);
                await File.WriteAllTextAsync(done, "");
            }
        }
        finally
        {
            Installing.Release();
        }

        return await EndAsync("node", folder, [script, .. arguments]);
    }

    private static async Task<string> EndAsync(string program, string folder, string[] arguments)
    {
        ProcessStartInfo start = new(RequiredServer.Locate(program), arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["NODE_PATH"] = Path.Combine(folder, "node_modules");
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using CancellationTokenSource limit = new(Limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} took more than {Limit.TotalSeconds} s.");
        }

        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program}: {await error}");
    }
}
