using System.Text;

namespace Failover.PostgreSql.Cutting;

/// <summary>What comes from the server: ReadyForQuery, what was done, and errors that speak of the node.</summary>
internal sealed class ServerMessages(ConnectionTrace trace, INodeWitness witness) : MessageWalk("ZEC"u8)
{
    private protected override void OnLost() => trace.Lose();

    private protected override void OnMessage(byte type, ReadOnlySpan<byte> body)
    {
        if (type == (byte)'Z')
        {
            trace.Answered(body.IsEmpty ? (byte)0 : body[0]);
            return;
        }

        if (type == (byte)'C')
        {
            trace.Completed(body);
            return;
        }

        trace.Failed();

        // V is the severity that is never translated.
        bool isFatal = Field(body, (byte)'V') is var severity && (severity.SequenceEqual("FATAL"u8) || severity.SequenceEqual("PANIC"u8));
        ReadOnlySpan<byte> state = Field(body, (byte)'C');
        if (state.Length == 5 && (isFatal || SpeaksOfTheNode(state)))
        {
            witness.ServerError(Encoding.ASCII.GetString(state), isFatal);
        }
    }

    private static bool SpeaksOfTheNode(ReadOnlySpan<byte> state) =>
        state.StartsWith("08"u8) || state.SequenceEqual("25006"u8) || (state.StartsWith("57P0"u8) && state[4] is >= (byte)'1' and <= (byte)'3');

    /// <summary>Each field is a letter and a text that ends with a zero.</summary>
    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> body, byte letter)
    {
        while (body.Length > 1 && body[0] != 0 && body.IndexOf((byte)0) is > 0 and int end)
        {
            if (body[0] == letter)
            {
                return body[1..end];
            }

            body = body[(end + 1)..];
        }

        return [];
    }
}
