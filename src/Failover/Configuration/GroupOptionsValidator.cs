namespace Failover.Configuration;

/// <summary>Checks <see cref="GroupOptions"/>, wherever they come from.</summary>
internal static class GroupOptionsValidator
{
    /// <summary>Returns all that is wrong, each a sentence that names the full key, the value and what is allowed; empty if all is well.</summary>
    /// <param name="keyPrefix">What comes before each key, e.g. <c>Failover:Groups:orders</c>.</param>
    /// <param name="options">The options to check.</param>
    internal static IReadOnlyList<string> Validate(string keyPrefix, GroupOptions options)
    {
        var check = new OptionsCheck(keyPrefix);
        Validate(options, check);
        return check.Problems;
    }

    internal static void Validate(GroupOptions options, OptionsCheck check)
    {
        Required("Detection", options.Detection);
        Required("Switchback", options.Switchback);
        Required("Epochs", options.Epochs);
        if (!(check.IsRefused("Detection") || check.IsRefused("Switchback") || check.IsRefused("Epochs")))
        {
            GroupOptionsKeys.Table.Check(options, check);
        }

        void Required(string key, object? value)
        {
            if (value is null)
            {
                check.Refuse(key, value, "must be set");
            }
        }
    }
}
