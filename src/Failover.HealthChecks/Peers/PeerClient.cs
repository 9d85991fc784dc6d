using System.Globalization;
using System.Net;
using Failover.HealthChecks.Evaluation;

namespace Failover.HealthChecks.Peers;

/// <summary>Asks a peer, once. Whatever comes back, in time and signed, is read; everything else is no evidence.</summary>
internal sealed class PeerClient(PeerTransport transport, TimeProvider time)
{
    internal const string Heard = "heard";
    internal const string Refused = "refused: our key, our clock or the path is not what it expects, which its log tells";

    /// <summary>Asks. Never throws.</summary>
    /// <returns>What came of it, in our own words, and the answer where it can be believed.</returns>
    internal async Task<(string Outcome, PeerMessage? Message)> AskAsync(Uri address, PeerOptions options, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(options.Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await SendAsync(address, options, either.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever the network, TLS or a server comes up with: it is an outcome.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (limit.IsCancellationRequested ? "no answer in time" : CheckError.Of(exception), null);
        }
    }

    private async Task<(string, PeerMessage?)> SendAsync(Uri address, PeerOptions options, CancellationToken cancellationToken)
    {
        PeerRequest signed = new(PeerSignature.NewNonce(), time.GetUtcNow().ToUnixTimeMilliseconds(), options.Node!, "GET", address.AbsolutePath);
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation(PeerSignature.Header, PeerSignature.Request(options.Key!, signed));
        using HttpResponseMessage response = await transport.Invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            // A redirect, too: who sends it is not the peer.
            return response.StatusCode == HttpStatusCode.Unauthorized
                ? (Refused, null)
                : (string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}"), null);
        }

        byte[] buffer = new byte[PeerJson.Longest + 1];
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (length > PeerJson.Longest)
        {
            return (string.Create(CultureInfo.InvariantCulture, $"more than {PeerJson.Longest / 1024} KiB"), null);
        }

        ReadOnlySpan<byte> bytes = buffer.AsSpan(0, length);
        return !response.Headers.TryGetValues(PeerSignature.Header, out IEnumerable<string>? headers) || headers.ToArray() is not [{ } header] || !PeerSignature.IsAnswer(header, options.Key!, signed.Nonce, bytes) ? ("not signed by our key", null)
            : PeerJson.Read(bytes) is not { } message ? ("signed, and not understood", null)
            : string.Equals(message.Node, options.Node, StringComparison.OrdinalIgnoreCase) ? ($"it is called {message.Node}, like this node: the address is our own, or Node must be set", null)
            : (Heard, message);
    }
}
