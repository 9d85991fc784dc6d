using System.Net;
using System.Net.NetworkInformation;

namespace Failover.Keepalived.Watching;

/// <summary>Knows whether an address is on an interface of this node. It needs no right.</summary>
internal static class AddressWatch
{
    internal static bool Owns(IPAddress address)
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces().Any(one => one.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(address)));
        }
        catch (NetworkInformationException)
        {
            return false;
        }
    }
}
