using System.Runtime.InteropServices;
using Failover.TestServers.Servers;
using Microsoft.Win32.SafeHandles;

namespace Failover.TestServers.Network;

/// <summary>What can be done on a <see cref="NetworkHost"/>.</summary>
public static partial class NetworkHostExtensions
{
    private const int NetworkNamespace = 0x40000000;

    /// <summary>Runs a program on the host to its end, and returns what it said.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static Task<string> RunAsync(this NetworkHost host, string program, params string[] arguments) =>
        LoopbackServer.RunAsync([.. host.Prefix, RequiredServer.Locate(program), .. arguments]);

    /// <summary>Runs code of this process on the host, on a thread that ends with it. Sockets that it opens stay there, whoever uses them.</summary>
    /// <exception cref="InvalidOperationException">The thread could not go there.</exception>
    public static T Inside<T>(this NetworkHost host, Func<T> code)
    {
        TaskCompletionSource<T> result = new();
        Thread thread = new(() =>
        {
            try
            {
                using SafeFileHandle place = File.OpenHandle($"/run/netns/{host.Prefix[^1]}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                if (setns(place, NetworkNamespace) != 0)
                {
                    throw new InvalidOperationException($"setns: {Marshal.GetLastPInvokeErrorMessage()}");
                }

                result.SetResult(code());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        thread.Start();
        thread.Join();
        return result.Task.GetAwaiter().GetResult();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(SafeFileHandle place, int kind);
}
