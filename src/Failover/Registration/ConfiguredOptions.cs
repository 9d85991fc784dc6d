using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Failover.Registration;

/// <summary>Binds options from a section of the configuration, and checks them wherever they come from. Those of a group are named by it.</summary>
/// <param name="keys">The keys.</param>
/// <param name="sectionOf">The section of options of a name; null where there is none.</param>
/// <param name="pathOf">The full key of options of a name: what messages begin with.</param>
internal sealed class ConfiguredOptions<TOptions>(OptionsKeys<TOptions> keys, Func<string, IConfigurationSection?> sectionOf, Func<string, string> pathOf)
    : IConfigureNamedOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class, new()
{
    public void Configure(TOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, TOptions options)
    {
        if (sectionOf(name ?? "") is { } section)
        {
            // What cannot be read is told by Validate.
            keys.Bind(section, options, new OptionsCheck(section.Path));
        }
    }

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var check = new OptionsCheck(pathOf(name ?? ""));
        if (sectionOf(name ?? "") is { } section)
        {
            keys.Bind(section, new TOptions(), check);
        }

        keys.Check(options, check);
        return check.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(check.Problems);
    }
}
