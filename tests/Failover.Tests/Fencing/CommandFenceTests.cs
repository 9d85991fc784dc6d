using System.Globalization;
using Failover.Tests.Groups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Failover.Tests.Fencing;

/// <summary>Real commands of the system: <c>sh</c> stands for the program that fences, with a script as one of its arguments.</summary>
public sealed class CommandFenceTests : IDisposable
{
    private static readonly FenceRequest Request = new("site", "pg-a", new Uri("tcp://10.1.2.3:5432"), 7);

    private readonly FakeLogCollector _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly string _folder = Directory.CreateTempSubdirectory("fence").FullName;

    public CommandFenceTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(_log)).SetMinimumLevel(LogLevel.Debug));

    public void Dispose()
    {
        _loggers.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [UnixFact]
    public async Task The_command_gets_its_arguments_filled_and_no_shell_reads_them()
    {
        string told = Path.Combine(_folder, "told");
        FenceResult result = await FenceAsync("printf '%s\\n' \"$@\" > \"$0\"", [told, "--ip={host}:{port}", "{target} for {resource}; rm -rf / $(id)", "{token}", "a b"]);

        Assert.Equal(new(true, "the command ended with 0"), result);
        Assert.Equal(["--ip=10.1.2.3:5432", "pg-a for site; rm -rf / $(id)", "7", "a b"], await File.ReadAllLinesAsync(told));
    }

    [UnixFact]
    public async Task An_exit_code_other_than_zero_is_a_failure_however_much_the_command_tells()
    {
        FenceResult result = await FenceAsync("head -c 1000000 /dev/zero | tr '\\0' x; head -c 1000000 /dev/zero | tr '\\0' y >&2; exit 3", []);

        Assert.Equal(new(false, "the command ended with 3"), result);
        Assert.Contains(_log.GetSnapshot(), one => one.Id.Name == "NotFenced");
    }

    [UnixFact]
    public async Task A_command_that_takes_too_long_is_killed_with_all_that_it_started()
    {
        string child = Path.Combine(_folder, "child");
        FenceResult result = await FenceAsync("sleep 600 & echo $! > \"$0\"; wait", [child], TimeSpan.FromSeconds(1));

        Assert.Equal(new(false, "the command was killed after 00:00:01"), result);
        int pid = int.Parse(await File.ReadAllTextAsync(child), CultureInfo.InvariantCulture);
        await Until.True(() => !IsRunning(pid));
    }

    [UnixFact]
    public async Task A_command_is_killed_when_the_lease_is_lost()
    {
        using CancellationTokenSource lost = new();
        string begun = Path.Combine(_folder, "begun");
        Task<FenceResult> fencing = FenceAsync("touch \"$0\"; sleep 600", [begun], token: lost.Token);
        await Until.True(() => File.Exists(begun));

        await lost.CancelAsync();

        Assert.Equal(new(false, "the command was killed: the lease was lost, or the app stops"), await Until.Ends(fencing));
    }

    [UnixFact]
    public async Task A_dry_run_only_says_what_would_be_done_and_what_may_be_a_password_is_not_logged()
    {
        string told = Path.Combine(_folder, "told");
        CommandFenceOptions options = new() { FileName = "sh", DryRun = true };
        foreach (string argument in new[] { "-c", $"touch {told}", "--password", "hunter2", "--ip={host}" })
        {
            options.Arguments.Add(argument);
        }

        FenceResult result = await new CommandFence(options, TimeProvider.System, _loggers).FenceAsync(Request, CancellationToken.None);

        Assert.Equal(new(true, "dry run: nothing was fenced"), result);
        Assert.False(File.Exists(told));
        Assert.Equal("Dry run: pg-a would be fenced for site: sh … … … … --ip=10.1.2.3", Assert.Single(_log.GetSnapshot()).Message);
    }

    [Fact]
    public void What_is_wrong_with_a_command_is_told_when_it_is_made()
    {
        CommandFenceOptions options = new() { FileName = "/usr/sbin/no-such-fence", Timeout = TimeSpan.Zero };
        options.Arguments.Add("--ip={hots}");

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new CommandFence(options, TimeProvider.System, _loggers));

        Assert.Equal(
            [
                "CommandFenceOptions:FileName (/usr/sbin/no-such-fence) must be a program that is there.",
                "CommandFenceOptions:Timeout (00:00:00) must be from 00:00:01 to 00:10:00.",
                "CommandFenceOptions:Arguments:0 holds {hots}, which is not known; known are {resource}, {target}, {host}, {port}, {token}.",
            ],
            refused.Failures);
        Assert.Equal(
            ["CommandFenceOptions:FileName is missing: it must be the program that fences, like /usr/sbin/fence_ipmilan."],
            Assert.Throws<OptionsValidationException>(() => new CommandFence(new(), TimeProvider.System, _loggers)).Failures);
    }

    private async Task<FenceResult> FenceAsync(string script, string[] arguments, TimeSpan? timeout = null, CancellationToken token = default)
    {
        CommandFenceOptions options = new() { FileName = "sh", Timeout = timeout ?? TimeSpan.FromSeconds(30) };
        foreach (string argument in arguments.Prepend(script).Prepend("-c"))
        {
            options.Arguments.Add(argument);
        }

        return await new CommandFence(options, TimeProvider.System, _loggers).FenceAsync(Request, token);
    }

    private static bool IsRunning(int pid)
    {
        try
        {
            // A zombie is dead: nobody has asked for its end yet.
            string status = File.ReadAllText($"/proc/{pid}/stat");
            return status[(status.LastIndexOf(')') + 2)..][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private sealed class UnixFactAttribute : FactAttribute
    {
        public UnixFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Its commands are those of Linux.";
    }
}
