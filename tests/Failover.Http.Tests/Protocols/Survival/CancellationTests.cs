using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>Cancelling is the caller's: when it comes, it ends what it would end without us, with the same exception and the caller's own token.</summary>
public sealed class CancellationTests(SurvivalServers servers) : SurvivalTests(servers)
{
    public static TheoryData<Wire, string> Requests
    {
        get
        {
            var data = new TheoryData<Wire, string>();
            foreach (Wire wire in Enum.GetValues<Wire>())
            {
                foreach (string request in (string[])["GET", "PUT", "POST", "POST with stream"])
                {
                    data.Add(wire, request);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Before_the_request_is_sent(Wire wire, string request)
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        IReadOnlyList<string> seen = await SameAsync(wire, context => context.Response.WriteAsync("ok"), run => run.SendAsync(Request(run, request), cancellationToken: cancelled.Token));

        Assert.Contains("threw: TaskCanceledException", seen);
        Assert.Contains("threw with the caller's token: True", seen);
        Assert.DoesNotContain(seen, line => line.StartsWith("a got", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task While_the_request_waits_for_headers(Wire wire, string request)
    {
        TaskCompletionSource asked = null!;
        TaskCompletionSource gone = null!;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                asked.SetResult();
                await UntilGoneAsync(context);
                gone.SetResult();
            },
            async run =>
            {
                (asked, gone) = (Signal(), Signal());
                using var caller = new CancellationTokenSource();
                Task sending = run.SendAsync(Request(run, request), cancellationToken: caller.Token);
                await asked.Task.WaitAsync(Given.Limit);
                await caller.CancelAsync();
                await sending;
                await gone.Task.WaitAsync(Given.Limit);
            });

        Assert.Contains("threw: TaskCanceledException", seen);
        Assert.Contains("threw with the caller's token: True", seen);
        Assert.DoesNotContain(seen, line => line.StartsWith("b ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task While_the_body_is_read(Wire wire, string request)
    {
        TaskCompletionSource gone = null!;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                await context.Response.WriteAsync("one");
                await context.Response.Body.FlushAsync();
                await UntilGoneAsync(context);
                gone.SetResult();
            },
            async run =>
            {
                gone = Signal();
                using var sender = new CancellationTokenSource();
                using var reader = new CancellationTokenSource();
                using HttpRequestMessage message = Request(run, request);
                using HttpResponseMessage response = await run.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, sender.Token);

                // Once the headers are there, the token that the request was sent with means nothing any more.
                await sender.CancelAsync();
                await using Stream body = await response.Content.ReadAsStreamAsync();
                byte[] word = new byte[3];
                await body.ReadExactlyAsync(word);
                Task<int> more = body.ReadAsync(word, reader.Token).AsTask();
                run.Seen.Add($"waits for more: {!more.IsCompleted}");
                await reader.CancelAsync();
                await run.TryAsync(() => more, reader.Token);
                response.Dispose();
                await gone.Task.WaitAsync(Given.Limit);
            });

        Assert.Contains("waits for more: True", seen);
        Assert.Contains("threw with the caller's token: True", seen);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task While_the_client_buffers_the_body(Wire wire, string request)
    {
        TaskCompletionSource gone = null!;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                await context.Response.WriteAsync("one");
                await context.Response.Body.FlushAsync();
                await UntilGoneAsync(context);
                gone.SetResult();
            },
            async run =>
            {
                gone = Signal();
                using var caller = new CancellationTokenSource();
                TaskCompletionSource headers = Signal();
                using var outermost = new HeadersSeen(run.Chain, headers.SetResult);
                using var client = new HttpClient(outermost) { BaseAddress = run.Client.BaseAddress };
                using HttpRequestMessage message = Request(run, request);
                Task sending = client.SendAsync(message, caller.Token);
                await headers.Task.WaitAsync(Given.Limit);
                await caller.CancelAsync();
                await run.TryAsync(() => sending, caller.Token);
                await gone.Task.WaitAsync(Given.Limit);
            });

        Assert.Contains("threw with the caller's token: True", seen);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task When_the_client_has_waited_long_enough(Wire wire, string request)
    {
        TaskCompletionSource gone = null!;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                await UntilGoneAsync(context);
                gone.SetResult();
            },
            async run =>
            {
                gone = Signal();
                run.Client.Timeout = TimeSpan.FromMilliseconds(100);
                await run.SendAsync(Request(run, request));
                await gone.Task.WaitAsync(Given.Limit);
            });

        Assert.Equal(["threw: TaskCanceledException", "threw: TimeoutException"], seen.Where(line => line.StartsWith("threw: ", StringComparison.Ordinal)).Take(2));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Of_everything_that_is_pending(Wire wire)
    {
        int asked = 0;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                Interlocked.Increment(ref asked);
                await UntilGoneAsync(context);
            },
            async run =>
            {
                asked = 0;
                Task<string>[] pending = [.. Enumerable.Range(0, 3).Select(_ => run.Client.GetStringAsync("/"))];
                await Given.UntilAsync(() => Volatile.Read(ref asked) == 3, () => $"{asked} of 3 asked");
                run.Client.CancelPendingRequests();
                foreach (Task<string> one in pending)
                {
                    await run.TryAsync(() => one);
                }
            },
            isAtOnce: true);

        Assert.Equal(3, seen.Count(line => line == "threw: TaskCanceledException"));
    }

    [Theory]
    [MemberData(nameof(Http1Wires))]
    public async Task Of_a_synchronous_call(Wire wire)
    {
        TaskCompletionSource asked = null!;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                asked.SetResult();
                await UntilGoneAsync(context);
            },
            async run =>
            {
                asked = Signal();
                using var caller = new CancellationTokenSource();
                using HttpRequestMessage request = run.Request(HttpMethod.Get, "/");
                Task sending = Task.Run(() => run.Client.Send(request, caller.Token));
                await asked.Task.WaitAsync(Given.Limit);
                await caller.CancelAsync();
                await run.TryAsync(() => sending, caller.Token);
            });

        Assert.Contains("threw with the caller's token: True", seen);
    }

    private static HttpRequestMessage Request(Run run, string kind)
    {
        HttpRequestMessage request = run.Request(new HttpMethod(kind.Split(' ')[0]), "/");
        request.Content = kind switch
        {
            "GET" => null,
            "POST with stream" => new StreamContent(new MemoryStream("content"u8.ToArray())),
            _ => new StringContent("content"),
        };
        return request;
    }

    private static async Task UntilGoneAsync(HttpContext context) =>
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
