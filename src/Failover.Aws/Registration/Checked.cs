using Microsoft.Extensions.Options;

namespace Failover.Aws.Registration;

/// <summary>Settings that come from code alone.</summary>
internal static class Checked
{
    /// <exception cref="OptionsValidationException">They are invalid; it names all that is wrong with them.</exception>
    internal static void Throw<TOptions>(OptionsKeys<TOptions> keys, TOptions options, string prefix)
        where TOptions : class, new()
    {
        var check = new OptionsCheck(prefix);
        keys.Check(options, check);
        if (check.Problems.Count > 0)
        {
            throw new OptionsValidationException(prefix, typeof(TOptions), check.Problems);
        }
    }
}
