namespace Failover.Architecture.Tests.Floors;

/// <summary>The floors inside <c>Failover</c>, by folder. A type knows its own floor and those under it, never one above.</summary>
internal static class FloorMap
{
    private static readonly string[][] Floors =
    [
        ["Members", "Configuration", "Logging"],                                             // values; how options are read, checked and worded; how is logged
        ["Detection", "Election", "Switching", "Arbitration", "Fencing", "Hints", "Health", "Switchovers", "Lag"],   // contracts and records
        ["Engine"],                                                                          // the fold
        ["Groups", "Leases", "Gates"],                                                       // the handles and the monitors
        ["", "Registration"],                                                                // the root: what AddFailover() puts together
    ];

    /// <summary>The floor of a folder of src/Failover, counted from the bottom; -1 for a folder that has none yet.</summary>
    internal static int Of(string folder) => Array.FindIndex(Floors, floor => floor.Contains(folder.Split('/')[0]));

    internal static IEnumerable<string> Violations(IReadOnlyCollection<TypeUse> uses)
    {
        foreach (string folder in uses.SelectMany(use => new[] { use.UserFolder, use.UsedFolder }).Distinct().Where(folder => Of(folder) < 0))
        {
            yield return $"The folder {folder} has no floor: give it a line in FloorMap.";
        }

        foreach (TypeUse use in uses.Where(use => Of(use.UserFolder) >= 0 && Of(use.UsedFolder) > Of(use.UserFolder)))
        {
            yield return $"{use.User} ({use.UserFolder}) knows {use.Used} ({(use.UsedFolder.Length == 0 ? "the root" : use.UsedFolder)}), which is on a floor above.";
        }
    }
}
