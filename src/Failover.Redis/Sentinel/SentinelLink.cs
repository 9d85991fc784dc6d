using Failover.Redis.Resp;
using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>The two connections to one address of a sentinel: one asks, and one listens. Both are made again, with a growing pause, as often as they end.</summary>
/// <param name="address">Where it is from here.</param>
/// <param name="isConfigured">Whether the settings name it.</param>
/// <param name="settings">How it is asked.</param>
/// <param name="listener">Who is told.</param>
/// <param name="time">The clock.</param>
internal sealed class SentinelLink(HostAndPort address, bool isConfigured, SentinelWatchSettings settings, ISentinelListener listener, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // However much a sentinel publishes, it is asked a hundred times a second at most.
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(10);

    private readonly string[] _askAddress = ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", settings.ServiceName];
    private readonly string[] _askMaster = ["SENTINEL", "MASTER", settings.ServiceName];
    private readonly string[] _askSentinels = ["SENTINEL", "SENTINELS", settings.ServiceName];
    private readonly string[] _askReplicas = ["SENTINEL", "REPLICAS", settings.ServiceName];
    private readonly Wake _ask = new(time);

    /// <summary>Gets where it is from here.</summary>
    internal HostAndPort Address => address;

    /// <summary>Gets whether the settings name it; else most of the sentinels do.</summary>
    internal bool IsConfigured => isConfigured;

    /// <summary>Has it asked at once.</summary>
    internal void AskNow() => _ask.Set();

    /// <summary>Asks and listens until the token is cancelled. Does not throw.</summary>
    internal Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        AgainAsync(AskAsync, listener.Silent, cancellationToken),
        AgainAsync(ListenAsync, listener.Deaf, cancellationToken));

    private async Task AgainAsync(Func<Action, CancellationToken, Task> connect, Action<SentinelLink, string> tell, CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await connect(() => pause = FirstPause, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // Whatever it is, a sentinel is asked on.
                tell(this, RespFaults.IsFault(fault) ? RespFaults.EvidenceOf(fault) : fault.GetType().Name);
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Connects, and asks until something fails.</summary>
    private async Task AskAsync(Action works, CancellationToken cancellationToken)
    {
        await using RespConnection connection = await LimitedAsync(ConnectAsync, cancellationToken).ConfigureAwait(false);
        RespValue said = await LimitedAsync(token => connection.AskAsync(token, "SENTINEL", "MYID").AsTask(), cancellationToken).ConfigureAwait(false);
        string id = SentinelWord.IsId(said.Text) ? said.Text! : throw new RespProtocolException("SENTINEL MYID gives no id");
        SentinelWord? whole = null;
        long listed = 0;
        int unread = 0;
        while (true)
        {
            bool asksAll = whole is null || time.GetElapsedTime(listed) >= settings.Interval - LeastPause;
            string[][] commands = asksAll ? [_askAddress, _askMaster, _askAddress, _askSentinels, _askReplicas] : [_askAddress, _askMaster, _askAddress];
            RespValue[] answers = await LimitedAsync(token => connection.AskAllAsync(commands, token).AsTask(), cancellationToken).ConfigureAwait(false);
            SentinelWord? word = SentinelWord.Read(id, answers[0], answers[1], answers[2]);
            word = asksAll ? word?.With(answers[3], answers[4]) : word is null ? null : word with { Sentinels = whole!.Sentinels, Replicas = whole.Replicas };
            if (asksAll)
            {
                (whole, listed) = (word, time.GetTimestamp());
            }

            if (word is not null)
            {
                unread = 0;
                listener.Heard(this, word);
                works();
            }
            else if (++unread < 3)
            {
                // It may have changed between two of the answers.
                AskNow();
            }
            else
            {
                throw new RespProtocolException("what it says of the master cannot be read");
            }

            await Task.Delay(LeastPause, time, cancellationToken).ConfigureAwait(false);
            await _ask.WaitAsync(listener.Pace - LeastPause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Connects, and listens until something fails. A sentinel that says nothing is asked for a sign of life.</summary>
    private async Task ListenAsync(Action works, CancellationToken cancellationToken)
    {
        await using RespConnection connection = await LimitedAsync(ConnectAsync, cancellationToken).ConfigureAwait(false);
        using CancellationTokenSource silence = new(settings.AnswerLimit, time);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        await connection.SendAsync(end.Token, ["SUBSCRIBE", .. SentinelMessage.Channels]).ConfigureAwait(false);
        int unheard = SentinelMessage.Channels.Count;
        Task pinging = PingAsync(connection, end.Token);
        try
        {
            while (true)
            {
                RespValue answer = await connection.ReadAsync(end.Token).ConfigureAwait(false);
                silence.CancelAfter(settings.AnswerLimit + settings.Interval);
                if (answer.Kind == RespKind.Error)
                {
                    throw connection.ErrorOf(answer);
                }

                if (answer.Items is [{ Text: "subscribe" }, ..] && --unheard == 0)
                {
                    works();
                    listener.Deaf(this, null);

                    // What was published meanwhile was missed.
                    AskNow();
                }
                else if (answer.Items is [{ Text: "message" }, { } channel, { } text] && SentinelMessage.Read(channel.Text, text.Text, settings.ServiceName) is { } message)
                {
                    listener.Told(this, message);
                }
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await pinging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PingAsync(RespConnection connection, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(settings.Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            await connection.SendAsync(cancellationToken, "PING").ConfigureAwait(false);
        }
    }

    private Task<RespConnection> ConnectAsync(CancellationToken cancellationToken) => RespConnection.ConnectAsync(address.Host, address.Port, settings.Access, cancellationToken);

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(settings.AnswerLimit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        return await call(either.Token).ConfigureAwait(false);
    }
}
