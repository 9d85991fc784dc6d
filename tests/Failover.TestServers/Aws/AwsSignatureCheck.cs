using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Failover.TestServers.Aws;

/// <summary>Verifies signatures of version 4 by what came over the wire. Shares no code with who signs.</summary>
internal static class AwsSignatureCheck
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Returns who signed a request.</summary>
    /// <exception cref="AwsRefusal">Nobody, or not well.</exception>
    internal static AwsIdentity Verify(AwsCall call, IReadOnlyDictionary<string, AwsIdentity> identities, string region, string service, DateTimeOffset now)
    {
        if (call["Authorization"] is not { } authorization || !authorization.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal))
        {
            throw AwsRefusal.Of(403, "MissingAuthenticationToken", "Missing Authentication Token");
        }

        Dictionary<string, string> fields = authorization["AWS4-HMAC-SHA256 ".Length..].Split(',').Select(static field => field.Trim().Split('=', 2)).ToDictionary(static field => field[0], static field => field[1]);
        string[] credential = fields["Credential"].Split('/');
        if (!identities.TryGetValue(credential[0], out AwsIdentity? identity) || (identity.Token is not null && call["X-Amz-Security-Token"] != identity.Token))
        {
            throw AwsRefusal.Of(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
        }

        string stamp = call["X-Amz-Date"] ?? throw Mismatch("the request has no X-Amz-Date");
        string[] scope = [stamp[..8], region, service, "aws4_request"];
        if (!scope.SequenceEqual(credential.Skip(1)))
        {
            throw Mismatch($"Credential should be scoped to a valid region and service: {string.Join('/', scope)}, not {string.Join('/', credential.Skip(1))}");
        }

        string[] signed = fields["SignedHeaders"].Split(';');
        if (!signed.Order(StringComparer.Ordinal).SequenceEqual(signed) || !signed.Contains("host")
            || call.Headers.Any(header => header.Name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !signed.Contains(header.Name.ToLowerInvariant())))
        {
            throw Mismatch("'Host' and each header of AWS must be a 'SignedHeader'");
        }

        if (!CryptographicOperations.FixedTimeEquals(Convert.FromHexString(fields["Signature"]), Signature(call, identity.Secret, stamp, scope, signed)))
        {
            throw Mismatch($"The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been '{Canonical(call, signed)}'");
        }

        DateTimeOffset at = DateTimeOffset.ParseExact(stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return (now - at).Duration() <= Tolerance ? identity : throw Mismatch($"Signature {(at < now ? "expired" : "not yet current")}: {stamp} is now {(at < now ? "earlier" : "later")} than the {Tolerance.TotalMinutes:0} min. around {now:yyyyMMddTHHmmssZ}");
    }

    private static AwsRefusal Mismatch(string message) => AwsRefusal.Of(403, "SignatureDoesNotMatch", message);

    private static byte[] Signature(AwsCall call, string secret, string stamp, string[] scope, string[] signed)
    {
        string text = string.Join('\n', "AWS4-HMAC-SHA256", stamp, string.Join('/', scope), Hash(Encoding.UTF8.GetBytes(Canonical(call, signed))));
        return Mac(scope.Aggregate(Encoding.UTF8.GetBytes($"AWS4{secret}"), Mac), text);
    }

    private static string Canonical(AwsCall call, string[] signed)
    {
        StringBuilder text = new($"{call.Method}\n");
        text.Append(call.Path.Replace("%", "%25", StringComparison.Ordinal)).Append('\n');
        text.AppendJoin('&', call.Query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static pair => pair.Contains('=', StringComparison.Ordinal) ? pair : $"{pair}=").Order(StringComparer.Ordinal)).Append('\n');
        foreach (string name in signed)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}:{call[name]?.Trim()}\n");
        }

        return text.Append('\n').AppendJoin(';', signed).Append('\n').Append(call["X-Amz-Content-SHA256"] ?? Hash(call.Body)).ToString();
    }

    private static byte[] Mac(byte[] key, string text)
    {
        using HMACSHA256 mac = new(key);
        return mac.ComputeHash(Encoding.UTF8.GetBytes(text));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();
}
