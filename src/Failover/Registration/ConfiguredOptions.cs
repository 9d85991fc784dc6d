using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Failover.Registration;

/// <summary>Binds options named by their group from the group's section, and checks them wherever they come from.</summary>
internal sealed class ConfiguredOptions<TOptions>(Registrations registrations, OptionsKeys<TOptions> keys) : IConfigureNamedOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class, new()
{
    public void Configure(TOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, TOptions options)
    {
        if (Section(name) is { } section)
        {
            // What cannot be read is told by Validate.
            keys.Bind(section, options, new OptionsCheck(section.Path));
        }
    }

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var check = new OptionsCheck(registrations.PathOf(name ?? ""));
        if (Section(name) is { } section)
        {
            keys.Bind(section, new TOptions(), check);
        }

        keys.Check(options, check);
        return check.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(check.Problems);
    }

    private IConfigurationSection? Section(string? name) => string.IsNullOrEmpty(name) ? null : registrations.SectionOf(name);
}
