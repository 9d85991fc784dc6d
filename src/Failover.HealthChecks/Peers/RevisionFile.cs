using System.Text;
using Failover.HealthChecks.Checks;

namespace Failover.HealthChecks.Peers;

/// <summary>The revision that this node has: the first line of a file, read now and then on a thread of its own. Who answers a peer reads what is known of it.</summary>
internal sealed class RevisionFile(LastGoodSection<PeerOptions> options)
{
    private readonly OneAtATime _runs = new();
    private volatile string? _text;

    /// <summary>The revision as it was last read; null if there is no file, or it cannot be read.</summary>
    internal string? Text => _text;

    /// <summary>Reads it.</summary>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The app may not read it.</exception>
    /// <exception cref="FormatException">It holds no revision.</exception>
    internal async Task<string?> ReadAsync(CancellationToken cancellationToken) => options.Current.RevisionFile is { } path
        ? await _runs.RunAsync(_ => Task.FromResult(Read(path)), cancellationToken).ConfigureAwait(false)
        : null;

    private string Read(string path)
    {
        string? text = null;
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            byte[] bytes = new byte[4 * PeerJson.LongestText];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string line = Encoding.UTF8.GetString(bytes, 0, length).TrimStart('\uFEFF').Split('\n')[0].Trim();
            return line.Length is 0 or > PeerJson.LongestText || line.Any(char.IsControl) ? throw new FormatException($"{path} does not begin with a revision") : text = line;
        }
        finally
        {
            _text = text;
        }
    }
}
