namespace Failover.Scenarios.Dns;

/// <summary>Something that befalls the site that the name leads to.</summary>
/// <param name="Name">What the rows call it.</param>
/// <param name="HappenAsync">Lets it happen; returns when it did.</param>
/// <param name="UndoAsync">Makes the site whole again.</param>
internal sealed record SiteFault(string Name, Func<Site, Task<long>> HappenAsync, Func<Site, Task> UndoAsync)
{
    internal static readonly IReadOnlyList<SiteFault> All =
    [
        new("kill", static site => site.KillAsync(), static site => site.StartAgainAsync()),
        new("freeze", static site => Task.FromResult(site.Freeze()), static site => Task.Run(site.Thaw)),
        new("503", static site => site.Web.AnswerWithAsync(503), static site => site.Web.AnswerWithAsync(200)),
    ];
}
