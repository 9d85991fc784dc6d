using System.Collections.Concurrent;
using System.Diagnostics;

namespace Failover.Samples.Tests;

/// <summary>A sample, run as its users run it: as a program.</summary>
internal sealed class Sample : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly Process _process;

    private Sample(Process process)
    {
        _process = process;
        Keep(process.StandardError);
    }

    /// <summary>What it has printed so far, and was read.</summary>
    internal string Output => string.Join(Environment.NewLine, _output);

    internal static Sample Start(string name, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        string folder = FolderOf(name);
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(folder, name + ".dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Reads its output up to a line that contains <paramref name="text"/>, and returns that line.</summary>
    internal async Task<string> ReadToAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            _output.Enqueue(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The sample ended without a word of '{text}'. It said:{Environment.NewLine}{Output}");
    }

    /// <summary>Presses Enter.</summary>
    internal Task EnterAsync() => _process.StandardInput.WriteLineAsync();

    /// <summary>Reads all of its output, and returns its exit code.</summary>
    internal async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            _output.Enqueue(line);
        }

        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>Beside this project's own output, built in the same way.</summary>
    internal static string FolderOf(string name)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(own.Parent!.Parent!.FullName, name, own.Name);
    }

    private async void Keep(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
        }
    }
}
