using System.Globalization;
using Failover.Redis.Resp;

namespace Failover.Redis.Tests.Resp;

public sealed class RespReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Answers_are_read_however_they_are_cut(int step)
    {
        string word = new('x', 9_000);
        RespReader reader = new(new DripStream($"+PONG\r\n:-42\r\n$-1\r\n*-1\r\n-ERR no\r\n*3\r\n$9000\r\n{word}\r\n*2\r\n:1\r\n$4\r\na\r\nb\r\n*0\r\n$0\r\n\r\n", step));

        Assert.Equal("PONG", (await ReadAsync(reader)).Text);
        Assert.Equal(-42, (await ReadAsync(reader)).Number);
        Assert.Equal(RespKind.Null, (await ReadAsync(reader)).Kind);
        Assert.Equal(RespKind.Null, (await ReadAsync(reader)).Kind);
        RespValue error = await ReadAsync(reader);
        Assert.Equal((RespKind.Error, "ERR no"), (error.Kind, error.Text));
        RespValue items = await ReadAsync(reader);
        Assert.Equal(word, items.Items[0].Text);
        Assert.Equal("a\r\nb", items.Items[1].Items[1].Text);
        Assert.Equal((RespKind.Array, 0), (items.Items[2].Kind, items.Items[2].Items.Length));
        Assert.Equal("", (await ReadAsync(reader)).Text);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData("+OK\n")]
    [InlineData(":\r\n")]
    [InlineData(":1.5\r\n")]
    [InlineData(": 1\r\n")]
    [InlineData(":99999999999999999999\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$3\r\nabcde\r\n")]
    [InlineData("$1048577\r\n")]
    [InlineData("$9223372036854775807\r\n")]
    [InlineData("*-2\r\n")]
    [InlineData("*10001\r\n")]
    [InlineData("*9223372036854775807\r\n")]
    [InlineData(">1\r\n+push\r\n")]
    [InlineData("%1\r\n+a\r\n+b\r\n")]
    [InlineData("_\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n")]
    public async Task What_is_no_answer_is_refused(string text) =>
        await Assert.ThrowsAsync<RespProtocolException>(() => ReadAsync(new(new DripStream(text, 100))).AsTask());

    [Fact]
    public async Task A_line_without_an_end_is_refused_at_the_bound() =>
        await Assert.ThrowsAsync<RespProtocolException>(() => ReadAsync(new(new DripStream("+" + new string('x', RespReader.MaxBytes + 100_000), 100_000))).AsTask());

    [Fact]
    public async Task Many_small_arrays_are_refused_at_the_bound_in_all()
    {
        // 1 + 200 * (1 + 50) values, no array of which is too long.
        string text = "*200\r\n" + string.Concat(Enumerable.Repeat("*50\r\n" + string.Concat(Enumerable.Repeat(":1\r\n", 50)), 200));

        await Assert.ThrowsAsync<RespProtocolException>(() => ReadAsync(new(new DripStream(text, 100_000))).AsTask());
    }

    [Fact]
    public async Task Long_strings_are_refused_at_the_bound_in_all()
    {
        string word = new('x', 300_000);
        string bulk = string.Create(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");

        Assert.Equal(3, (await ReadAsync(new(new DripStream("*3\r\n" + bulk + bulk + bulk, 100_000)))).Items.Length);
        await Assert.ThrowsAsync<RespProtocolException>(() => ReadAsync(new(new DripStream("*4\r\n" + bulk + bulk + bulk + bulk, 100_000))).AsTask());
    }

    [Theory]
    [InlineData("")]
    [InlineData("+PON")]
    [InlineData("$5\r\nab")]
    [InlineData("*2\r\n:1\r\n")]
    public async Task Half_an_answer_is_a_closed_connection(string text) =>
        await Assert.ThrowsAsync<EndOfStreamException>(() => ReadAsync(new(new DripStream(text, 100))).AsTask());

    [Fact]
    public async Task Random_bytes_end_as_an_answer_or_an_error_and_never_otherwise()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        const string Letters = "+-:$*>%\r\n0123456789 aé\0";
        for (int i = 0; i < 20_000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(40)).Select(_ => Letters[random.Next(Letters.Length)])]);
            Exception? error = await Record.ExceptionAsync(() => ReadAsync(new(new DripStream(text, 1 + random.Next(20)))).AsTask());
            Assert.True(error is null or RespProtocolException or EndOfStreamException, $"{error} after {text}, seed {seed}");
        }
    }

    private static ValueTask<RespValue> ReadAsync(RespReader reader) => reader.ReadAsync(CancellationToken.None);
}
