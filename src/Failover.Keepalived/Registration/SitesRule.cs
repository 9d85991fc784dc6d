using System.Net;
using Failover.Keepalived.Sites;
using Microsoft.Extensions.Options;

namespace Failover.Keepalived.Registration;

/// <summary>What the virtual addresses of an app must have in common, and what each must have for itself.</summary>
internal static class SitesRule
{
    /// <exception cref="OptionsValidationException">A node is called otherwise to its peer, or two groups have what only one can.</exception>
    internal static void Check(IReadOnlyList<SiteRun> runs, string? node)
    {
        List<string> problems = [];
        foreach ((int index, SiteRun run) in runs.Index())
        {
            OptionsCheck check = new($"Failover:Groups:{run.Group}");
            if (!string.Equals(node, run.Options.Node, StringComparison.OrdinalIgnoreCase))
            {
                check.Refuse("Node", run.Options.Node, $"must be what its peer knows this node by: Failover:Peers:Node ({node})");
            }

            foreach (SiteRun other in runs.Take(index))
            {
                CheckPair(run.Options, other.Options, other.Group, check);
            }

            problems.AddRange(check.Problems);
        }

        if (problems.Count > 0)
        {
            throw new OptionsValidationException(nameof(KeepalivedOptions), typeof(KeepalivedOptions), problems);
        }
    }

    private static void CheckPair(KeepalivedOptions own, KeepalivedOptions other, string group, OptionsCheck check)
    {
        bool isOneFifo = own.Fifo == other.Fifo;
        if (own.CreditFile == other.CreditFile || own.CreditFile == other.Fifo)
        {
            check.Refuse("CreditFile", own.CreditFile, $"must be another file than those of the group {group}: each address has a credit of its own");
        }

        if (own.Fifo == other.CreditFile)
        {
            check.Refuse("Fifo", own.Fifo, $"must be another file than the CreditFile of the group {group}");
        }

        IPAddress address = IPAddress.Parse(own.Address), others = IPAddress.Parse(other.Address);
        if (address.Equals(others))
        {
            check.Refuse("Address", own.Address, $"must be another than that of the group {group}");
        }

        // RFC 5798, section 1.6: the router ids of IPv4 and of IPv6 are not the same.
        if (own.RouterId == other.RouterId && own.Interface == other.Interface && address.AddressFamily == others.AddressFamily)
        {
            check.Refuse("RouterId", own.RouterId, $"must be another than that of the group {group}, or their Interface: on one network each address has a virtual_router_id of its own");
        }

        if (isOneFifo && own.Instance == other.Instance)
        {
            check.Refuse("Instance", own.Instance, $"must be another than that of the group {group}, which has the same Fifo: of which address a line is, its instance tells");
        }

        if (own.ProcessName != other.ProcessName && (isOneFifo || (own.ProcessName is not null && other.ProcessName is not null)))
        {
            check.Refuse("ProcessName", own.ProcessName, $"must be that of the group {group} ({other.ProcessName ?? "none"}): a process has one name");
        }
    }
}
