using Failover.Tests.Groups;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Tests.Registration;

/// <summary>A real file, watched by .NET.</summary>
public sealed class FileFaultsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failover-");
    private readonly PhysicalFileProvider _files;
    private readonly JsonConfigurationSource _source;

    public FileFaultsTests()
    {
        _files = new PhysicalFileProvider(_folder.FullName);
        _source = new JsonConfigurationSource { FileProvider = _files, Path = "failover.json", ReloadOnChange = true };
        Save(Fall(3));
    }

    public void Dispose()
    {
        _files.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_file_that_is_broken_while_the_app_runs_is_told_and_changes_nothing()
    {
        await using TestHost host = await StartAsync();

        Save("{ \"Failover\":\n  { \"hush\" ");
        await Until.True(() => Told(host, 1904).Any());

        FakeLogRecord told = Told(host, 1904).First();
        Assert.Equal((LogLevel.Error, "A change of the configuration could not be read; every group goes on as before: the file failover.json cannot be read (JsonReaderException, line 2)."), (told.Level, told.Message));
        Assert.Equal("Failover:Groups:orders could not be read: the file failover.json cannot be read (JsonReaderException, line 2).", host.Groups["orders"].Snapshot.ConfigurationError);
        Assert.Equal(3, host.InForce<GroupOptions>("orders").Detection.Fall);

        Save(Fall(5));
        await Until.True(() => host.InForce<GroupOptions>("orders").Detection.Fall == 5);

        Assert.Null(host.Groups["orders"].Snapshot.ConfigurationError);
    }

    [Fact]
    public async Task A_broken_file_that_is_put_right_and_holds_nothing_is_told_anew()
    {
        await using TestHost host = await StartAsync();
        Save("{ ]");
        await Until.True(() => Told(host, 1904).Any());

        Save("{}");
        await Until.True(() => Told(host, 1904).Any(told => told.Message.Contains("is gone", StringComparison.Ordinal)));

        Assert.Equal("Failover:Groups:orders could not be read: the section Failover is gone, as it is where a file is missing, empty or broken.", host.Groups["orders"].Snapshot.ConfigurationError);
        Assert.Equal(3, host.InForce<GroupOptions>("orders").Detection.Fall);

        Save(Fall(5));
        await Until.True(() => host.InForce<GroupOptions>("orders").Detection.Fall == 5);
        Assert.Null(host.Groups["orders"].Snapshot.ConfigurationError);
    }

    // Where the app says that such a file does not matter, .NET tells a change, to nothing.
    [Fact]
    public async Task What_the_app_does_with_such_a_fault_is_still_done()
    {
        int heard = 0;
        _source.OnLoadException = fault =>
        {
            Interlocked.Increment(ref heard);
            fault.Ignore = true;
        };
        await using TestHost host = await StartAsync();

        Save("{ ]");
        await Until.True(() => Volatile.Read(ref heard) > 0 && Told(host, 1904).Any());

        Assert.Equal(3, host.InForce<GroupOptions>("orders").Detection.Fall);
        Assert.NotNull(host.Groups["orders"].Snapshot.ConfigurationError);
        Assert.Empty(Told(host, 1900));

        Save(Fall(5));
        await Until.True(() => host.InForce<GroupOptions>("orders").Detection.Fall == 5);
        Assert.Single(Told(host, 1904));
    }

    [Fact]
    public async Task After_the_end_nobody_listens()
    {
        TestHost host = await StartAsync();
        Assert.NotNull(_source.OnLoadException);

        await host.StopAsync();
        await host.DisposeAsync();

        Assert.Null(_source.OnLoadException);
    }

    private static string Fall(int fall) => $$"""{ "Failover": { "Groups": { "orders": { "Detection": { "Fall": {{fall}} } } } } }""";

    private static IEnumerable<FakeLogRecord> Told(TestHost host, int id) => host.Logs.GetSnapshot().Where(record => record.Id.Id == id);

    /// <summary>At once: what is read is never half a file.</summary>
    private void Save(string text)
    {
        string file = Path.Combine(_folder.FullName, "failover.json");
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }

    private async Task<TestHost> StartAsync()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.Sources.Add(_source);
        builder.Logging.AddFakeLogging();
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddCustomGroup("orders");
        var host = new TestHost(builder.Build());
        await host.StartAsync();
        return host;
    }
}
