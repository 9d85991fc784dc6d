using System.Net.Sockets;
using System.Security.Authentication;

namespace Failover.Redis.Resp;

/// <summary>Tells what went wrong between here and a server from what went wrong here.</summary>
internal static class RespFaults
{
    private const int MaxError = 200;

    /// <summary>Whether a server, or the way to it, is to blame. That includes a wait that was cancelled: whose token it was knows the caller.</summary>
    internal static bool IsFault(Exception error) =>
        error is RespErrorException or RespProtocolException or IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException;

    /// <summary>Says what happened in a few words: codes, and the server's own error where it is one.</summary>
    internal static string EvidenceOf(Exception error)
    {
        if (error is OperationCanceledException)
        {
            return "no answer in time";
        }

        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket)
            {
                return socket.SocketErrorCode.ToString();
            }
        }

        return error switch
        {
            RespErrorException or RespProtocolException or RespAccessException => error.Message,
            EndOfStreamException => "closed",
            _ => error.GetType().Name,
        };
    }

    /// <summary>Makes an exception of a server's error. Servers repeat what they were sent, and that may have been a password.</summary>
    /// <param name="text">The error.</param>
    /// <param name="secret">The password that the server was sent; null for none.</param>
    /// <param name="isSecret">Whether the command itself was one that nothing may be shown of.</param>
    internal static RespErrorException Of(string text, string? secret, bool isSecret)
    {
        int end = text.IndexOf(' ', StringComparison.Ordinal);
        string word = end < 0 ? text : text[..end];
        bool isKind = word.Length is > 0 and <= 32 && word.All(static letter => char.IsAsciiLetterUpper(letter)) && !Tells(word, secret);
        string kind = isKind ? word : "ERR";
        return new(kind, isSecret || !isKind || Tells(text, secret) ? $"The server answered with an error of the kind {kind}." : Shown(text));
    }

    private static bool Tells(string text, string? secret) => !string.IsNullOrEmpty(secret) && text.Contains(secret, StringComparison.OrdinalIgnoreCase);

    private static string Shown(string text) => new([.. text.Take(MaxError).Select(static letter => char.IsControl(letter) ? ' ' : letter)]);
}
