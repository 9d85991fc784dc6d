using System.Data.Common;
using System.Net.Sockets;

namespace Failover.HealthChecks.Evaluation;

/// <summary>What is told of an exception. It may be anybody's, and what it overrides may throw.</summary>
internal static class CheckError
{
    private const int MaxDepth = 8;

    /// <summary>Its type, and a code where it bears one: <c>NpgsqlException (ConnectionRefused)</c>. Holds no word of anybody's, and so no secret.</summary>
    internal static string Of(Exception exception)
    {
        Exception told = exception is AggregateException { InnerException: { } inner } ? inner : exception;
        string? code = Chain(told).Select(Code).FirstOrDefault(one => one is not null);
        return code is null ? told.GetType().Name : $"{told.GetType().Name} ({code})";
    }

    /// <summary>Its messages, from the outermost to the cause. They may quote secrets.</summary>
    internal static string Messages(Exception exception)
    {
        string all = "";
        foreach (string message in Chain(exception).Select(Message))
        {
            // Many an exception quotes its cause already.
            all = all.Length == 0 ? message : all.Contains(message, StringComparison.Ordinal) ? all : $"{all.TrimEnd('.')}: {message}";
        }

        return all;
    }

    /// <summary>Where it was thrown.</summary>
    internal static string? Place(Exception exception)
    {
        try
        {
            return Chain(exception).Last().StackTrace;
        }
#pragma warning disable CA1031 // See above.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        Exception? one = exception;
        for (int depth = 0; one is not null && depth < MaxDepth; depth++, one = one.InnerException)
        {
            yield return one;
        }
    }

    private static string Message(Exception exception)
    {
        try
        {
            return exception.Message ?? "";
        }
#pragma warning disable CA1031 // See above.
        catch (Exception)
#pragma warning restore CA1031
        {
            return "";
        }
    }

    private static string? Code(Exception exception)
    {
        try
        {
            return exception switch
            {
                SocketException socket => socket.SocketErrorCode.ToString(),
                HttpRequestException { StatusCode: { } status } => ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture),
                HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } when exception.InnerException is not SocketException => error.ToString(),
                DbException { SqlState: { Length: 5 } state } when state.All(char.IsAsciiLetterOrDigit) => state,
                _ => null,
            };
        }
#pragma warning disable CA1031 // See above.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
