using System.Xml.Linq;

namespace Failover.Aws.Route53;

/// <summary>Compares a pair with what it has to look like. Pure.</summary>
internal static class PairPlanner
{
    /// <summary>Makes the plan.</summary>
    /// <param name="design">What the pair has to look like.</param>
    /// <param name="sets">All record sets of the name.</param>
    /// <param name="checks">The health checks that the sets name, by their ids; those that are gone are not among them.</param>
    internal static Route53PairPlan Plan(PairDesign design, IReadOnlyList<RecordSet> sets, IReadOnlyDictionary<string, HealthCheck> checks)
    {
        List<string> steps = [];
        List<CheckAct> acts = [];
        List<RecordSet> deletes = [];
        List<PairSide> creates = [];
        Dictionary<PairSide, HealthCheck> known = [];

        RecordSet[] rivals = [.. sets.Where(set => IsRival(design, set))];
        if (rivals.FirstOrDefault(set => !design.IsOurs(set)) is { } foreign)
        {
            return new(new Route53PairResult(Route53PairOutcome.Conflict, $"{design.Name} has a {foreign.Type} set{(foreign.SetIdentifier is { } id ? $" '{id}'" : "")} that is not of this pair, and holds something else: nothing is changed"));
        }

        foreach (RecordSet rival in rivals)
        {
            deletes.Add(rival);
            steps.Add($"remove {design.Name} {rival.Type} {string.Join(", ", rival.Values)}, which stands alone");
        }

        foreach (PairSide side in (ReadOnlySpan<PairSide>)[PairSide.Primary, PairSide.Secondary])
        {
            RecordSet? there = sets.FirstOrDefault(set => set.Type == design.Type && set.SetIdentifier == PairDesign.IdentifierOf(side));
            HealthCheck? check = there?.HealthCheckId is { } itsId ? checks.GetValueOrDefault(itsId) : null;
            bool isNew = false;
            if (design.CheckOf(side) is { } config)
            {
                isNew = check is null || PairDesign.IsAnother(check, config);
                PlanCheck(design, side, isNew ? null : check, check, config, acts, steps);
            }

            if (check is not null && !isNew)
            {
                known[side] = check;
            }

            string? checkId = design.CheckOf(side) is null ? null : isNew ? "a new one" : check!.Id;
            if (there is null || !there.IsSameAs(design.SetOf(side, checkId)))
            {
                if (there is not null)
                {
                    deletes.Add(there);
                }

                creates.Add(side);
                steps.Add($"{(there is null ? "add" : "replace")} {design.Told(side)}");
            }
        }

        return new(steps, new(acts, deletes, creates, known));
    }

    private static void PlanCheck(PairDesign design, PairSide side, HealthCheck? kept, HealthCheck? before, XElement config, List<CheckAct> acts, List<string> steps)
    {
        string whose = side == PairSide.Primary ? "primary" : "secondary";
        if (kept is null)
        {
            acts.Add(new(side, null, [config]));
            steps.Add($"make a health check of the {whose}: {design.ToldCheck(side)}{(before is null ? "" : $"; {before.Id} is no longer used then, and stays for you to delete")}");
            return;
        }

        XElement[] changed = [.. config.Elements().Where(setting => !Same(kept[setting.Name.LocalName], setting.Value))];
        if (changed.Length > 0)
        {
            acts.Add(new(side, kept, changed));
            steps.Add($"change the health check {kept.Id} of the {whose}: {string.Join(", ", changed.Select(setting => $"{setting.Name} {setting.Value} in the place of {kept[setting.Name.LocalName] ?? "nothing"}"))}");
        }
    }

    private static bool Same(string? actual, string wanted) => string.Equals(actual ?? "", wanted, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a set cannot stand beside the pair: of the same type and not its own, or one of both is an alias of a name.</summary>
    private static bool IsRival(PairDesign design, RecordSet set) =>
        set.Name == design.Name
        && (set.Type == design.Type
            ? set.SetIdentifier != PairDesign.IdentifierOf(PairSide.Primary) && set.SetIdentifier != PairDesign.IdentifierOf(PairSide.Secondary)
            : set.Type == "CNAME" || (design.Type == "CNAME" && set.Type is not ("NS" or "SOA")));
}
