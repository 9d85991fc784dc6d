namespace Failover.Keepalived.SplitBrain;

/// <summary>Looks on the wire for another holder of the virtual address. What needs a right that the process does not have is absent, and says so.</summary>
internal interface IForeignHolders : IAsyncDisposable
{
    /// <summary>Gets what can see another holder, each with what it sees, or why it is absent: <c>arp: nobody else</c>, <c>adverts: absent (needs CAP_NET_RAW)</c>.</summary>
    IReadOnlyList<string> Detectors { get; }

    /// <summary>Gets whether another holder was seen while this node held the address, within the last second or so.</summary>
    bool SeesAnother { get; }

    /// <summary>Raised when <see cref="SeesAnother"/> or a detector changes. On any thread.</summary>
    event Action? Changed;

    /// <summary>Says whether this node holds the address: only then is another holder looked for.</summary>
    void Hold(bool isHeld);

    /// <summary>
    /// Says that another holder is gone, of whom the wire may have shown nothing: the network is told a few times that the address is here (gratuitous ARP; for IPv6 an unsolicited neighbour advertisement), once nobody else is seen. Does nothing
    /// without the right to, and where the address is not held.
    /// </summary>
    /// <param name="rival">Who it was, for people.</param>
    void AnnounceAfter(string rival);
}
