using System.Globalization;
using Failover.Http.Replay;

namespace Failover.Http.Telemetry;

/// <summary>
/// What the tag <c>error.type</c> says of an attempt: what .NET writes on the attempt's own span, so that the two can be laid beside each other. Few values: the attempts that are told of here got 502, 503 or 504, or an exception that the
/// transport throws.
/// </summary>
internal static class ErrorTypes
{
    /// <summary>We ended the attempt. On its own span stands the exception that this made: a cancellation, like the caller's.</summary>
    internal const string Abandoned = "abandoned";

    internal static string Of(AttemptFault fault, HttpResponseMessage? response, Exception? error) => error switch
    {
        _ when fault == AttemptFault.Abandoned => Abandoned,
        null => ((int?)response?.StatusCode)?.ToString(CultureInfo.InvariantCulture) ?? HttpTags.Other,
        HttpRequestException request => Of(request.HttpRequestError) ?? request.GetType().FullName!,
        _ => error.GetType().FullName!,
    };

    private static string? Of(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "name_resolution_error",
        HttpRequestError.ConnectionError => "connection_error",
        HttpRequestError.SecureConnectionError => "secure_connection_error",
        HttpRequestError.HttpProtocolError => "http_protocol_error",
        HttpRequestError.ExtendedConnectNotSupported => "extended_connect_not_supported",
        HttpRequestError.VersionNegotiationError => "version_negotiation_error",
        HttpRequestError.UserAuthenticationError => "user_authentication_error",
        HttpRequestError.ProxyTunnelError => "proxy_tunnel_error",
        HttpRequestError.InvalidResponse => "invalid_response",
        HttpRequestError.ResponseEnded => "response_ended",
        HttpRequestError.ConfigurationLimitExceeded => "configuration_limit_exceeded",
        _ => null,
    };
}
