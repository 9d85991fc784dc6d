using System.Net;
using System.Net.Http;

namespace Failover.Kubernetes.Api;

/// <summary>
/// Reads each answer to its end, up to a bound and for as long as the ask may last, before the client sees it: the client itself reads without either, and blocks a thread over it. Of a watch, which has no end, each line is bounded.
/// </summary>
internal sealed class AnswerBounds : DelegatingHandler
{
    internal const int MaxBytes = 256 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            if (response.IsSuccessStatusCode && request.RequestUri!.Query.Contains("watch=true", StringComparison.Ordinal))
            {
                response.Content = new StreamContent(new BoundedLines(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false)));
            }
            else
            {
                await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken).ConfigureAwait(false);
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
