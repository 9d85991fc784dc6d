using System.Collections.Immutable;
using System.Globalization;
using Npgsql;

namespace Failover.PostgreSql.Nodes;

/// <summary>A connection string that names all nodes of a cluster: the nodes, and what holds for each of them. Never shown: it may hold a password.</summary>
internal sealed class ClusterString
{
    /// <summary>Npgsql waits 15 seconds for a connection. A node that is frozen takes connections and never answers: callers must not wait so long for one of several nodes.</summary>
    internal const int DefaultTimeout = 3;

    private readonly NpgsqlConnectionStringBuilder _settings;

    private ClusterString(NpgsqlConnectionStringBuilder settings, ImmutableArray<FailoverMember> members)
    {
        _settings = settings;
        Members = members;
    }

    /// <summary>Gets the nodes in the order of the string.</summary>
    internal ImmutableArray<FailoverMember> Members { get; }

    /// <summary>Gets whether the server must show a certificate for the very name that is connected to: then credentials reach nobody else.</summary>
    internal bool VerifiesFully => _settings.SslMode == SslMode.VerifyFull;

    /// <summary>Reads a connection string.</summary>
    /// <param name="text">The string.</param>
    /// <param name="whyNot">What is wrong with it, to be read after its key: <c>must …</c>. Never holds any of the string but names of keys.</param>
    /// <returns>Null if something is wrong.</returns>
    internal static ClusterString? Read(string? text, out string? whyNot)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            whyNot = "is missing: it must name the nodes, like Host=pg-a,pg-b,pg-c;Username=app;Database=shop";
            return null;
        }

        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException or OverflowException)
        {
            // The message may quote a value.
            whyNot = exception is ArgumentException { ParamName: { Length: > 0 } keyword } && IsWord(keyword) ? $"cannot be read: '{keyword}' is no keyword of Npgsql's, or its value is not allowed" : "cannot be read as a connection string of Npgsql's";
            return null;
        }

        whyNot = WhyNot(settings);
        if (whyNot is not null)
        {
            return null;
        }

        ImmutableArray<FailoverMember> members = MembersOf(settings, out whyNot);
        if (whyNot is not null)
        {
            return null;
        }

        settings.Host = null;
        settings.TargetSessionAttributes = null;
        if (!settings.ShouldSerialize("Timeout"))
        {
            settings.Timeout = DefaultTimeout;
        }

        // Where it is not asked for it costs a round trip with each new connection, and a cut connection tries again without it.
        if (!settings.ShouldSerialize("GSS Encryption Mode"))
        {
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        }

        return new ClusterString(settings, members);
    }

    /// <summary>Returns the member of a host and port.</summary>
    internal static FailoverMember MemberOf(string? name, string host, int port) =>
        new(name, new UriBuilder("postgresql", host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host, port).Uri);

    /// <summary>Returns why the address of a member cannot be one of PostgreSQL's; null if it can.</summary>
    internal static string? WhyNotMember(FailoverMember member) =>
        !string.Equals(member.Address.Scheme, "postgresql", StringComparison.Ordinal) || member.Address.Host.Length == 0 || member.Address.Port <= 0
            ? "must be an address like postgresql://pg-a:5432"
            : null;

    /// <summary>Returns what connects to one node.</summary>
    internal NpgsqlConnectionStringBuilder For(FailoverMember member) => new(_settings.ConnectionString)
    {
        Host = member.Address.IdnHost,
        Port = member.Address.Port,
    };

    /// <summary>Returns the string as it may be shown.</summary>
    internal string Shown()
    {
        NpgsqlConnectionStringBuilder shown = new(_settings.ConnectionString)
        {
            Host = string.Join(',', Members.Select(member => $"{member.Address.IdnHost}:{member.Address.Port}")),
        };
        shown.Remove("Password");
        shown.Remove("SSL Password");
        return shown.ConnectionString;
    }

    /// <summary>Whether another string differs in its nodes alone.</summary>
    internal bool DiffersInNodesOnly(ClusterString other) => _settings.EquivalentTo(other._settings);

    private static string? WhyNot(NpgsqlConnectionStringBuilder settings) =>
        string.IsNullOrWhiteSpace(settings.Host) ? "must name the nodes: Host=pg-a,pg-b,pg-c"
        : settings.Multiplexing ? "must not set Multiplexing: a connection that is cut would take the commands of other callers with it"
        : settings.TargetSessionAttributes is { Length: > 0 } wanted && !IsForWrites(wanted) ? "must not set Target Session Attributes to anything but primary or read-write: connections go to the primary, and ForReads() gives those to standbys"
        : settings.LoadBalanceHosts ? "must not set Load Balance Hosts: there is one primary, and ForReads() spreads reads"
        : null;

    private static bool IsForWrites(string wanted) => wanted.ToLowerInvariant() is "primary" or "read-write" or "prefer-primary" or "any";

    private static bool IsWord(string text) => text.All(static letter => char.IsAsciiLetter(letter) || letter == ' ');

    private static ImmutableArray<FailoverMember> MembersOf(NpgsqlConnectionStringBuilder settings, out string? whyNot)
    {
        whyNot = null;
        List<FailoverMember> members = [];
        foreach (string entry in settings.Host!.Split(',', StringSplitOptions.TrimEntries))
        {
            if (entry.Length == 0 || entry[0] is '/' or '@')
            {
                whyNot = "must name each node in Host by a name or an address, with or without :port; a folder of sockets is no node that another could take over from";
                return [];
            }

            if (!TrySplit(entry, settings.Port, out string host, out int port) || Uri.CheckHostName(host) == UriHostNameType.Unknown)
            {
                whyNot = $"must name each node in Host by a name or an address, with or without :port from 1 to 65535; '{entry}' is neither";
                return [];
            }

            FailoverMember member = MemberOf(null, host, port);
            if (members.Contains(member))
            {
                whyNot = $"must not name a node twice in Host: '{entry}'";
                return [];
            }

            members.Add(member);
        }

        return [.. members];
    }

    private static bool TrySplit(string entry, int defaultPort, out string host, out int port)
    {
        (host, port) = (entry, defaultPort);
        int end = entry.StartsWith('[') ? entry.IndexOf(']', StringComparison.Ordinal) : -1;
        if (end > 0)
        {
            host = entry[1..end];
            return end == entry.Length - 1 || (entry[end + 1] == ':' && TryPort(entry[(end + 2)..], out port));
        }

        int colon = entry.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || entry.IndexOf(':', colon + 1) > 0)
        {
            // None, or an IPv6 address without brackets.
            return true;
        }

        host = entry[..colon];
        return TryPort(entry[(colon + 1)..], out port);
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65_535;
}
