using Failover.TestServers.Servers;

namespace Failover.TestServers.Dns;

/// <summary>A real server with the files of a test, such as those that a page shows.</summary>
public sealed class ConfiguredServer : LoopbackServer
{
    private readonly Func<string, int, Dictionary<string, string>> _files;

    private ConfiguredServer(string readyWords, IReadOnlyList<string> command, Func<string, int, Dictionary<string, string>> files) =>
        (ReadyWords, Command, _files) = (readyWords, command, files);

    /// <inheritdoc/>
    protected override string ReadyWords { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command { get; }

    /// <summary>Starts a server in a folder of its own.</summary>
    /// <param name="readyWords">What it logs when it takes connections.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="files">Its files by name, for its folder and port.</param>
    public static Task<ConfiguredServer> StartAsync(string readyWords, IReadOnlyList<string> command, Func<string, int, Dictionary<string, string>> files) =>
        StartedAsync(new ConfiguredServer(readyWords, command, files));

    /// <summary>Runs a program to its end, and returns what it said.</summary>
    public static new Task<string> RunAsync(params string[] command) => LoopbackServer.RunAsync(command);

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        foreach ((string name, string text) in _files(Folder, Port))
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, name), text);
        }
    }
}
