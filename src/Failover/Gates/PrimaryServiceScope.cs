namespace Failover.Gates;

/// <summary>Carries the scope of a gate to what is made in it: a <see cref="PrimaryScope"/> can be injected there.</summary>
internal sealed class PrimaryServiceScope
{
    private PrimaryScope? _scope;

    internal PrimaryScope Scope
    {
        get => _scope ?? throw new InvalidOperationException("A PrimaryScope can be injected only into what AddPrimaryService() runs, and into what that uses.");
        set => _scope = value;
    }
}
