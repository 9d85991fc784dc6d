using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Failover.HealthChecks.Peers;

/// <summary>What nodes sign with the secret that they share. Each kind of text begins with words of its own, so that one is never good for the other.</summary>
internal static class PeerSignature
{
    internal const string Header = "Failover-Peer";
    internal const string Version = "v1";

    private const int NonceBytes = 16;

    internal static string NewNonce() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes));

    internal static bool IsNonce(string text) => IsBytes(text, NonceBytes);

    /// <summary>The header of a request.</summary>
    internal static string Request(string key, PeerRequest request) => string.Create(
        CultureInfo.InvariantCulture, $"{Version};{request.Node};{request.Time};{request.Nonce};{Base64Url.EncodeToString(Of(key, request))}");

    /// <summary>The header of an answer: over what was asked, and every byte of the body.</summary>
    internal static string Answer(string key, string nonce, ReadOnlySpan<byte> body) => $"{Version};{Base64Url.EncodeToString(OfAnswer(key, nonce, body))}";

    internal static bool IsOf(string key, PeerRequest request, string mac) => Same(Of(key, request), mac);

    internal static bool IsAnswer(string header, string key, string nonce, ReadOnlySpan<byte> body) =>
        header.StartsWith(Version + ";", StringComparison.Ordinal) && Same(OfAnswer(key, nonce, body), header[(Version.Length + 1)..]);

    private static byte[] Of(string key, PeerRequest request) => HMACSHA256.HashData(
        Encoding.UTF8.GetBytes(key),
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"failover-peer-request-{Version}\n{request.Nonce}\n{request.Time}\n{request.Node}\n{request.Method} {request.Path}")));

    private static byte[] OfAnswer(string key, string nonce, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key));
        hash.AppendData(Encoding.UTF8.GetBytes($"failover-peer-answer-{Version}\n{nonce}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    // In a time that says nothing of where they differ.
    private static bool Same(byte[] mac, string given) => IsBytes(given, mac.Length) && CryptographicOperations.FixedTimeEquals(mac, Base64Url.DecodeFromChars(given));

    private static bool IsBytes(string text, int count) => text.Length == Base64Url.GetEncodedLength(count) && Base64Url.IsValid(text, out int length) && length == count;
}
