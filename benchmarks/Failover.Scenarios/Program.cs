using System.Globalization;
using System.Net;
using Failover.Scenarios;
using Failover.Scenarios.Dns;
using Failover.Scenarios.Health;
using Failover.Scenarios.Health.Nodes;
using Failover.Scenarios.Http;
using Failover.Scenarios.Leases;
using Failover.Scenarios.Postgres;
using Failover.Scenarios.Redis;
using Failover.Scenarios.Redis.Steady;
using Failover.Scenarios.Servers;
using Failover.Scenarios.Virtual;

const string Usage = """
    Whole failovers, ours and the peers', against real processes that are killed, frozen and told to fail, among them a PostgreSQL cluster, Redis with Sentinel, a virtual address with keepalived and a name of DNS at BIND; and health endpoints, ours and the peers', each in a process of its own.

      http [--fault kill,freeze,503,slow,lowrate,flap,post,slowposts,hog|all] [--client failover,bare,…|all] [--rate 100,500] [--json FILE] [--short]
      postgres [--fault crash,freeze,switchover,hog,waiters|all] [--client failover,failover-raw,npgsql,…|all] [--runs 5] [--json FILE] [--short]
      redis [--fault planned,freeze,kill,leader-killed,two-sentinels-down,hog|all] [--client ours,ours-fast,sentinel,list|all] [--runs 5] [--json FILE] [--short]
      redis-steady [--rounds 300] [--json FILE]
      lease [--fault stop,kill,freeze,away|all] [--client failover-etcd,failover-postgresql,failover-kubernetes,distributedlock,leaderelector|all] [--runs 10] [--json FILE] [--short]
      vrrp [--fault unhealthy,kill,freeze,planned,node-death,heal,partition,silent|all] [--design failover,classic,script-1s|all] [--runs 5] [--json FILE] [--short]
      dns [--fault kill,freeze,503|all] [--client follower,follower-ttl,httpclient,lifetime15,npgsql,npgsql-followed|all] [--runs 5] [--probe 1] [--again 250] [--patience 500] [--fall 3] [--ttl 30] [--json FILE] [--short]
      health [--case answer,200connections,blocking,hanging,secrets,sigterm|all] [--json FILE] [--short]

    The exit code is 0 only if our own client kept every bar.
    """;

try
{
    switch (args)
    {
        case ["http", .. string[] rest]:
            return await HttpScenario.RunAsync(ScenarioOptions.Parse(rest));
        case ["postgres", .. string[] rest]:
            return await PostgresScenario.RunAsync(PostgresOptions.Parse(rest));
        case ["redis", .. string[] rest]:
            return await RedisScenario.RunAsync(RedisOptions.Parse(rest));
        case ["redis-steady", .. string[] rest]:
            return await SteadyScenario.RunAsync(SteadyOptions.Parse(rest));
        case ["lease", .. string[] rest]:
            return await LeaseScenario.RunAsync(LeaseScenarioOptions.Parse(rest));
        case ["vrrp", .. string[] rest]:
            return await VirtualScenario.RunAsync(VirtualScenarioOptions.Parse(rest));
        case ["dns", .. string[] rest]:
            return await DnsScenario.RunAsync(DnsScenarioOptions.Parse(rest));
        case [OwnNetwork.Inside, .. string[] rest]:
            return await DnsRuns.RunAsync(DnsScenarioOptions.Parse(rest));
        case ["health", .. string[] rest]:
            return await HealthScenario.RunAsync(HealthOptions.Parse(rest));
        case ["health-node", string kind, string load, string length]:
            return await HealthNode.RunAsync(kind, load, length == HealthNode.Short);
        case ["server", string name, string address, string port, string work, string journal]:
            return await BackendServer.RunAsync(name, IPAddress.Parse(address), int.Parse(port, CultureInfo.InvariantCulture), int.Parse(work, CultureInfo.InvariantCulture), journal);
        case ["hog", string seconds]:
            return CpuHog.Run(int.Parse(seconds, CultureInfo.InvariantCulture));
        default:
            Console.WriteLine(Usage);
            return 2;
    }
}
catch (ArgumentException problem)
{
    Console.Error.WriteLine(problem.Message);
    Console.Error.WriteLine(Usage);
    return 2;
}
