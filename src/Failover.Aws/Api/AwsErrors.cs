using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;

namespace Failover.Aws.Api;

/// <summary>Reads what AWS says of a call that failed. Pure.</summary>
internal static class AwsErrors
{
    private const int MaxMessage = 300;

    private static readonly TimeSpan SkewToTell = TimeSpan.FromMinutes(1);

    /// <summary>Makes the fault of an answer that is none of success.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="body">Its body; null if it is no XML.</param>
    /// <param name="skew">By how much the clock of AWS is ahead of ours; null if it told no time.</param>
    internal static AwsException Of(HttpStatusCode status, XDocument? body, TimeSpan? skew)
    {
        (string? code, string message) = Read(body);
        AwsFault fault = (code, (int)status) switch
        {
            ("Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "PriorRequestNotComplete" or "SlowDown", _) or (_, 429) => AwsFault.Throttled,
            (_, >= 500) => AwsFault.Unknown,
            ("InvalidChangeBatch", _) => AwsFault.InvalidBatch,
            ("HealthCheckVersionMismatch", _) => AwsFault.VersionMismatch,
            ("NoSuchHostedZone" or "NoSuchHealthCheck" or "NoSuchChange" or "DBClusterNotFoundFault" or "DBInstanceNotFound" or "DBInstanceNotFoundFault", _) => AwsFault.NotFound,
            (_, 401 or 403) or ("IncompleteSignature" or "InvalidClientTokenId" or "MissingAuthenticationToken" or "ExpiredToken" or "RequestExpired", _) => AwsFault.Denied,
            _ => AwsFault.Refused,
        };
        string told = code is null ? $"it answered {(int)status}" : $"{code} ({(int)status}){(Meaning(code, message, skew) is { } meaning ? $": {meaning}" : "")}";

        // Of a batch Route 53 tells all that is wrong, and this may come late in a message that is cut.
        return new(fault, told, code) { IsNotPermitted = fault == AwsFault.InvalidBatch && message.Contains("not permitted", StringComparison.Ordinal) };
    }

    /// <summary>Makes the fault of a request that got no answer.</summary>
    internal static AwsException Of(Exception error, TimeSpan limit)
    {
        if (error is OperationCanceledException)
        {
            return new(AwsFault.Unknown, $"no answer within {limit.TotalSeconds:0.#} s");
        }

        HttpRequestError kind = error is HttpRequestException http ? http.HttpRequestError : HttpRequestError.Unknown;
        bool isUnsent = kind is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
        string why = error.GetType().Name;
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket)
            {
                why = socket.SocketErrorCode.ToString();
            }
        }

        return new(isUnsent ? AwsFault.Unreachable : AwsFault.Unknown, isUnsent ? $"it could not be reached ({(kind == HttpRequestError.ConnectionError ? why : kind.ToString())})" : $"the connection broke ({why})");
    }

    /// <summary>Both shapes: an ErrorResponse with an Error in it, and a root that is the error itself with a list of messages.</summary>
    private static (string? Code, string Message) Read(XDocument? body)
    {
        if (body?.Root is not { } root)
        {
            return (null, "");
        }

        if (root.Elements().FirstOrDefault(static element => element.Name.LocalName == "Messages") is { } messages)
        {
            return (root.Name.LocalName, string.Join("; ", messages.Elements().Select(static message => message.Value.Trim())));
        }

        XElement error = root.Elements().FirstOrDefault(static element => element.Name.LocalName == "Error") ?? root;
        return (Child(error, "Code") is { Length: > 0 and <= 100 } code && code.All(static one => char.IsAsciiLetterOrDigit(one) || one == '.') ? code : null, Child(error, "Message") ?? "");
    }

    /// <summary>What a code means, in words. What AWS says of a signature quotes the request, its session token too: that is never shown.</summary>
    private static string? Meaning(string code, string message, TimeSpan? skew)
    {
        string clock = skew is { } ahead && ahead.Duration() >= SkewToTell
            ? string.Create(CultureInfo.InvariantCulture, $"the clock of this machine is {ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "behind" : "ahead of")} that of AWS, which takes 300 s")
            : "";
        return code switch
        {
            "SignatureDoesNotMatch" or "RequestExpired" or "RequestTimeTooSkewed" or "InvalidSignatureException" => clock.Length > 0 ? clock : "the secret does not belong to the key, or something on the way changes requests",
            "InvalidClientTokenId" or "UnrecognizedClientException" => "AWS does not know the key",
            "ExpiredToken" or "ExpiredTokenException" => "the session of the credentials is over",
            "MissingAuthenticationToken" or "IncompleteSignature" => "the request came unsigned",
            _ => message.Length > 0 ? Bounded(message) : null,
        };
    }

    private static string? Child(XElement element, string name) => element.Elements().FirstOrDefault(child => child.Name.LocalName == name)?.Value.Trim();

    private static string Bounded(string text)
    {
        string line = new([.. text.Take(MaxMessage).Select(static one => char.IsControl(one) ? ' ' : one)]);
        return text.Length > MaxMessage ? line + "…" : line;
    }
}
