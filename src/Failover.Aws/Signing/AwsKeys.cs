namespace Failover.Aws.Signing;

/// <summary>What a request is signed with. No record: a record's text would show the secret.</summary>
/// <param name="accessKey">Which key: no secret.</param>
/// <param name="secret">The secret.</param>
/// <param name="token">The token of a session; null for a key that lasts.</param>
internal sealed class AwsKeys(string accessKey, string secret, string? token)
{
    internal string AccessKey { get; } = accessKey;

    internal string Secret { get; } = secret;

    internal string? Token { get; } = token;

    /// <summary>Returns the last letters of the key's id, as AWS's own tools show it.</summary>
    public override string ToString() => $"…{AccessKey[^Math.Min(4, AccessKey.Length)..]}";
}
