using Failover.Redis.Sentinel;
using Failover.Redis.Sets;
using static Failover.Redis.Tests.Sentinel.Words;

namespace Failover.Redis.Tests.Sentinel;

public class SentinelMessageTests
{
    [Theory]
    [InlineData("+try-failover", "master mymaster 10.0.0.1 6379", SentinelMessageKind.Begins, "10.0.0.1:6379", "10.0.0.1:6379")]
    [InlineData("+odown", "master mymaster 10.0.0.1 6379 #quorum 2/2", SentinelMessageKind.Look, "10.0.0.1:6379", "10.0.0.1:6379")]
    [InlineData("-odown", "master mymaster 10.0.0.1 6379", SentinelMessageKind.Look, "10.0.0.1:6379", "10.0.0.1:6379")]
    [InlineData("+sdown", "slave 10.0.0.2:6379 10.0.0.2 6379 @ mymaster 10.0.0.1 6379", SentinelMessageKind.Look, "10.0.0.1:6379", "10.0.0.2:6379")]
    [InlineData("+sdown", "sentinel 00ff 10.0.1.1 26379 @ mymaster 10.0.0.1 6379", SentinelMessageKind.Look, "10.0.0.1:6379", null)]
    [InlineData("+reboot", "master mymaster 10.0.0.1 6379", SentinelMessageKind.Look, "10.0.0.1:6379", "10.0.0.1:6379")]
    [InlineData("+convert-to-slave", "slave 10.0.0.2:6379 10.0.0.2 6379 @ mymaster 10.0.0.1 6379", SentinelMessageKind.Look, "10.0.0.1:6379", "10.0.0.2:6379")]
    [InlineData("+elected-leader", "master mymaster 10.0.0.1 6379", SentinelMessageKind.GoesOn, "10.0.0.1:6379", "10.0.0.1:6379")]
    [InlineData("+selected-slave", "slave 10.0.0.2:6379 10.0.0.2 6379 @ mymaster 10.0.0.1 6379", SentinelMessageKind.GoesOn, "10.0.0.1:6379", "10.0.0.2:6379")]
    [InlineData("+failover-state-send-slaveof-noone", "slave 10.0.0.2:6379 10.0.0.2 6379 @ mymaster 10.0.0.1 6379", SentinelMessageKind.Promotes, "10.0.0.1:6379", "10.0.0.2:6379")]
    [InlineData("+failover-state-wait-promotion", "slave 10.0.0.2:6379 10.0.0.2 6379 @ mymaster 10.0.0.1 6379", SentinelMessageKind.Awaits, "10.0.0.1:6379", "10.0.0.2:6379")]
    [InlineData("-failover-abort-slave-timeout", "master mymaster 10.0.0.1 6379", SentinelMessageKind.Aborts, "10.0.0.1:6379", "10.0.0.1:6379")]
    [InlineData("+switch-master", "mymaster 10.0.0.1 6379 10.0.0.2 6379", SentinelMessageKind.MayName, "10.0.0.1:6379", "10.0.0.2:6379")]
    [InlineData("+new-epoch", "7", SentinelMessageKind.MayName, null, null)]
    [InlineData("+vote-for-leader", "00ff 7", SentinelMessageKind.MayName, null, null)]
    [InlineData("+tilt", "#tilt mode entered", SentinelMessageKind.Tilts, null, null)]
    [InlineData("+try-failover", "master mymaster 2001:db8::1 6379", SentinelMessageKind.Begins, "[2001:db8::1]:6379", "[2001:db8::1]:6379")]
    [InlineData("+selected-slave", "slave [2001:db8::2]:6379 2001:db8:0::2 6379 @ mymaster 2001:db8::1 6379", SentinelMessageKind.GoesOn, "[2001:db8::1]:6379", "[2001:db8::2]:6379")]
    [InlineData("+switch-master", "mymaster Redis-A.example.com. 6379 redis-b.example.com 6380", SentinelMessageKind.MayName, "redis-a.example.com:6379", "redis-b.example.com:6380")]
    public void Messages_are_read_with_whom_they_are_about(string channel, string text, object kind, string? master, string? node)
    {
        SentinelMessage message = SentinelMessage.Read(channel, text, Service)!;

        Assert.Equal((SentinelMessageKind)kind, message.Kind);
        Assert.Equal((master, node), (message.Master?.ToString(), message.Node?.ToString()));
        Assert.Contains(channel, SentinelMessage.Channels);
    }

    [Theory]
    [InlineData("+try-failover", "master other 10.0.0.1 6379")]
    [InlineData("+selected-slave", "slave mymaster 10.0.0.2 6379 @ other 10.0.0.1 6379")]
    [InlineData("+switch-master", "other 10.0.0.1 6379 10.0.0.2 6379")]
    [InlineData("+try-failover", "")]
    [InlineData("+try-failover", "master mymaster 10.0.0.1")]
    [InlineData("+try-failover", "master mymaster 10.0.0.1 70000")]
    [InlineData("+try-failover", "master mymaster bad_host! 6379")]
    [InlineData("+try-failover", "master mymaster fe80::1%eth0 6379")]
    [InlineData("+selected-slave", "slave x 10.0.0.2 6379 mymaster 10.0.0.1 6379")]
    [InlineData("+switch-master", "mymaster 10.0.0.1 6379")]
    [InlineData("+sentinel", "sentinel 00ff 10.0.1.1 26379 @ mymaster 10.0.0.1 6379")]
    [InlineData(null, "master mymaster 10.0.0.1 6379")]
    [InlineData("+try-failover", null)]
    public void What_is_about_another_master_or_cannot_be_read_is_nothing(string? channel, string? text) => Assert.Null(SentinelMessage.Read(channel, text, Service));

    [Fact]
    public void Random_words_never_throw()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        string[] words = ["master", "slave", "sentinel", "@", "mymaster", "10.0.0.1", "::1", "6379", "", "#", "-1", "99999999999", "é", "\r\n"];
        string[] channels = [.. SentinelMessage.Channels];
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Join(' ', Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)]));
            Exception? error = Record.Exception(() => SentinelMessage.Read(channels[random.Next(channels.Length)], text, Service));
            Assert.True(error is null, $"{error} after {text}, seed {seed}");
        }
    }
}
