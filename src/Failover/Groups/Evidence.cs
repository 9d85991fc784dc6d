using System.Globalization;
using System.Net.Sockets;

namespace Failover.Groups;

/// <summary>What may be told of an exception: its type and the socket's error code, never its message, which may hold a secret; but for those of our own that bear none.</summary>
internal static class Evidence
{
    private const int MaxDepth = 8;

    internal static string Of(Exception exception)
    {
        if (exception is SwitchReadException or LeaseStoreException)
        {
            // Made to be told.
            return exception.Message;
        }

        Exception? inner = exception;
        for (int depth = 0; inner is not null && depth < MaxDepth; depth++, inner = inner.InnerException)
        {
            if (inner is SocketException socket)
            {
                return $"{exception.GetType().Name} ({socket.SocketErrorCode})";
            }
        }

        return exception.GetType().Name;
    }

    internal static string NoAnswerWithin(TimeSpan timeout) => string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.###} s");

    internal static ProbeResult ToResult(Exception exception, TimeSpan timeout) =>
        exception is OperationCanceledException or TimeoutException ? ProbeResult.Timeout(NoAnswerWithin(timeout)) : ProbeResult.Failure(Of(exception));
}
