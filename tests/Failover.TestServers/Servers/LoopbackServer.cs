using System.Diagnostics;
using System.Globalization;
using Failover.Scenarios.Servers;

namespace Failover.TestServers.Servers;

/// <summary>
/// A real server of Debian's packages in a process of its own, on a free port of the loopback and in a scratch folder: it can be killed, frozen and started again on its port. It ends with the test process, however that ends.
/// </summary>
public abstract class LoopbackServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    // A shell stands between: its input ends with the test process, and then so do the server and its folder. What the server began and let go
    // of (Patroni its postmaster) is known by its working folder.
    private const string Guard = """
        log=$1 signal=$2 folder=$3; shift 3
        (cd "$folder" && exec "$@") </dev/null >"$log" 2>&1 & server=$!
        echo $server
        read -r word; [ "$word" = leave ] && exit
        kill -CONT $server 2>/dev/null; kill -$signal $server 2>/dev/null
        for i in 1 2 3 4 5 6 7 8 9 10; do [ "$signal" != KILL ] && kill -0 $server 2>/dev/null && sleep 0.5; done
        kill -KILL $server 2>/dev/null; wait $server 2>/dev/null
        for left in $(find /proc -maxdepth 2 -name cwd -lname "$folder*" 2>/dev/null | cut -d / -f 3); do kill -KILL $left 2>/dev/null; done
        [ "$word" = end ] || rm -rf "$folder"
        """;

    private readonly PortReservation _port;
    private Process? _guard;
    private int _processId;
    private int _starts;

    /// <summary>Makes one that is to listen on a free port.</summary>
    protected LoopbackServer()
        : this(new PortReservation())
    {
    }

    private protected LoopbackServer(PortReservation port) => _port = port;

    /// <summary>Gets the port; it stays the same when the server is started again.</summary>
    public int Port => _port.Port;

    /// <summary>Gets whether the server was started, and not killed since.</summary>
    public bool IsRunning => _guard is not null;

    /// <summary>Gets the scratch folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("failover-server-").FullName;

    /// <summary>Gets the user that the server runs as, if the tests run as root and the server refuses to; null for the tests' own.</summary>
    protected virtual string? User => null;

    /// <summary>Gets the signal that ends the server at once, with all its processes.</summary>
    protected virtual string EndSignal => "KILL";

    /// <summary>Gets what the server logs when it takes connections.</summary>
    protected abstract string ReadyWords { get; }

    /// <summary>Gets what the server said since it was started last.</summary>
    protected internal string LastLog => LogOf(Path.Combine(Folder, $"server-{_starts}.log"));

    /// <summary>Gets the process that was started.</summary>
    protected int ProcessId => _processId;

    /// <summary>Gets the program and its arguments.</summary>
    protected abstract IReadOnlyList<string> Command { get; }

    /// <summary>Makes the folder what the server needs at its first start.</summary>
    protected abstract Task PrepareAsync();

    /// <summary>Starts the server again on its port, with what is in its folder, after <see cref="KillAsync"/>; or after only the process that was started ended, beside what that left running.</summary>
    public async Task StartAgainAsync()
    {
        Process? before = _guard;
        if (before is not null && Signals.IsAlive(_processId))
        {
            throw new InvalidOperationException($"{Command[0]} runs already.");
        }

        string log = Path.Combine(Folder, $"server-{++_starts}.log");
        Process guard = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Guard, "guard", log, EndSignal, Folder, .. As(User), .. Command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        _guard = guard;
        if (before is not null)
        {
            await LeaveAsync(before);
        }

        using CancellationTokenSource limit = new(StartLimit);
        _processId = int.Parse((await guard.StandardOutput.ReadLineAsync(limit.Token))!, CultureInfo.InvariantCulture);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        while (!LogOf(log).Contains(ReadyWords, StringComparison.Ordinal))
        {
            if (!Signals.IsAlive(_processId) && !OperatingSystem.IsMacOS())
            {
                throw new InvalidOperationException($"{Command[0]} did not start: {LogOf(log)}");
            }

            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Ends the server at once, with all its processes, as SIGKILL does.</summary>
    public Task KillAsync() => EndAsync(Kill);

    /// <summary>Stops the server with SIGSTOP: its sockets stay open, and nothing answers. Connections are taken by the kernel.</summary>
    public virtual void Freeze() => Signals.Freeze(_processId);

    /// <summary>Lets a frozen server go on.</summary>
    public virtual void Thaw() => Signals.Thaw(_processId);

    /// <summary>Ends the server and deletes its folder; a second time it does nothing.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await EndAsync(Thaw);
        _port.Dispose();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Ends all processes of the server at once.</summary>
    protected virtual void Kill() => Signals.Kill(_processId);

    /// <summary>Starts a server for the first time; one that cannot start leaves nothing behind.</summary>
    protected static async Task<T> StartedAsync<T>(T server)
        where T : LoopbackServer
    {
        try
        {
            await server.PrepareAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program to its end, and returns what it said.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    protected internal static Task<string> RunAsync(params string[] command) => RunWithInputAsync("", command);

    /// <summary>Runs a program, which is told something on its standard input, to its end, and returns what it said.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    protected internal static async Task<string> RunWithInputAsync(string input, params string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        using CancellationTokenSource limit = new(StartLimit);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        string errors = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {await output} {errors}");
        }

        return await output;
    }

    /// <summary>What to put before a command so that it runs as a user; nothing if that is the tests' own.</summary>
    protected internal static string[] As(string? user) => user is null ? [] : [RequiredServer.Locate("setpriv"), $"--reuid={user}", $"--regid={user}", "--init-groups"];

    /// <summary>Ends a guard, but not what it guards: another does from now on.</summary>
    private static async Task LeaveAsync(Process guard)
    {
        await guard.StandardInput.WriteLineAsync("leave");
        guard.StandardInput.Close();
        await guard.WaitForExitAsync();
        guard.Dispose();
    }

    private async Task EndAsync(Action how)
    {
        if (_guard is { } guard)
        {
            _guard = null;
            how();
            await guard.StandardInput.WriteLineAsync("end");
            guard.StandardInput.Close();
            await guard.WaitForExitAsync();
            guard.Dispose();
        }
    }

    private static string LogOf(string path)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
