namespace Quickstart.Load;

/// <summary>Stands below the failover handler, where each attempt is seen, and writes them down. It changes nothing.</summary>
internal sealed class AttemptCounter(LoadLog log) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string authority = request.RequestUri!.Authority;
        int phase = log.Phase;
        TimeSpan sent = log.Now;
        bool answered = false;
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            answered = response.IsSuccessStatusCode;
            return response;
        }
        finally
        {
            log.Attempts.Enqueue(new(authority, phase, sent, log.Now, answered));
        }
    }
}
