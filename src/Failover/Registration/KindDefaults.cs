using Microsoft.Extensions.Options;

namespace Failover.Registration;

/// <summary>What the groups of a kind begin with. Registered before all else that configures them, so that code and configuration stand over it.</summary>
internal sealed class KindDefaults(Registrations registrations) : IConfigureNamedOptions<GroupOptions>
{
    public void Configure(GroupOptions options)
    {
    }

    public void Configure(string? name, GroupOptions options) => registrations.KindOf(name ?? "")?.Defaults?.Invoke(options);
}
