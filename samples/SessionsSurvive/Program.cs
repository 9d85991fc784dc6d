using Failover.Redis;
using SessionsSurvive;
using SessionsSurvive.Demo;
using SessionsSurvive.Site;
using SessionsSurvive.Telling;

// dotnet run --project samples/SessionsSurvive -- [--serve]
// Exit code: 0 if every promise held, 1 if one did not, 2 if arguments are not understood or programs are missing.
if (args is not ([] or ["--serve"]))
{
    Console.Error.WriteLine($"'{string.Join(' ', args)}' is not understood. Usage: SessionsSurvive [--serve]");
    return 2;
}

if (NeededPrograms.WhatIsMissing() is { } missing)
{
    Console.Error.WriteLine(missing);
    return 2;
}

Console.WriteLine("Redis starts: a master, two replicas and three sentinels.");
await using DemoRedis redis = await DemoRedis.StartAsync();
await using AppNode first = await AppNode.StartAsync("node-1", redis);
await using AppNode second = await AppNode.StartAsync("node-2", redis);
(first.Neighbour, second.Neighbour) = (second.Address, first.Address);
if (args is [])
{
    return await new Story(redis, first, second).PlayAsync() ? 0 : 1;
}

Console.WriteLine($"""

    Open it:       {first.Address}
    another node:  {second.Address}  knows you too: your browser sends it the same cookies
    Ctrl+C ends it, and its servers.

    """);
await first.WaitForShutdownAsync();
return 0;
