namespace Failover.Aws.Signing;

/// <summary>Signs each request anew, with its <see cref="Keys"/> and the time of that moment.</summary>
/// <param name="region">The region.</param>
/// <param name="service">The service: <c>route53</c>.</param>
/// <param name="time">The clock. AWS takes no request whose time is off by more than five minutes.</param>
internal sealed class SigV4Handler(string region, string service, TimeProvider time) : DelegatingHandler
{
    /// <summary>The option of a request that says what it is signed with.</summary>
    internal static readonly HttpRequestOptionsKey<AwsKeys> Keys = new("Failover.Aws.Keys");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AwsKeys keys = request.Options.TryGetValue(Keys, out AwsKeys? given) ? given : throw new InvalidOperationException("A request has nothing to be signed with.");
        Uri uri = request.RequestUri!;
        string stamp = SigV4.Stamp(time.GetUtcNow());
        List<(string, string)> headers = [("Host", uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port}"), ("X-Amz-Date", stamp)];
        Set(request, "X-Amz-Date", stamp);
        if (keys.Token is { } token)
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
        Set(request, "Authorization", SigV4.Authorization(signed, keys, region, service, stamp));
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}
