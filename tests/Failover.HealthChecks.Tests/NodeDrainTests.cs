using Microsoft.Extensions.Primitives;

namespace Failover.HealthChecks.Tests;

public class NodeDrainTests
{
    [Fact]
    public void A_node_drains_while_any_drain_lasts()
    {
        NodeDrain drain = new();

        Assert.True(drain.Begin("deployment"));
        Assert.True(drain.Begin("Deployment"));
        Assert.False(drain.Begin("deployment"));
        Assert.Equal(["Deployment", "deployment"], drain.Reasons);

        Assert.True(drain.End("deployment"));
        Assert.False(drain.End("deployment"));
        Assert.True(drain.IsDraining);

        Assert.True(drain.End("Deployment"));
        Assert.False(drain.IsDraining);
        Assert.Empty(drain.Reasons);
    }

    [Fact]
    public void A_node_that_is_ending_is_not_taken_back_into_service()
    {
        NodeDrain drain = new();
        drain.Begin("shutdown");

        Assert.False(drain.End("shutdown"));
        Assert.True(drain.IsDraining);
    }

    [Fact]
    public void Each_change_is_told_once()
    {
        NodeDrain drain = new();
        List<bool> told = [];
        using IDisposable following = ChangeToken.OnChange(drain.GetChangeToken, () => told.Add(drain.IsDraining));

        drain.Begin("a");
        drain.Begin("a");
        drain.Begin("b");
        drain.End("a");
        drain.End("b");
        drain.End("b");

        Assert.Equal([true, true, true, false], told);
    }

    [Fact]
    public async Task Drains_of_many_threads_are_all_there()
    {
        NodeDrain drain = new();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => drain.Begin($"{i}"))));
        Assert.Equal(200, drain.Reasons.Count);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => drain.End($"{i}"))));

        Assert.False(drain.IsDraining);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void A_drain_has_a_name(string? reason)
    {
        Assert.ThrowsAny<ArgumentException>(() => new NodeDrain().Begin(reason!));
        Assert.ThrowsAny<ArgumentException>(() => new NodeDrain().End(reason!));
    }
}
