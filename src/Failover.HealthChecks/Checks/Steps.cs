using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks;

/// <summary>The steps of one run of a check: how long each took, and at which one it failed, as data of the result.</summary>
internal sealed class Steps(TimeProvider time)
{
    // E_FAIL: what ErrorCode is where a provider has set none.
    private const int NoCode = unchecked((int)0x80004005);
    private const int MostInner = 8;

    private CheckStep _step;
    private long _begun;

    internal Dictionary<string, object> Data { get; } = [];

    /// <summary>Ends the step before, and begins this one.</summary>
    internal void Begin(CheckStep step)
    {
        End();
        (_step, _begun) = (step, time.GetTimestamp());
    }

    internal HealthCheckResult Passed()
    {
        End();
        return HealthCheckResult.Healthy(null, Data);
    }

    /// <summary>The present step says no.</summary>
    /// <param name="context">What the registration calls a failure.</param>
    /// <param name="words">Why, for the log.</param>
    internal HealthCheckResult Failed(HealthCheckContext context, string words) => Failed(context, words, null);

    /// <summary>The present step threw.</summary>
    /// <param name="context">What the registration calls a failure.</param>
    /// <param name="exception">What it threw.</param>
    internal HealthCheckResult Threw(HealthCheckContext context, Exception exception)
    {
        AddCodes(Data, exception);
        return Failed(context, $"failed at {NameOf(_step)}", exception);
    }

    private HealthCheckResult Failed(HealthCheckContext context, string words, Exception? exception)
    {
        End();
        Data["step"] = _step;
        return new(context.Registration.FailureStatus, words, exception, Data);
    }

    /// <summary>Adds what an exception says in codes. They are what tells a cause apart from another; messages may quote secrets.</summary>
    private static void AddCodes(Dictionary<string, object> data, Exception exception)
    {
        int depth = 0;
        for (Exception? one = exception; one is not null && depth < MostInner; one = one.InnerException, depth++)
        {
            switch (one)
            {
                case SocketException socket:
                    data.TryAdd("socketError", socket.SocketErrorCode);
                    break;
                case DbException database:
                    AddCodes(data, database);
                    break;
                case HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http:
                    data.TryAdd("httpError", http.HttpRequestError);
                    break;
            }
        }
    }

    private static void AddCodes(Dictionary<string, object> data, DbException exception)
    {
        if (exception.SqlState is { Length: > 0 and <= 16 } state)
        {
            data.TryAdd("sqlState", state);
        }

        // MySqlConnector and SqlClient show their own numbers here alone, where the provider is not known.
        if ((exception.Data["Server Error Code"] ?? exception.Data["HelpLink.EvtID"]) is { } code)
        {
            data.TryAdd("errorCode", code is string text ? text : Convert.ToInt64(code, System.Globalization.CultureInfo.InvariantCulture));
        }
        else if (exception.ErrorCode != NoCode)
        {
            data.TryAdd("errorCode", exception.ErrorCode);
        }
    }

    internal void End()
    {
        if (_step != CheckStep.None)
        {
            Data[NameOf(_step) + "Ms"] = Math.Round(time.GetElapsedTime(_begun).TotalMilliseconds, 1);
        }
    }

    private static string NameOf(CheckStep step) => step.ToString().ToLowerInvariant();
}
