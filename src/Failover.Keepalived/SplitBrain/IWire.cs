namespace Failover.Keepalived.SplitBrain;

/// <summary>The network where the address belongs: what is heard on it is told as it comes.</summary>
internal interface IWire : IAsyncDisposable
{
    /// <summary>Gets the name of the interface.</summary>
    string Link { get; }

    /// <summary>Asks the network who has the address.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It could not be sent.</exception>
    void Probe();

    /// <summary>Tells the network that the address is here.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It could not be sent.</exception>
    void Announce();
}
