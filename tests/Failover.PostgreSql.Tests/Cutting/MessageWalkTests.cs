using System.Buffers.Binary;
using System.Text;
using Failover.PostgreSql.Cutting;

namespace Failover.PostgreSql.Tests.Cutting;

public sealed class MessageWalkTests
{
    private static readonly byte[] Traffic =
    [
        .. Message('D', new string('x', 300)), .. Message('D', ""), .. Message('Z', "T"), .. Message('N', "SFATAL\0VFATAL\0C57P01\0\0"),
        .. Message('E', "SFEHLER\0VERROR\0C25006\0M" + new string('m', 500) + "\0\0"), .. Message('E', "SERROR\0VERROR\0C22012\0\0"),
        .. Message('E', "SFATAL\0VFATAL\0C53300\0\0"), .. Message('Z', "E"), .. Message('Z', "I"),
    ];

    [Fact]
    public void However_the_traffic_is_cut_into_pieces_the_same_is_seen()
    {
        for (int piece = 1; piece <= Traffic.Length; piece++)
        {
            Witness witness = new();
            ConnectionTrace trace = new();
            ServerMessages messages = new(trace, witness);
            for (int i = 0; i < 3; i++)
            {
                trace.Asked(isBegin: false);
            }

            foreach (byte[] part in Traffic.Chunk(piece))
            {
                messages.Walk(part);
            }

            Assert.Equal([("25006", false), ("53300", true)], witness.Errors);
            Assert.Equal((TransactionStatus.Idle, 0), (trace.Status, trace.Unanswered));
        }
    }

    [Fact]
    public void A_request_is_under_way_from_its_first_byte_until_it_is_answered()
    {
        ConnectionTrace trace = new();
        byte[] request = [.. Message('P', "\0SELECT 1\0"), .. Message('S', "")];
        for (int i = 0; i < request.Length; i++)
        {
            trace.Writing(request.AsSpan(i, 1));
            Assert.Equal((true, i == request.Length - 1 ? 1 : 0), (trace.IsInFlight, trace.Unanswered));
        }

        Assert.Equal((1, true, false), (trace.Unanswered, trace.IsInFlight, trace.IsCommitInFlight));
        trace.Answered((byte)'I');
        Assert.False(trace.IsInFlight);

        trace.Writing(Message('Q', "COMMIT\0"));
        Assert.True(trace.IsCommitInFlight);
        trace.Answered((byte)'I');
        Assert.False(trace.IsCommitInFlight);
    }

    [Fact]
    public void Traffic_that_is_not_the_protocols_is_not_interpreted()
    {
        Witness witness = new();
        ServerMessages messages = new(new ConnectionTrace(), witness);

        messages.Walk([(byte)'D', 255, 255, 255, 255]);
        messages.Walk(Traffic);

        Assert.Empty(witness.Errors);
    }

    private static byte[] Message(char type, string body)
    {
        byte[] message = [(byte)type, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(body)];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        return message;
    }
}
