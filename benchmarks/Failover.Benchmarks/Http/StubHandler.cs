using System.Net;

namespace Failover.Benchmarks.Http;

/// <summary>A server that answers before it is asked: what is left is the cost of the pipeline above it.</summary>
internal sealed class StubHandler : HttpMessageHandler
{
    private readonly Task<HttpResponseMessage> _answer = Task.FromResult(Answer());

    /// <summary>An answer with as many headers as those of a web app behind Kestrel: whoever looks for one more has to pass them.</summary>
    internal static HttpResponseMessage Answer()
    {
        HttpResponseMessage answer = new(HttpStatusCode.OK);
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[
            ("Date", "Thu, 01 Jan 2026 12:00:00 GMT"),
            ("Server", "Kestrel"),
            ("Cache-Control", "no-store"),
            ("Vary", "Accept-Encoding"),
            ("Strict-Transport-Security", "max-age=31536000"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Request-Id", "0HN7Q2V1J3K4L:00000001"),
            ("Transfer-Encoding", "chunked"),
        ])
        {
            answer.Headers.TryAddWithoutValidation(name, value);
        }

        return answer;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _answer;
}
