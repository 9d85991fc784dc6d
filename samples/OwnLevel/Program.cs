// A level of one's own in an hour: a probe, a switcher, and a group that puts them to work.
using Failover;
using OwnLevel;

using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
Greeter first = new();
await using Greeter second = new();
FailoverMember[] members = [new("first", first.Address), new("second", second.Address)];

string path = Path.Combine(Path.GetTempPath(), $"active-{Guid.NewGuid():N}");
await File.WriteAllTextAsync(path, members[0].Address.AbsoluteUri, limit.Token);
try
{
    #region docs:group
    FailoverGroupBuilder builder = new("greeters");
    foreach (FailoverMember member in members)
    {
        builder.AddMember(member);
    }

    await using FailoverGroup group = builder
        .UseProbe(new GreetingProbe())
        .UseSwitcher(new FileSwitcher(path, members))
        .Configure(options =>
        {
            options.Detection.ProbeInterval = TimeSpan.FromSeconds(1);
            options.Detection.TransitionInterval = TimeSpan.FromMilliseconds(200);
        })
        .Build();

    FailoverMember active = await group.WaitForActiveAsync(limit.Token);
    Console.WriteLine($"active: {active}");
    #endregion

    Console.WriteLine($"it greets: {await Caller.CallAsync(group, limit.Token)}");

    await using IAsyncEnumerator<Switchover> switchovers = group.ReadSwitchoversAsync(limit.Token).GetAsyncEnumerator();
    ValueTask<bool> next = switchovers.MoveNextAsync();
    await first.DisposeAsync();
    while (await next && !switchovers.Current.IsFinal)
    {
        next = switchovers.MoveNextAsync();
    }

    Switchover told = switchovers.Current;
    string content = await File.ReadAllTextAsync(path, limit.Token);
    Console.WriteLine($"{told.Cause}: {told.From} -> {told.To}, because {told.Evidence}");
    Console.WriteLine($"the file says: {(content == members[1].Address.AbsoluteUri ? "second" : content)}");
    return told.To.Name == "second" && content == members[1].Address.AbsoluteUri ? 0 : 1;
}
finally
{
    File.Delete(path);
}
