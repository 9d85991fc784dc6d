namespace Failover.Aws.Signing;

/// <summary>Signs each request anew, with the keys and the time of that moment.</summary>
/// <param name="keys">Gives the keys.</param>
/// <param name="region">The region.</param>
/// <param name="service">The service: <c>route53</c>.</param>
/// <param name="time">The clock. AWS takes no request whose time is off by more than five minutes.</param>
internal sealed class SigV4Handler(IAwsKeySource keys, string region, string service, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AwsKeys now = await keys.GetAsync(cancellationToken).ConfigureAwait(false);
        Uri uri = request.RequestUri!;
        string stamp = SigV4.Stamp(time.GetUtcNow());
        List<(string, string)> headers = [("Host", uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port}"), ("X-Amz-Date", stamp)];
        Set(request, "X-Amz-Date", stamp);
        if (now.Token is { } token)
        {
            headers.Add(("X-Amz-Security-Token", token));
            Set(request, "X-Amz-Security-Token", token);
        }

        ReadOnlyMemory<byte> body = default;
        if (request.Content is { } content)
        {
            body = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            headers.Add(("Content-Type", content.Headers.ContentType!.ToString()));
        }

        SignedRequest signed = new(request.Method.Method, uri.AbsolutePath, uri.Query.TrimStart('?'), headers, body);
        Set(request, "Authorization", SigV4.Authorization(signed, now, region, service, stamp));
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}
