using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Failover.Scenarios.Dns;

/// <summary>Asks a name server each millisecond where a name leads, and shares no code with what is measured. On a thread of its own.</summary>
internal static class AnswerWatch
{
    private const int Header = 12;
    private const int Patience = 100;

    /// <summary>Returns when the first answer came that is this address alone; null if none did.</summary>
    /// <param name="port">Of the name server, on 127.0.0.1.</param>
    /// <param name="name">The name.</param>
    /// <param name="address">An IPv4 address.</param>
    /// <param name="end">Ends the watch.</param>
    internal static Task<long?> SeenAsync(int port, string name, IPAddress address, CancellationToken end)
    {
        TaskCompletionSource<long?> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                seen.SetResult(Watch(port, name, address, end));
            }
            catch (Exception failure)
            {
                seen.SetException(failure);
            }
        })
        { IsBackground = true, Name = "answers", Priority = ThreadPriority.AboveNormal }.Start();
        return seen.Task;
    }

    private static long? Watch(int port, string name, IPAddress address, CancellationToken end)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Patience };
        socket.Connect(IPAddress.Loopback, port);
        byte[] question = Question(name);
        byte[] expected = address.GetAddressBytes();
        byte[] answer = new byte[512];
        for (ushort id = 1; !end.IsCancellationRequested; id++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(question, id);
            socket.Send(question);
            int length = 0;
            try
            {
                length = socket.Receive(answer);
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.TimedOut)
            {
                // Asked again.
            }

            if (BinaryPrimitives.ReadUInt16BigEndian(answer) == id && Data(answer.AsSpan(0, length), question.Length).SequenceEqual(expected))
            {
                return Stopwatch.GetTimestamp();
            }

            Thread.Sleep(1);
        }

        return null;
    }

    /// <summary>One question for the A records of a name, to who holds its zone.</summary>
    private static byte[] Question(string name) =>
    [
        0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
        .. name.Split('.').SelectMany(static label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0,
        0, 1, 0, 1,
    ];

    /// <summary>The data of the one record that is the answer, whose name is a pointer to the question; nothing if there is another number of them.</summary>
    private static ReadOnlySpan<byte> Data(ReadOnlySpan<byte> message, int question) =>
        message.Length >= question + Header + 4 && message[7] == 1 && message[question + 11] == 4 ? message.Slice(question + Header, 4) : default;
}
