using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using StackExchange.Redis;

namespace Failover.TestNode;

/// <summary>Checks as apps write them, that put into their exceptions, their words and their data all they know: connection strings, addresses with passwords, tokens. Each fails, with a real driver's real exception.</summary>
internal static class CarelessChecks
{
    internal static void Add(IHealthChecksBuilder checks, string secret, string database, string redis)
    {
        string wrong = new NpgsqlConnectionStringBuilder(database) { Password = secret, PersistSecurityInfo = true, IncludeErrorDetail = true }.ConnectionString;
        string cache = $"{redis},password={secret},abortConnect=true,connectTimeout=500,connectRetry=1";
        string address = $"http://app:{secret}@127.0.0.1:1/orders?access_token={secret}";
        Add(checks, "password", wrong, async token =>
        {
            await using NpgsqlConnection connection = new(wrong);
            await connection.OpenAsync(token);
        });
        Add(checks, "query", database, async token =>
        {
            // The server says the whole statement back: Detail, Hint, Where.
            await using NpgsqlConnection connection = new($"{database};Include Error Detail=true");
            await connection.OpenAsync(token);
            await using NpgsqlCommand command = new($"DO $$ BEGIN RAISE EXCEPTION 'login with Password={secret} failed' USING DETAIL = 'https://app:{secret}@db/'; END $$", connection);
            await command.ExecuteNonQueryAsync(token);
        });
        Add(checks, "redis", cache, async _ => await ConnectionMultiplexer.ConnectAsync(cache));
        Add(checks, "http", address, async token =>
        {
            using HttpClient client = new();
            client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
            await client.GetStringAsync(address, token);
        });
        Add(checks, "header", $"Authorization: Bearer {secret}", _ => throw new InvalidOperationException($"Refused: X-Api-Key: {secret}"));
        checks.AddDatabase("own-password", NpgsqlDataSource.Create(wrong)).AddHttpDependency("own-http", new Uri($"http://127.0.0.1:1/?token={secret}"));
    }

    /// <summary>Twice each: once what the driver threw, once in the app's words around it.</summary>
    private static void Add(IHealthChecksBuilder checks, string name, string knows, Func<CancellationToken, Task> fail) => checks
        .AddAsyncCheck(name, async token =>
        {
            await fail(token);
            return HealthCheckResult.Healthy();
        })
        .AddAsyncCheck($"{name}-wrapped", async token =>
        {
            try
            {
                await fail(token);
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy($"Cannot reach {knows}", new InvalidOperationException($"With {knows}", exception), new Dictionary<string, object> { ["connection"] = knows, [knows] = 1, ["exception"] = exception.ToString() });
            }
        });
}
