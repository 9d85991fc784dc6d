using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using k8s;
using k8s.Autorest;

namespace Failover.Kubernetes.Api;

/// <summary>What may be told of an ask that failed: codes and our own words. What a server says may hold anything, and the client puts all of it into its exceptions.</summary>
internal static class ApiFault
{
    internal static HttpStatusCode? StatusOf(Exception exception) => exception switch
    {
        HttpOperationException { Response: { } response } => response.StatusCode,

        // As an event of a watch.
        KubernetesException { Status.Code: { } code } => (HttpStatusCode)code,
        _ => null,
    };

    /// <summary>How long the server asks to be left alone; null if it does not.</summary>
    internal static TimeSpan? RetryAfter(Exception exception)
    {
        if (exception is not HttpOperationException { Response: { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } response })
        {
            return null;
        }

        string? value = response.Headers.FirstOrDefault(static header => header.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <param name="exception">What the client threw.</param>
    /// <param name="verb">What was asked for, as rights are called.</param>
    /// <param name="space">The namespace.</param>
    internal static string Evidence(Exception exception, string verb, string space) => StatusOf(exception) switch
    {
        HttpStatusCode.Unauthorized => "the API server does not accept the credentials (401)",
        HttpStatusCode.Forbidden => $"the API server does not allow to {verb} leases in the namespace {space} (403): the rights get, create, update and watch are needed",
        HttpStatusCode.NotFound when verb == "create" => $"the API server does not know the namespace {space}, or leases (404)",
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => $"the API server refuses to {verb} the lease as invalid ({(int)StatusOf(exception)!})",
        HttpStatusCode.TooManyRequests => RetryAfter(exception) is { } pause ? $"the API server is too busy, and asks to wait {pause.TotalSeconds} s (429)" : "the API server is too busy (429)",
        { } other => $"the API server answered {(int)other} to {verb}",
        null => Unanswered(exception, verb),
    };

    private static string Unanswered(Exception exception, string verb) => exception switch
    {
        HttpRequestException failed => $"the API server was not reached, or did not answer ({SocketError(failed)?.ToString() ?? failed.HttpRequestError.ToString()})",
        JsonException or FormatException or InvalidDataException or NotSupportedException => $"what the API server answered to {verb} is no lease",
        IOException or EndOfStreamException => $"the API server broke off its answer to {verb}",
        OperationCanceledException => $"the API server did not answer to {verb} in time",
        _ => $"to {verb} a lease failed ({exception.GetType().Name})",
    };

    private static SocketError? SocketError(Exception? exception)
    {
        for (int depth = 0; exception is not null && depth < 8; depth++, exception = exception.InnerException)
        {
            if (exception is SocketException socket)
            {
                return socket.SocketErrorCode;
            }
        }

        return null;
    }
}
