namespace Failover.TestServers.Servers;

/// <summary>Where programs of the repository are, that are built beside the tests that start them.</summary>
internal static class TestProgram
{
    /// <summary>Gets the program that runs them.</summary>
    internal static string DotnetHost() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath!
        : "dotnet";

    /// <summary>Gets the folder of the program that runs them, for <c>DOTNET_ROOT</c>.</summary>
    internal static string DotnetFolder()
    {
        string host = DotnetHost();
        FileInfo found = new(Path.IsPathRooted(host) ? host : RequiredServer.Locate(host));
        return Path.GetDirectoryName((found.ResolveLinkTarget(returnFinalTarget: true) ?? found).FullName)!;
    }

    /// <summary>From <c>artifacts/bin/Some.Tests/debug/</c> to <c>artifacts/bin/Failover.TestBackend/debug/</c>.</summary>
    internal static string PathOf(string name)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        string program = Path.Combine(own.Parent!.Parent!.FullName, name, own.Name, $"{name}.dll");
        return File.Exists(program) ? program : throw new InvalidOperationException($"{name} is not built for '{own.Name}'.");
    }
}
