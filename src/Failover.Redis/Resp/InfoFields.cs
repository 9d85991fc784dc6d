namespace Failover.Redis.Resp;

/// <summary>What <c>INFO</c> gives: a field a line, as <c>name:value</c>, beside titles and empty lines.</summary>
internal static class InfoFields
{
    /// <summary>Reads it; of a field that stands there twice the first counts. What is no such text has no fields.</summary>
    internal static Dictionary<string, string> Of(string? info)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (ReadOnlySpan<char> line in (info ?? "").AsSpan().EnumerateLines())
        {
            int colon = line.IndexOf(':');
            if (colon > 0)
            {
                fields.TryAdd(line[..colon].ToString(), line[(colon + 1)..].ToString());
            }
        }

        return fields;
    }
}
