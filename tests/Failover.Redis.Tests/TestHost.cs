using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Failover.Redis.Tests;

/// <summary>What the process of the tests needs to be like that of an app.</summary>
internal static class TestHost
{
    /// <summary>
    /// The test host keeps two threads of the thread pool for itself, which is all that it has at once on two processors. Others come half a second later each: until then nothing that waits goes on, and a multiplexer that is told to leave a connection does not.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries", Justification = "Nobody refers to the tests.")]
    internal static void GiveThreads() => ThreadPool.SetMinThreads(16, 16);
}
