using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using SessionsSurvive.Site;

namespace SessionsSurvive.Telling;

/// <summary>A user: logs in once, clicks without end, now on this node and now on that, and listens on the first what is said on the second.</summary>
internal sealed class Ada : IAsyncDisposable
{
    internal const string Name = "Ada";

    private static readonly TimeSpan ClickPause = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan SayPause = TimeSpan.FromMilliseconds(50);

    private readonly CookieContainer _cookies = new();
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<Click> _clicks = [];
    private readonly ConcurrentQueue<Message> _said = [];
    private readonly ConcurrentDictionary<string, long> _heard = [];
    private readonly HttpClient _client;
    private readonly HubConnection _hub;
    private readonly AppNode[] _nodes;
    private Task _running = Task.CompletedTask;

    private Ada(AppNode first, AppNode second)
    {
        _nodes = [first, second];
        _client = new(new SocketsHttpHandler { CookieContainer = _cookies, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };
        _hub = new HubConnectionBuilder().WithUrl(new Uri(first.Address, "/messages"), HttpTransportType.WebSockets, options => options.Cookies = _cookies).Build();
        _hub.On<string, string>(MessagesHub.Said, (_, text) => _heard[text] = Stopwatch.GetTimestamp());
        _hub.Closed += _ =>
        {
            HubLosses++;
            return Task.CompletedTask;
        };
    }

    internal IReadOnlyCollection<Click> Clicks => _clicks;

    internal IReadOnlyCollection<Message> Said => _said;

    /// <summary>How often the connection to the hub was closed.</summary>
    internal int HubLosses { get; private set; }

    internal static async Task<Ada> LogInAsync(AppNode first, AppNode second)
    {
        Ada ada = new(first, second);
        using FormUrlEncodedContent form = new(new Dictionary<string, string> { ["user"] = Name });
        using HttpResponseMessage answer = await ada._client.PostAsync(new Uri(first.Address, "/login"), form);
        await ada._hub.StartAsync();
        ada._running = Task.WhenAll(ada.ClickOnAsync(), ada.SayOnAsync());
        return ada;
    }

    internal bool HasHeard(Message message) => _heard.ContainsKey(message.Text);

    /// <summary>Clicks once on a node, with the cookies that she has.</summary>
    internal async Task<Click> ClickAsync(AppNode node)
    {
        long sent = Stopwatch.GetTimestamp();
        try
        {
            using HttpResponseMessage answer = await _client.PostAsync(new Uri(node.Address, "/count"), null);
            string words = await answer.Content.ReadAsStringAsync();
            return answer.StatusCode == HttpStatusCode.OK
                ? new(sent, Stopwatch.GetTimestamp(), int.Parse(words, CultureInfo.InvariantCulture), false, null)
                : new(sent, Stopwatch.GetTimestamp(), null, answer.StatusCode is HttpStatusCode.Found or HttpStatusCode.Unauthorized, $"{(int)answer.StatusCode} {words}");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return new(sent, Stopwatch.GetTimestamp(), null, false, exception.Message);
        }
    }

    /// <summary>Clicks and says no more, and waits for the answers.</summary>
    internal async Task EndAsync()
    {
        await _over.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _hub.DisposeAsync();
        _client.Dispose();
        _over.Dispose();
    }

    private async Task ClickOnAsync()
    {
        using PeriodicTimer pause = new(ClickPause);
        for (int i = 0; !_over.IsCancellationRequested; i++)
        {
            _clicks.Enqueue(await ClickAsync(_nodes[i % 2]));
            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task SayOnAsync()
    {
        using PeriodicTimer pause = new(SayPause);
        for (int i = 1; !_over.IsCancellationRequested; i++)
        {
            long sent = Stopwatch.GetTimestamp();
            string text = $"{i}", words = "";
            try
            {
                using HttpResponseMessage answer = await _client.PostAsync(new Uri(_nodes[1].Address, $"/say?text={text}"), null);
                words = answer.IsSuccessStatusCode ? "" : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                words = exception.Message;
            }

            _said.Enqueue(new(text, sent, words.Length == 0 ? null : words));
            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
