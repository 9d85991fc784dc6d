namespace Failover.PostgreSql.Tests.Patroni;

/// <summary>Answers of a real Patroni 3.0.2 to <c>GET /cluster</c>, as they came, during a switchover from pg-1 to pg-2.</summary>
internal static class Recorded
{
    internal const string Steady = """{"members": [{"name": "pg-1", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:28011/patroni", "host": "127.0.0.1", "port": 25431, "timeline": 1}, {"name": "pg-2", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:28012/patroni", "host": "127.0.0.1", "port": 25432, "timeline": 1, "lag": 0}]}""";

    internal const string Paused = """{"members": [{"name": "pg-1", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:28011/patroni", "host": "127.0.0.1", "port": 25431, "timeline": 1}, {"name": "pg-2", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:28012/patroni", "host": "127.0.0.1", "port": 25432, "timeline": 1, "lag": 0}], "pause": true}""";

    internal const string Scheduled = """{"members": [{"name": "pg-1", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:28011/patroni", "host": "127.0.0.1", "port": 25431, "timeline": 1}, {"name": "pg-2", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:28012/patroni", "host": "127.0.0.1", "port": 25432, "timeline": 1, "lag": 0}], "scheduled_switchover": {"at": "2026-12-24T12:00:00+00:00", "from": "pg-1", "to": "pg-2"}}""";

    internal const string Stopping = """{"members": [{"name": "pg-1", "role": "leader", "state": "stopping", "api_url": "http://127.0.0.1:28011/patroni", "host": "127.0.0.1", "port": 25431}, {"name": "pg-2", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:28012/patroni", "host": "127.0.0.1", "port": 25432, "timeline": 1, "lag": 0}]}""";

    internal const string Taken = """{"members": [{"name": "pg-1", "role": "replica", "state": "stopping", "api_url": "http://127.0.0.1:28011/patroni", "host": "127.0.0.1", "port": 25431, "lag": "unknown"}, {"name": "pg-2", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:28012/patroni", "host": "127.0.0.1", "port": 25432, "timeline": 1}]}""";

    internal const string Moved = """{"members": [{"name": "pg-1", "role": "replica", "state": "running", "api_url": "http://127.0.0.1:28011/patroni", "host": "127.0.0.1", "port": 25431, "timeline": 2, "lag": 0}, {"name": "pg-2", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:28012/patroni", "host": "127.0.0.1", "port": 25432, "timeline": 2}]}""";
}
