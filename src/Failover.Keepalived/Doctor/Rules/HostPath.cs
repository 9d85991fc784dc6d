namespace Failover.Keepalived.Doctor.Rules;

/// <summary>Paths of the host.</summary>
internal static class HostPath
{
    /// <summary>The directory of a file: / for one at the root.</summary>
    internal static string DirectoryOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";

    internal static bool Same(string one, string other) => string.Equals(Plain(one), Plain(other), StringComparison.Ordinal);

    /// <summary>As it is written in a command or a file of systemd: in quotes if it holds spaces.</summary>
    internal static string Quoted(string path) => path.Any(char.IsWhiteSpace) ? $"\"{path}\"" : path;

    /// <summary>Without doubled slashes and /./, and with /run for /var/run, which leads there.</summary>
    internal static string Plain(string path)
    {
        string plain = "/" + string.Join('/', path.Split('/').Where(static part => part is not ("" or ".")));
        return plain.StartsWith("/var/run/", StringComparison.Ordinal) ? plain[4..] : plain;
    }
}
