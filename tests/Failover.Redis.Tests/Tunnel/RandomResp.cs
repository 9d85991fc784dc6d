using System.Globalization;
using System.Text;

namespace Failover.Redis.Tests.Tunnel;

/// <summary>Makes values up as servers send them, in RESP2 and RESP3, with strings that look like the protocol itself.</summary>
internal sealed class RandomResp(Random random)
{
    private const int MaxDepth = 4;

    private static readonly string[] LookAlikes = ["\r\n", "+OK\r\n", "$5\r\nhello\r\n", "*3\r\n", ">4\r\n$6\r\nMOVING\r\n", "$-1\r\n", "\n", "\r", "", "%1\r\n", "\0\0", ":1\r\n:2\r\n"];

    /// <summary>Returns a value as bytes of Latin-1.</summary>
    internal string Next(bool resp3, int depth = 0)
    {
        int kind = random.Next(depth < MaxDepth ? (resp3 ? 18 : 7) : resp3 ? 12 : 5);
        return kind switch
        {
            0 => Bulk('$', Text()),
            1 => $"+{Word()}\r\n",
            2 => $"-ERR {Word()}\r\n",
            3 => string.Create(CultureInfo.InvariantCulture, $":{random.NextInt64(long.MinValue, long.MaxValue)}\r\n"),
            4 => "$-1\r\n",
            5 when !resp3 => "*-1\r\n",
            6 when !resp3 => Items('*', 1, resp3, depth),
            5 => "_\r\n",
            6 => random.Next(2) == 0 ? "#t\r\n" : "#f\r\n",
            7 => random.Next(4) switch { 0 => ",inf\r\n", 1 => ",-inf\r\n", 2 => ",nan\r\n", _ => ",3.14159e-7\r\n" },
            8 => "(-3492890328409238509324850943850943825024385\r\n",
            9 => Bulk('=', "txt:" + Text()),
            10 => Bulk('!', "SYNTAX " + Text()),
            11 => Bulk('$', ""),
            12 or 13 => Items('*', 1, resp3, depth),
            14 => Items('~', 1, resp3, depth),
            15 or 16 => Items('%', 2, resp3, depth),
            _ => Items('|', 2, resp3, depth) + Next(resp3, depth),
        };
    }

    /// <summary>Returns what a server says unasked, which stands between answers only.</summary>
    internal string NextPush() => $">3\r\n$7\r\nmessage\r\n$2\r\nch\r\n{Bulk('$', Text())}";

    private static string Bulk(char type, string text) => string.Create(CultureInfo.InvariantCulture, $"{type}{text.Length}\r\n{text}\r\n");

    private string Items(char type, int each, bool resp3, int depth)
    {
        int count = random.Next(4);
        return string.Create(CultureInfo.InvariantCulture, $"{type}{count}\r\n{string.Concat(Enumerable.Range(0, count * each).Select(_ => Next(resp3, depth + 1)))}");
    }

    private string Text()
    {
        StringBuilder text = new();
        for (int parts = random.Next(5); parts > 0; parts--)
        {
            text.Append(random.Next(3) == 0 ? new string((char)random.Next(256), random.Next(random.Next(8) == 0 ? 5000 : 20)) : LookAlikes[random.Next(LookAlikes.Length)]);
        }

        return text.ToString();
    }

    private string Word() => new((char)random.Next(' ', '~'), random.Next(12));
}
