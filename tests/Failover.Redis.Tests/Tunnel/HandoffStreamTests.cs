using System.IO.Pipelines;
using System.Text;
using Failover.Redis.Tunnel;

namespace Failover.Redis.Tests.Tunnel;

public class HandoffStreamTests
{
    private const string Message = ">4\r\n$6\r\nMOVING\r\n:1\r\n:0\r\n$3\r\na:1\r\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Pipe _server = new();
    private readonly HandoffStream _stream;

    public HandoffStreamTests() => _stream = new HandoffStream(_server.Reader.AsStream());

    [Fact]
    public async Task A_read_that_waits_for_the_server_gets_the_message_at_once()
    {
        await SayAsync("%0\r\n");
        Assert.Equal("%0\r\n", await ReadAsync());
        Task<string> waiting = ReadAsync();
        Assert.False(waiting.IsCompleted);

        _stream.PutIn(Encoding.ASCII.GetBytes(Message));
        Assert.Equal(Message, await waiting.WaitAsync(Limit));
        Assert.False(_stream.IsMessageWaiting);
        await SayAsync("+OK\r\n");
        Assert.Equal("+OK\r\n", await ReadAsync());
    }

    [Fact]
    public async Task Amid_an_answer_the_message_waits_for_its_end_and_comes_before_the_next()
    {
        await SayAsync("*2\r\n$5\r\nab");
        Assert.Equal("*2\r\n$5\r\nab", await ReadAsync());
        Task<string> waiting = ReadAsync();
        _stream.PutIn(Encoding.ASCII.GetBytes(Message));
        Assert.False(waiting.IsCompleted);

        // In one piece with the next answers: what is read ends with this one all the same.
        await SayAsync("\r\nc\r\n+x\r\n:1\r\n:2\r\n");
        StringBuilder read = new(await waiting.WaitAsync(Limit));
        while (!read.ToString().EndsWith(":2\r\n", StringComparison.Ordinal))
        {
            read.Append(await ReadAsync());
        }

        Assert.Equal($"\r\nc\r\n+x\r\n{Message}:1\r\n:2\r\n", read.ToString());
    }

    [Fact]
    public async Task A_message_goes_through_a_buffer_that_is_smaller()
    {
        _stream.PutIn(Encoding.ASCII.GetBytes(Message));
        byte[] buffer = new byte[5];
        StringBuilder read = new();
        while (read.Length < Message.Length)
        {
            read.Append(Encoding.Latin1.GetString(buffer, 0, await _stream.ReadAsync(buffer)));
        }

        Assert.Equal(Message, read.ToString());
    }

    [Fact]
    public async Task A_second_message_is_dropped_while_the_first_waits_and_comes_after_it()
    {
        await SayAsync("$3\r\na");
        await ReadAsync();
        _stream.PutIn(Encoding.ASCII.GetBytes(Message));
        _stream.PutIn("+never\r\n"u8.ToArray());
        await SayAsync("bc\r\n");
        Assert.Equal("bc\r\n" + Message, await ReadAsync() + await ReadAsync());

        _stream.PutIn("+second\r\n"u8.ToArray());
        Assert.Equal("+second\r\n", await ReadAsync());
    }

    [Fact]
    public async Task On_what_is_not_known_nothing_is_put_in()
    {
        await SayAsync("%0\r\n");
        await ReadAsync();
        Assert.True(_stream.TakesMessages);
        await SayAsync("HTTP/1.1 200 OK\r\n");
        await ReadAsync();
        Assert.False(_stream.TakesMessages);
        Assert.True(_stream.RefusesMessages);

        _stream.PutIn(Encoding.ASCII.GetBytes(Message));
        await SayAsync("more\r\n");
        Assert.Equal("more\r\n", await ReadAsync());
    }

    [Fact]
    public async Task A_server_that_speaks_RESP2_takes_no_messages()
    {
        Assert.False(_stream.TakesMessages);
        Assert.False(_stream.RefusesMessages);
        await SayAsync("-ERR unknown command 'HELLO'\r\n");
        await ReadAsync();
        Assert.False(_stream.TakesMessages);
        Assert.True(_stream.RefusesMessages);
    }

    [Fact]
    public async Task The_caller_s_own_token_ends_a_read()
    {
        using CancellationTokenSource stop = new();
        ValueTask<int> read = _stream.ReadAsync(new byte[8], stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.AsTask().WaitAsync(Limit));
        await SayAsync("+OK\r\n");
        Assert.Equal("+OK\r\n", await ReadAsync());
    }

    [Fact]
    public async Task Under_a_flood_of_answers_each_message_stands_between_two_of_them_and_nothing_is_lost()
    {
        int seed = Random.Shared.Next();
        RandomResp values = new(new Random(seed));
        Random random = new(seed);
        string[] answers = [.. Enumerable.Range(0, 4_000).Select(_ => values.Next(resp3: true))];
        const string Put = "+put-in-by-us\r\n";
        bool isOver = false;
        int puts = 0;
        Task reading = Task.Run(async () =>
        {
            StringBuilder read = new();
            byte[] buffer = new byte[257];
            int expected = 0;
            while (expected < answers.Length)
            {
                read.Append(Encoding.Latin1.GetString(buffer, 0, await _stream.ReadAsync(buffer.AsMemory(0, 1 + random.Next(256)))));
                while (true)
                {
                    string now = read.ToString();
                    bool isPut = now.StartsWith(Put, StringComparison.Ordinal);
                    if (!isPut && (expected == answers.Length || !now.StartsWith(answers[expected], StringComparison.Ordinal)))
                    {
                        break;
                    }

                    read.Remove(0, isPut ? Put.Length : answers[expected++].Length);
                    puts += isPut ? 1 : 0;
                }

                Assert.True(read.Length < 20_000, $"seed {seed}: out of step at answer {expected}");
            }
        });
        Task putting = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                _stream.PutIn(Encoding.ASCII.GetBytes(Put));
                await Task.Yield();
            }
        });
        byte[] all = Encoding.Latin1.GetBytes(string.Concat(answers));
        Random cuts = new(seed + 1);
        for (int at = 0; at < all.Length;)
        {
            int part = Math.Min(all.Length - at, 1 + cuts.Next(700));
            await _server.Writer.WriteAsync(all.AsMemory(at, part));
            at += part;
        }

        await reading.WaitAsync(Limit);
        Volatile.Write(ref isOver, true);
        await putting;
        Assert.True(puts > 0);
    }

    private async Task SayAsync(string text) => await _server.Writer.WriteAsync(Encoding.Latin1.GetBytes(text));

    private async Task<string> ReadAsync()
    {
        byte[] buffer = new byte[1024];
        return Encoding.Latin1.GetString(buffer, 0, await _stream.ReadAsync(buffer).AsTask().WaitAsync(Limit));
    }
}
