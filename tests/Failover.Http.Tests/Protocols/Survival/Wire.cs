using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>What is spoken between client and server.</summary>
public enum Wire
{
    /// <summary>HTTP/1.1 in clear.</summary>
    Http1,

    /// <summary>HTTP/1.1 with TLS.</summary>
    Http1Tls,

    /// <summary>HTTP/2 in clear, known beforehand.</summary>
    Http2,

    /// <summary>HTTP/2 with TLS, agreed on in the handshake with a server that speaks HTTP/1.1 too.</summary>
    Http2Tls,
}

internal static class WireExtensions
{
    internal static bool IsHttp2(this Wire wire) => wire is Wire.Http2 or Wire.Http2Tls;

    internal static bool HasTls(this Wire wire) => wire is Wire.Http1Tls or Wire.Http2Tls;

    internal static Version Version(this Wire wire) => wire.IsHttp2() ? HttpVersion.Version20 : HttpVersion.Version11;

    internal static HttpProtocols Protocols(this Wire wire) => wire switch
    {
        Wire.Http2 => HttpProtocols.Http2,
        Wire.Http2Tls => HttpProtocols.Http1AndHttp2,
        _ => HttpProtocols.Http1,
    };
}
