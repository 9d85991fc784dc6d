using Xunit;

namespace Failover.TestServers.Dns;

/// <summary>Each make of name server that takes updates, for a theory.</summary>
public sealed class EachNameServer : TheoryData<NameServerKind>
{
    /// <summary>Initializes the list.</summary>
    public EachNameServer() => AddRange(Enum.GetValues<NameServerKind>());
}
