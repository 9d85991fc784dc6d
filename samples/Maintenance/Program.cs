// What people do with a group while it runs: drain a member for a deployment, take it back, hold the group where it is.
using Failover;
using Failover.Http;
using Maintenance;

using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
CancellationToken cancellationToken = limit.Token;
await using Backend serverA = await Backend.StartAsync("a");
await using Backend serverB = await Backend.StartAsync("b");
FailoverMember a = new("a", serverA.Address);
FailoverMember b = new("b", serverB.Address);

await using FailoverGroup group = new FailoverGroupBuilder("orders")
    .AddMember(a)
    .AddMember(b)
    .UseHttpProbe(new HttpProbeOptions())
    .Configure(options => options.Detection.TransitionInterval = TimeSpan.FromMilliseconds(200))
    .Build();
using HttpClient client = new(new FailoverHandler(group) { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = serverA.Address };

Switchovers switchovers = new(group, cancellationToken);
await switchovers.PrintedAsync(cancellationToken);
await BothHealthyAsync();
await ShowAsync("both are healthy");

#region docs:drain
group.Drain(a);                              // requests go elsewhere from now on; those in flight end in peace
#endregion
await switchovers.PrintedAsync(cancellationToken);
await ShowAsync("a is drained");

group.Drain(b);
await ShowAsync("both are drained");

group.Undrain(b);
#region docs:undrain
group.Undrain(a);                            // may be chosen again, after the hold-down
#endregion
await ShowAsync("both are back");

#region docs:switch
Switchover made = await group.SwitchToAsync("a", cancellationToken);     // at once, without a hold-down
#endregion
await switchovers.PrintedAsync(cancellationToken);
await ShowAsync($"switched to {made.To}, {made.Outcome}");

#region docs:pin
group.Pin();                                 // stays on a, whatever happens
#endregion
serverA.IsBroken = true;
while (group.Snapshot.Members[0].Verdict != Verdict.Unhealthy)
{
    await AskAsync(HttpMethod.Post);
}

await ShowAsync("pinned to a, and a is broken");

group.Unpin();
await switchovers.PrintedAsync(cancellationToken);
await ShowAsync("no longer pinned");
return group.Snapshot.Active == b ? 0 : 1;

async Task BothHealthyAsync()
{
    using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(10));
    while (group.Snapshot.Members.Any(member => member.Verdict != Verdict.Healthy))
    {
        await pause.WaitForNextTickAsync(cancellationToken);
    }
}

async Task ShowAsync(string title) =>
    Console.WriteLine($"{title + ":",-30} active {group.Snapshot.Active}, {group.Snapshot.Condition,-11} GET: {await AskAsync(HttpMethod.Get),-4} POST: {await AskAsync(HttpMethod.Post)}");

async Task<string> AskAsync(HttpMethod method)
{
    using HttpRequestMessage request = new(method, "/");
    using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
    return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(cancellationToken) : $"{(int)response.StatusCode}";
}
