using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using Failover.DnsSwitching.Tsig;
using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Rfc2136;

/// <summary>Sends signed messages to one name server over TCP, and waits for its answers. Never throws for what a server or the network does.</summary>
internal sealed class DnsExchange(string host, int port, TsigKey key, TimeProvider time)
{
    /// <summary>Sends messages one after another over one connection.</summary>
    /// <param name="within">How long it may take in all.</param>
    /// <param name="cancellationToken">Ends the wait, as if no answer had come.</param>
    /// <param name="requests">What is to be sent, each made with a number.</param>
    /// <returns>A reply for each message, up to the first that is not <see cref="DnsReply.Answered"/>.</returns>
    internal async Task<IReadOnlyList<DnsReply>> SendAsync(TimeSpan within, CancellationToken cancellationToken, params IReadOnlyList<Func<ushort, DnsWriter>> requests)
    {
        List<DnsReply> replies = [];
        bool isSent = false;
        using CancellationTokenSource limit = new(within, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using TcpClient client = new() { NoDelay = true };
            await client.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            NetworkStream stream = client.GetStream();
            foreach (Func<ushort, DnsWriter> request in requests)
            {
                ushort id = BinaryPrimitives.ReadUInt16BigEndian(RandomNumberGenerator.GetBytes(2));
                DnsWriter message = request(id);
                byte[] mac = TsigSigning.Sign(message, id, key, time.GetUtcNow());
                isSent = true;
                await stream.WriteAsync(Framed(message), either.Token).ConfigureAwait(false);
                replies.Add(Read(await ReceiveAsync(stream, either.Token).ConfigureAwait(false), id, mac));
                if (replies[^1] is not DnsReply.Answered)
                {
                    break;
                }

                isSent = false;
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException or DnsFormatException)
        {
            string why = failure switch
            {
                OperationCanceledException when cancellationToken.IsCancellationRequested => "the wait was cancelled",
                OperationCanceledException => $"no answer within {within.TotalSeconds:0.###} s",
                DnsFormatException => $"what came is no message of DNS ({failure.Message})",
                EndOfStreamException => "the connection was closed without an answer",
                SocketException socket => $"{socket.SocketErrorCode}",
                { InnerException: SocketException inner } => $"{inner.SocketErrorCode}",
                _ => failure.GetType().Name,
            };
            replies.Add(isSent ? new DnsReply.Lost(why) : new DnsReply.NotSent(why));
        }

        return replies;
    }

    /// <summary>Over TCP the length of a message comes before it (RFC 1035 section 4.2.2).</summary>
    private static byte[] Framed(DnsWriter message)
    {
        byte[] framed = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.Written.CopyTo(framed.AsSpan(2));
        return framed;
    }

    private static async Task<byte[]> ReceiveAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        byte[] length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken).ConfigureAwait(false);
        byte[] answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        return answer;
    }

    private DnsReply Read(byte[] answer, ushort id, byte[] mac)
    {
        DnsMessage message = DnsMessage.Read(answer);
        if (message.Id != id || !message.IsAnswer)
        {
            return new DnsReply.Lost("what came is not the answer to our request");
        }

        if (message.SignatureAt is not { } at)
        {
            return new DnsReply.Answered(message, null, "it is not signed");
        }

        TsigRecord signature = TsigRecord.Read(answer, at);
        return new DnsReply.Answered(message, signature, TsigSigning.WhyNot(answer, at, signature, key, id, mac, time.GetUtcNow()));
    }
}
