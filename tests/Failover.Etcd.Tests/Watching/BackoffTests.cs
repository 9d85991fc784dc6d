using Failover.Etcd.Watching;

namespace Failover.Etcd.Tests.Watching;

public class BackoffTests
{
    [Fact]
    public void Each_endpoint_is_tried_at_once_and_then_pauses_grow_up_to_a_limit()
    {
        TimeSpan[] pauses = [.. Enumerable.Range(1, 12).Select(static failures => Backoff.After(failures, endpoints: 3))];

        Assert.Equal([0, 0, 0.25, 0.5, 1, 2, 4, 8, 10, 10, 10, 10], pauses.Select(static pause => pause.TotalSeconds));
        Assert.Equal(Backoff.Longest, Backoff.After(int.MaxValue, endpoints: 1));
    }

    [Fact]
    public void A_pause_is_never_longer_than_said_nor_shorter_than_half_of_it()
    {
        for (int i = 0; i < 1000; i++)
        {
            Assert.InRange(Backoff.Jittered(TimeSpan.FromSeconds(10)), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
        }
    }
}
