using System.Globalization;

namespace Quickstart.Servers;

/// <summary>A server's journal, read back.</summary>
/// <param name="Spans">From each start and each change between serving and refusing to the next.</param>
/// <param name="Executed">The orders executed, in this order; one that was executed twice stands here twice.</param>
internal sealed record JournalReading(IReadOnlyList<JournalSpan> Spans, IReadOnlyList<int> Executed)
{
    internal static JournalReading Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return Parse(reader.ReadToEnd());
    }

    internal static JournalReading Parse(string text)
    {
        List<JournalSpan> spans = [];
        List<int> executed = [];
        HashSet<string> waiting = [];
        foreach (string line in WholeLines(text))
        {
            string[] words = line.Split(' ');
            switch (words[0])
            {
                case "started" or "refusing" or "serving":
                    if (words[0] == "started")
                    {
                        waiting.Clear();
                    }

                    spans.Add(new(words[0]));
                    break;
                case "arrived":
                    bool probe = words[3] == "/health";
                    spans[^1].Probes += probe ? 1 : 0;
                    spans[^1].Requests += probe ? 0 : 1;
                    if (!probe)
                    {
                        waiting.Add(words[1]);
                    }

                    break;
                case "answered":
                    waiting.Remove(words[1]);
                    break;
                case "executed":
                    executed.Add(int.Parse(words[1], CultureInfo.InvariantCulture));
                    break;
            }

            spans[^1].Unanswered = waiting.Count;
        }

        return new(spans, executed);
    }

    /// <summary>A kill can tear the last line; the server did not get past it.</summary>
    private static string[] WholeLines(string text) => text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A time of a server's life in which it behaved in one way.</summary>
/// <param name="kind">«started», «refusing» or «serving».</param>
internal sealed class JournalSpan(string kind)
{
    internal string Kind { get; } = kind;

    /// <summary>Requests that arrived.</summary>
    internal int Requests { get; set; }

    /// <summary>Probes that arrived.</summary>
    internal int Probes { get; set; }

    /// <summary>Requests that had arrived and had no answer when the span ended.</summary>
    internal int Unanswered { get; set; }
}
