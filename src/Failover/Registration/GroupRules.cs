using System.Collections.Concurrent;
using Failover.Configuration;
using Microsoft.Extensions.Configuration;

namespace Failover.Registration;

/// <summary>What a group is by code and configuration together, and what is wrong with that.</summary>
internal sealed class GroupRules(Registrations registrations)
{
    private readonly ConcurrentDictionary<string, KeyTree> _trees = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the part that every group has.</summary>
    internal GroupPart Common => registrations.Common;

    /// <summary>Gets what is added to every group that is made.</summary>
    internal IReadOnlyList<Action<IServiceProvider, FailoverGroupBuilder>> Additions => registrations.Additions;

    /// <summary>Returns the group's section; null where it has none.</summary>
    internal IConfigurationSection? SectionOf(string group) =>
        registrations.SectionOf(group) is { } section && (section.Value is not null || section.GetChildren().Any()) ? section : null;

    internal OptionsCheck CheckOf(string group) => new(registrations.PathOf(group));

    /// <summary>Returns how the group is to be made; null, with the problems, if that cannot be told.</summary>
    internal GroupDefinition? Define(string group, OptionsCheck check)
    {
        IConfigurationSection? section = SectionOf(group);
        string? kind = section?["Kind"]?.Trim();
        if (registrations.Groups.TryGetValue(group, out GroupDefinition? inCode))
        {
            // A section without a kind, or with the same one, only binds the settings of the group that code added.
            if (!string.IsNullOrEmpty(kind) && !string.Equals(kind, KindNames.Of(inCode), StringComparison.OrdinalIgnoreCase))
            {
                check.Refuse("Kind", kind, $"does not fit: a group '{inCode.Name}' of kind {KindNames.Of(inCode)} is added in code; rename one of them, or leave Kind out to give that group its settings");
                return null;
            }

            return inCode;
        }

        // At start the names come from the configuration, so that the section is there.
        if (section is null)
        {
            check.RefuseAll("is gone from the configuration: a group that is not added in code stays as it is until the app is started again");
            return null;
        }

        if (!string.IsNullOrEmpty(section.Value))
        {
            check.RefuseAll("must be a section with Kind and the other keys of the group, not a single value");
            return null;
        }

        if (string.IsNullOrEmpty(kind))
        {
            string known = registrations.Kinds.Count == 0 ? "no kind is registered yet" : string.Join(", ", registrations.Kinds.Keys.Order(StringComparer.OrdinalIgnoreCase));
            check.Refuse("Kind", $"is missing, and no group '{group}' is added in code: set it to a registered kind ({known})");
            return null;
        }

        if (!registrations.Kinds.TryGetValue(kind, out GroupKind? found))
        {
            check.Refuse("Kind", kind, $"cannot be used: {KindNames.Unknown(kind, registrations.Kinds.Keys)}");
            return null;
        }

        return new GroupDefinition(group, found, null);
    }

    /// <summary>Refuses keys that nobody reads.</summary>
    internal void CheckKeys(GroupDefinition definition, OptionsCheck check)
    {
        if (SectionOf(definition.Name) is { } section)
        {
            KeyTree tree = _trees.GetOrAdd(KindNames.Of(definition), _ => KeyTree.Of(["Kind", .. Common.Known, .. definition.Kind?.Part.Known ?? []]));
            tree.Check(section, check);
        }
    }
}
