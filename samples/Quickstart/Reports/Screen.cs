namespace Quickstart.Reports;

/// <summary>The console: lines that stay and, on a terminal, one live line below them that is written over. Where the output goes elsewhere, each live line stays.</summary>
internal sealed class Screen(TextWriter output, bool isTerminal)
{
    private readonly Lock _writing = new();
    private string _live = "";

    internal static Screen OfConsole() => new(Console.Out, !Console.IsOutputRedirected);

    internal void Write(string line)
    {
        lock (_writing)
        {
            Erase();
            output.WriteLine(line);
            output.Write(_live);
        }
    }

    internal void WriteLive(string line)
    {
        lock (_writing)
        {
            if (!isTerminal)
            {
                output.WriteLine(line);
                return;
            }

            Erase();
            _live = line;
            output.Write(_live);
        }
    }

    /// <summary>Takes the live line away.</summary>
    internal void EndLive()
    {
        lock (_writing)
        {
            Erase();
            _live = "";
        }
    }

    private void Erase()
    {
        if (_live.Length > 0)
        {
            output.Write('\r' + new string(' ', _live.Length) + '\r');
        }
    }
}
