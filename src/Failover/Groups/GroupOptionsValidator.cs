namespace Failover.Groups;

/// <summary>Checks <see cref="GroupOptions"/> that were made without a container.</summary>
internal static class GroupOptionsValidator
{
    /// <summary>Returns all that is wrong, each a sentence that names the full key, the value and what is allowed; empty if all is well.</summary>
    /// <param name="keyPrefix">What comes before each key, e.g. <c>Failover:Groups:orders</c>.</param>
    /// <param name="options">The options to check.</param>
    internal static IReadOnlyList<string> Validate(string keyPrefix, GroupOptions options)
    {
        var check = new OptionsCheck(keyPrefix);
        GroupOptionsKeys.Table.Check(options, check);
        return check.Problems;
    }
}
