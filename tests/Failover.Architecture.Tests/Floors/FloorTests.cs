namespace Failover.Architecture.Tests.Floors;

public sealed class FloorTests
{
    private static readonly IReadOnlyCollection<TypeUse> Uses = new TypeUses(typeof(FailoverMember).Assembly).All();

    [Fact]
    public void Inside_Failover_no_type_knows_a_floor_above_its_own() => Assert.Empty(FloorMap.Violations(Uses));

    [Fact]
    public void Every_type_was_found_in_the_folder_of_its_source()
    {
        var folders = SourceFolders.Of(typeof(FailoverMember).Assembly);

        Assert.Equal("Members", folders[typeof(FailoverMember)]);
        Assert.Equal("Detection", folders[typeof(IMemberProbe)]);       // an interface: no code of its own
        Assert.Equal("Members", folders[typeof(MemberRole)]);           // an enumeration
        Assert.Equal("", folders[typeof(IFailoverBuilder)]);
        Assert.True(folders.Count > 50, $"only {folders.Count} types have a folder");
    }

    [Theory]
    [InlineData(nameof(IMemberProbe), nameof(FailoverMember))]              // in a signature
    [InlineData("GroupMonitor", "GroupFold")]                              // in code alone
    public void A_use_is_found(string user, string used) =>
        Assert.Contains(Uses, use => use.User == user && use.Used == used);

    [Fact]
    public void A_use_upwards_is_found()
    {
        TypeUse[] uses = [new("Epoch", "Members", "GroupState", "Engine"), new("GroupState", "Engine", "Epoch", "Members")];

        Assert.Equal("Epoch (Members) knows GroupState (Engine), which is on a floor above.", Assert.Single(FloorMap.Violations(uses)));
    }

    [Fact]
    public void A_use_of_the_root_is_found() =>
        Assert.Single(FloorMap.Violations([new("GroupMonitor", "Groups", "FailoverGroups", "")]));

    [Fact]
    public void A_folder_without_a_floor_is_found() =>
        Assert.Single(FloorMap.Violations([new("New", "Elsewhere", "Epoch", "Members")]));

    /// <summary>Every way to name a type, over <see cref="Named"/> and its like: the reader must see each.</summary>
    [Theory]
    [InlineData(typeof(NamesInField))]
    [InlineData(typeof(NamesInCode))]
    [InlineData(typeof(NamesInLambda))]
    [InlineData(typeof(NamesInAsync))]
    [InlineData(typeof(NamesInGenericArgument))]
    [InlineData(typeof(NamesAsBase))]
    [InlineData(typeof(NamesInConstraint<>))]
    [InlineData(typeof(NamesInPattern))]
    public void Every_way_to_name_a_type_is_seen(Type user) => Assert.Contains(typeof(Named), TypeUses.NamedBy(user));

    internal class Named
    {
        internal static int Value => 1;
    }

    private sealed class NamesInField
    {
        internal Named[]? Field { get; set; }
    }

    private sealed class NamesInCode
    {
        internal static int Code() => Named.Value;
    }

    private sealed class NamesInLambda
    {
        internal static Func<int> Code() => () => Named.Value;
    }

    private sealed class NamesInAsync
    {
        internal static async Task<int> Code()
        {
            await Task.Yield();
            return Named.Value;
        }
    }

    private sealed class NamesInGenericArgument
    {
        internal static IReadOnlyList<Dictionary<int, Named>> Code() => [];
    }

    private sealed class NamesAsBase : Named;

    private sealed class NamesInConstraint<T>
        where T : Named;

    private sealed class NamesInPattern
    {
        internal static bool Code(object value) => value is Named;
    }
}
