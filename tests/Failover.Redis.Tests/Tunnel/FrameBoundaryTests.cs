using System.Text;
using Failover.Redis.Tunnel;

namespace Failover.Redis.Tests.Tunnel;

public class FrameBoundaryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_answer_ends_where_it_ends_however_it_is_cut(bool resp3)
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        RandomResp values = new(random);
        FrameBoundary boundary = default;
        for (int i = 0; i < 3_000; i++)
        {
            string value = resp3 && random.Next(10) == 0 ? values.NextPush() : values.Next(resp3);
            byte[] bytes = Encoding.Latin1.GetBytes(value);
            for (int at = 0; at < bytes.Length;)
            {
                int part = Math.Min(bytes.Length - at, 1 + random.Next(random.Next(3) == 0 ? 1 : 64));
                boundary.Feed(bytes.AsSpan(at, part));
                at += part;
                string where = $"seed {seed}, value {i}, byte {at} of {bytes.Length}: {value}";
                Assert.False(boundary.IsLost, where);
                Assert.True(boundary.IsAtBoundary == (at == bytes.Length), where);
                Assert.True(boundary.Owed <= bytes.Length - at, where);
                Assert.True(boundary.Owed > 0 || boundary.IsAtBoundary, where);
            }
        }

        Assert.Equal(resp3, boundary.HasSeenResp3);
    }

    [Fact]
    public void Many_answers_in_one_piece_are_stepped_over_like_each_alone()
    {
        int seed = Random.Shared.Next();
        RandomResp values = new(new Random(seed));
        byte[] bytes = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, 2_000).Select(_ => values.Next(resp3: true))));

        FrameBoundary boundary = default;
        boundary.Feed(bytes.AsSpan(0, bytes.Length - 1));
        Assert.False(boundary.IsAtBoundary, $"seed {seed}");
        boundary.Feed(bytes.AsSpan(bytes.Length - 1));
        Assert.True(boundary.IsAtBoundary, $"seed {seed}");
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("\r\n")]
    [InlineData("$?\r\n;4\r\nwhat\r\n;0\r\n")]
    [InlineData("*?\r\n:1\r\n.\r\n")]
    [InlineData("$\r\n")]
    [InlineData("$-\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$--1\r\n")]
    [InlineData("$1-\r\n")]
    [InlineData("*1 \r\n")]
    [InlineData("*12\r3\n")]
    [InlineData("*3\n")]
    [InlineData("+OK\n")]
    [InlineData("+O\rK\r\n")]
    [InlineData("$3\r\nabcd\r\n")]
    [InlineData("$3\r\nabc\n\r")]
    [InlineData("$0\r\nx\r\n")]
    [InlineData("$99999999999999999999\r\n")]
    [InlineData("%9223372036854775807\r\n")]
    [InlineData("*1\r\n^\r\n")]
    public void It_says_that_it_is_lost_at_what_no_server_says_and_stays_so(string said)
    {
        FrameBoundary boundary = default;
        boundary.Feed(Encoding.Latin1.GetBytes("+OK\r\n" + said));
        Assert.True(boundary.IsLost);

        boundary.Feed("+OK\r\n"u8);
        Assert.True(boundary.IsLost);
        Assert.False(boundary.IsAtBoundary);
    }

    [Fact]
    public void Bytes_at_random_never_make_it_throw()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        const string Letters = "+-:$*%>~=|!_,#(0123456789\r\n\r\n\r\nx";
        for (int i = 0; i < 20_000; i++)
        {
            FrameBoundary boundary = default;
            for (int parts = 0; parts < 4; parts++)
            {
                boundary.Feed(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Letters[random.Next(Letters.Length)]))));
                Assert.True(boundary.Owed >= 0, $"seed {seed}, run {i}");
            }
        }
    }

    [Fact]
    public void It_tells_RESP3_by_the_first_answer_that_RESP2_does_not_have()
    {
        FrameBoundary boundary = default;
        Assert.False(boundary.HasSeen);
        boundary.Feed("*2\r\n$5\r\nproto\r\n:2\r\n+%1\r\n$3\r\n_,#\r\n"u8);
        Assert.True(boundary.HasSeen);
        Assert.False(boundary.HasSeenResp3);
        boundary.Feed("%"u8);
        Assert.True(boundary.HasSeenResp3);
    }
}
