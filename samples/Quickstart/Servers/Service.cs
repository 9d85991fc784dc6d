using System.Diagnostics;
using System.Globalization;

namespace Quickstart.Servers;

/// <summary>Whether an order server serves or refuses. Each change, and which side of it a request is on, is written down as it is.</summary>
internal sealed class Service(Journal journal)
{
    private readonly Lock _gate = new();
    private bool _refusing;
    private long? _until;

    /// <returns>Whether the request is served.</returns>
    internal bool Admit(long request, string method, string path)
    {
        lock (_gate)
        {
            if (Stopwatch.GetTimestamp() >= _until)
            {
                Refuse();
            }

            journal.Arrived(request, method, path);
            return !_refusing;
        }
    }

    /// <param name="command">«refuse», «serve», or «serve» with the number of milliseconds after which to refuse.</param>
    internal void Obey(string command)
    {
        lock (_gate)
        {
            string[] words = command.Split(' ');
            if (words[0] == OrderServer.Refuse)
            {
                Refuse();
                return;
            }

            _refusing = false;
            _until = words.Length == 1 ? null : Stopwatch.GetTimestamp() + (int.Parse(words[1], CultureInfo.InvariantCulture) * Stopwatch.Frequency / 1000);
            journal.Serving();
        }
    }

    private void Refuse()
    {
        _until = null;
        if (!_refusing)
        {
            _refusing = true;
            journal.Refusing();
        }
    }
}
