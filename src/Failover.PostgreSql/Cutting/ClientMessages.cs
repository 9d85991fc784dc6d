using System.Text;

namespace Failover.PostgreSql.Cutting;

/// <summary>What goes to the server: counts what it has to answer with ReadyForQuery, and knows what commits: a COMMIT in whatever way it is sent, and what may commit on its way, a CALL or a DO.</summary>
internal sealed class ClientMessages(ConnectionTrace trace) : MessageWalk("QSFPB"u8)
{
    /// <summary>The prepared statements that commit, by their names; null as long as there is none.</summary>
    private Dictionary<string, Ending>? _prepared;

    private bool _isWithin;

    /// <summary>Gets whether part of a request was sent: the server may be at work on it, though it owes no answer yet.</summary>
    internal bool IsUnfinished => !IsAtWatched || _isWithin;

    private protected override void OnLost() => trace.Lose();

    private protected override void OnMessage(byte type, ReadOnlySpan<byte> body)
    {
        _isWithin = type is (byte)'P' or (byte)'B';
        switch (type)
        {
            case (byte)'P':
                Parse(body);
                break;
            case (byte)'B':
                Bind(body);
                break;
            case (byte)'Q':
                trace.Ends(SqlEnding.Of(body));
                trace.Asked(isBegin: body.StartsWith("BEGIN"u8));
                break;
            default:
                trace.Asked(isBegin: false);
                break;
        }
    }

    private void Parse(ReadOnlySpan<byte> body)
    {
        int end = body.IndexOf((byte)0);
        Ending ending = end < 0 ? Ending.Commits : SqlEnding.Of(body[(end + 1)..]);
        if (end == 0)
        {
            trace.Ends(ending);
        }
        else if (ending != Ending.None)
        {
            trace.Ends(ending);
            (_prepared ??= [])[NameIn(body, end)] = ending;
        }
        else if (_prepared is not null)
        {
            _prepared.Remove(NameIn(body, end));
        }
    }

    /// <summary>The name of the portal, and that of the statement.</summary>
    private void Bind(ReadOnlySpan<byte> body)
    {
        if (_prepared is null || body.IndexOf((byte)0) is var portal && portal < 0)
        {
            return;
        }

        ReadOnlySpan<byte> statement = body[(portal + 1)..];
        if (statement.IndexOf((byte)0) is > 0 and int end && _prepared.TryGetValue(NameIn(statement, end), out Ending ending))
        {
            trace.Ends(ending);
        }
    }

    private static string NameIn(ReadOnlySpan<byte> body, int end) => Encoding.UTF8.GetString(end < 0 ? body : body[..end]);
}
