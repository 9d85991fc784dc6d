using Failover.Redis.Sets;

namespace Failover.Redis.Tests.Sets;

public class RedisSetTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData(",password=sesame", true)]
    [InlineData(",user=shop,password=sesame", true)]
    [InlineData(",user=shop,password=sesame,sentinelPassword=sesame", false)]
    [InlineData(",user=shop,password=sesame,sentinelUser=shop", false)]
    public async Task Only_what_is_said_for_the_sentinels_themselves_has_to_be_known_to_them(string settings, bool mayBeUnknown)
    {
        RedisGroupOptions options = new() { ConnectionString = $"sentinel-a,serviceName=mymaster{settings}" };
        await using RedisSet set = new("cache", options, new SetParts());
        await using RedisSet given = new("cache", options, new SetParts { SentinelCredentials = static _ => new((RedisCredentials?)null) });

        Assert.Equal((false, mayBeUnknown, false), (set.ToNodes.MayBeUnknown, set.ToSentinels.MayBeUnknown, given.ToSentinels.MayBeUnknown));
    }
}
