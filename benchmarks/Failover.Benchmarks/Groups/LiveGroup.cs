namespace Failover.Benchmarks.Groups;

/// <summary>Groups that run, watched by a probe that costs nothing.</summary>
internal static class LiveGroup
{
    internal static FailoverGroup Settled(params Uri[] members)
    {
        FailoverGroup group = Build("orders", members, new NoOpProbe());
        group.WaitForActiveAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return group;
    }

    internal static FailoverGroup Build(string name, IEnumerable<Uri> members, IMemberProbe probe)
    {
        FailoverGroupBuilder builder = new FailoverGroupBuilder(name).UseProbe(probe);
        foreach (Uri member in members)
        {
            builder.AddMember(member);
        }

        return builder.Build();
    }
}
