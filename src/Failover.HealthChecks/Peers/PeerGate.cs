using System.Globalization;

namespace Failover.HealthChecks.Peers;

/// <summary>Decides whether who asks is a peer. Why not is for the log of this node alone.</summary>
internal sealed class PeerGate(LastGoodSection<PeerOptions> options, TimeProvider time)
{
    private const int LongestHeader = 512;
    private const int MostNonces = 10_000;

    private readonly SeenNonces _nonces = new(MostNonces);
    private readonly long _born = time.GetTimestamp();

    /// <summary>Lets a request in, once.</summary>
    /// <param name="header">What it is signed with; null if with nothing.</param>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path.</param>
    /// <param name="request">What it says.</param>
    /// <returns>Why not; null if it is let in.</returns>
    internal string? Refuses(string? header, string method, string path, out PeerRequest? request)
    {
        request = Read(header, method, path, out string mac);
        if (request is null)
        {
            return "it bears no signature of a peer's shape";
        }

        PeerOptions now = options.Current;
        if (!PeerSignature.IsOf(now.Key!, request, mac))
        {
            return "its signature is not by our key, for this method and path";
        }

        // Signed, so whatever is told of it is true.
        double away = Math.Abs((time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds - request.Time);
        return away > now.Window.TotalMilliseconds ? string.Create(CultureInfo.InvariantCulture, $"the clock of {request.Node} is {away / 1000:0} s away from ours")
            : !_nonces.TryAdd(request.Nonce, time.GetElapsedTime(_born), 2 * now.Window) ? $"a request of {request.Node} was sent twice, or there were too many"
            : null;
    }

    private static PeerRequest? Read(string? header, string method, string path, out string mac)
    {
        mac = "";
        if (header is null or { Length: > LongestHeader } || header.Split(';') is not [PeerSignature.Version, string node, string at, string nonce, string signed])
        {
            return null;
        }

        mac = signed;
        return PeerOptionsKeys.IsNode(node) && PeerSignature.IsNonce(nonce) && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out long sent)
            ? new(nonce, sent, node, method, path)
            : null;
    }
}
