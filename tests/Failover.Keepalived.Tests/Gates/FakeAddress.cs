using Failover.Keepalived.Gates;

namespace Failover.Keepalived.Tests.Gates;

/// <summary>A virtual address that a test moves.</summary>
internal sealed class FakeAddress : IAddressSource
{
    private volatile bool _isHeld;

    public event Action<bool>? Changed;

    public bool IsHeld
    {
        get
        {
            bool isHeld = _isHeld;
            AfterReading();
            return isHeld;
        }
    }

    public string? Holder => _isHeld ? "node-a" : "node-b";

    public string? Problem { get; set; }

    /// <summary>Gets or sets what happens between the reading of <see cref="IsHeld"/> and who asked for it.</summary>
    internal Action AfterReading { get; set; } = static () => { };

    internal bool IsFollowed => Changed is not null;

    /// <summary>Has it so without telling anybody yet.</summary>
    internal void Hold(bool isHeld) => _isHeld = isHeld;

    /// <summary>Tells of a change that may be over by now.</summary>
    internal void Tell(bool wasHeld) => Changed?.Invoke(wasHeld);

    internal void Move(bool here)
    {
        _isHeld = here;
        Changed?.Invoke(here);
    }
}
