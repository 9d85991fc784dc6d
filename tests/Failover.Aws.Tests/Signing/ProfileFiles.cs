using System.Runtime.CompilerServices;

namespace Failover.Aws.Tests.Signing;

/// <summary>Keeps the tests from the profiles of who runs them. The SDK reads the files once, so they come before anything else.</summary>
internal static class ProfileFiles
{
    /// <summary>A profile that nobody takes who does not name it.</summary>
    internal const string Profile = "failover-tests";

    internal static DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("failover-");

#pragma warning disable CA2255 // This is a program: the tests.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Point()
    {
        File.WriteAllText(Path.Combine(Folder.FullName, "credentials"), $"[{Profile}]\naws_access_key_id = AKIAFILE\naws_secret_access_key = of-file\n");
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(Folder.FullName, "credentials"));
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", Path.Combine(Folder.FullName, "config"));
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Folder.Delete(recursive: true);
    }
}
