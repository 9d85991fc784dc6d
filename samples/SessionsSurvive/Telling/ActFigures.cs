using System.Diagnostics;

namespace SessionsSurvive.Telling;

/// <summary>What became of Ada's clicks and of the messages in one act.</summary>
internal sealed class ActFigures
{
    /// <summary>Replication is asynchronous: what a master that is killed had answered just before may be lost with it.</summary>
    private static readonly TimeSpan AtRisk = TimeSpan.FromSeconds(1);

    internal ActFigures(Act act, long end, Ada ada)
    {
        Act = act;
        Clicks = [.. ada.Clicks.Where(click => click.Sent >= act.Began && click.Sent < end)];
        Said = [.. ada.Said.Where(message => message.Sent >= act.Began && message.Sent < end)];
        Unheard = [.. Said.Where(message => !ada.HasHeard(message))];
        long again = Said.Where(message => message.Sent >= act.Followed && ada.HasHeard(message)).Select(static message => message.Sent).DefaultIfEmpty(long.MaxValue).Min();
        (Lost, LostAtKill) = Count(act, ada);
        UnheardAgain = Unheard.Count(message => message.Sent >= again);
        IsHeardAgain = again != long.MaxValue;
    }

    internal Act Act { get; }

    internal IReadOnlyList<Click> Clicks { get; }

    internal IReadOnlyList<Click> Failed => [.. Clicks.Where(static click => click.Count is null)];

    /// <summary>Failed, although both nodes had the new master when they were sent.</summary>
    internal int FailedLate => Failed.Count(click => click.Sent >= Act.Followed);

    internal TimeSpan Longest => Clicks.Select(static click => Stopwatch.GetElapsedTime(click.Sent, click.Ended)).DefaultIfEmpty().Max();

    /// <summary>Clicks that were answered and are not in the session, without those in <see cref="LostAtKill"/>.</summary>
    internal int Lost { get; }

    /// <summary>Clicks that a master answered just before it was killed, and that went with it.</summary>
    internal int LostAtKill { get; }

    internal IReadOnlyList<Message> Said { get; }

    internal IReadOnlyList<Message> Unheard { get; }

    /// <summary>Whether a message was heard that was said when both nodes had the new master.</summary>
    internal bool IsHeardAgain { get; }

    /// <summary>Messages that were not heard, and were said later than that one.</summary>
    internal int UnheardAgain { get; }

    /// <summary>She waits for each answer before she clicks again: the next one is one more.</summary>
    private static (int Lost, int LostAtKill) Count(Act act, Ada ada)
    {
        int lost = 0, atKill = 0;
        Click[] answered = [.. ada.Clicks.Where(static click => click.Count is not null)];
        for (int i = 1; i < answered.Length; i++)
        {
            (Click before, Click click) = (answered[i - 1], answered[i]);
            int missing = before.Count!.Value + 1 - click.Count!.Value;
            if (missing <= 0 || click.Ended < act.Began || before.Ended > act.Followed)
            {
                continue;
            }

            int young = answered.Count(other => other.Ended <= before.Ended && Stopwatch.GetElapsedTime(other.Ended, before.Ended) < AtRisk);
            (lost, atKill) = act.Kind == ActKind.Killed && missing <= young ? (lost, atKill + missing) : (lost + missing, atKill);
        }

        return (lost, atKill);
    }
}
