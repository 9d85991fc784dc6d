using Microsoft.Extensions.Configuration;

namespace Failover.Tests.Registration;

/// <summary>Configuration in memory that reloads, as a file does when it is saved.</summary>
internal sealed class ChangingConfiguration : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Replaces all values.</summary>
    internal ChangingConfiguration Save(params (string Key, string? Value)[] values)
    {
        Data = values.ToDictionary(one => "Failover:" + one.Key, one => one.Value, StringComparer.OrdinalIgnoreCase);
        OnReload();
        return this;
    }
}
