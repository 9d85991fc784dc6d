using System.Runtime.CompilerServices;

namespace Failover.Aws.Tests.Signing;

/// <summary>Keeps the tests from the profiles of who runs them. The SDK looks up once where the files are, so that comes before anything else.</summary>
internal static class ProfileFiles
{
    internal static DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("failover-");

#pragma warning disable CA2255 // This is a program: the tests.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Point()
    {
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(Folder.FullName, "credentials"));
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", Path.Combine(Folder.FullName, "config"));
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Folder.Delete(recursive: true);
    }
}
