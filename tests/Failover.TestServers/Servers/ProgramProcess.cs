using System.Diagnostics;

namespace Failover.TestServers.Servers;

/// <summary>A program of the repository in a process of its own, that says <c>ready</c> when it is: it can be killed, frozen and stopped. It ends with the test process, however that ends: its standard input does.</summary>
public abstract class ProgramProcess : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<string> _output = [];
    private readonly Process _process;
    private readonly Task _reading;

    private protected ProgramProcess(string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string folder = "")
    {
        Name = name;
        ProcessStartInfo start = new(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }

        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>Gets what it is called.</summary>
    public string Name { get; }

    /// <summary>Gets what it has said.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_output)
            {
                return [.. _output];
            }
        }
    }

    /// <summary>Gets that, as one text.</summary>
    public string Log => string.Join('\n', Output);

    /// <summary>Stops it with SIGSTOP. On Linux each of its threads has stopped when this returns.</summary>
    public void Freeze() => Signals.Freeze(_process.Id);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signals.Thaw(_process.Id);

    /// <summary>Ends it at once, with SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, with SIGTERM, as a service manager does; returns at once.</summary>
    public void Terminate() => Signals.Terminate(_process.Id);

    /// <summary>Waits until it has ended.</summary>
    public Task EndAsync() => _process.WaitForExitAsync().WaitAsync(Limit);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reading;
        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits until a program that was started is ready; one that does not become so leaves nothing behind.</summary>
    private protected static async Task<T> ReadyAsync<T>(T program)
        where T : ProgramProcess
    {
        try
        {
            return await Waiting.ForAsync(
                () => Task.FromResult(program.Output.Contains("ready") ? program : program._process.HasExited ? throw new InvalidOperationException(program.Log) : null),
                Pace, Limit, () => $"{program.Name} to be ready: {program.Log}");
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.Add(line);
            }
        }
    }
}
