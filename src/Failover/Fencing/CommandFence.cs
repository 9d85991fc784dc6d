using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Failover.Fencing;
using Failover.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover;

/// <summary>
/// A fence that runs a command and believes its exit code: 0 says that the target is off. The command gets no input, its output is dropped (it may show secrets), and it runs as the app's user, with the app's environment.
/// </summary>
public sealed class CommandFence : IFence
{
    private readonly CommandFenceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Initializes a fence.</summary>
    /// <param name="options">The command. Do not change it later.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where it logs, as category <c>Failover.CommandFence</c>.</param>
    /// <exception cref="OptionsValidationException">There is no such program, or a setting is out of its range; it names all that is wrong.</exception>
    public CommandFence(CommandFenceOptions options, TimeProvider time, ILoggerFactory loggers)
        : this(options, nameof(CommandFenceOptions), time, loggers)
    {
    }

    /// <param name="options">The command.</param>
    /// <param name="prefix">What the options are called in messages.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where it logs.</param>
    internal CommandFence(CommandFenceOptions options, string prefix, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        IReadOnlyList<string> problems = CommandFenceRules.Problems(options, prefix);
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(nameof(CommandFenceOptions), typeof(CommandFenceOptions), problems);
        }

        (_options, _time, _logger) = (options, time, new SafeLogger(loggers.CreateLogger<CommandFence>()));
    }

    /// <inheritdoc/>
    /// <remarks>The command is logged with those of its arguments that hold a placeholder; the others may be passwords.</remarks>
    public async ValueTask<FenceResult> FenceAsync(FenceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string[] arguments = [.. _options.Arguments.Select(argument => Filled(argument, request))];
        string shown = string.Join(' ', arguments.Select((argument, i) => ReferenceEquals(argument, _options.Arguments[i]) ? "…" : argument).Prepend(_options.FileName));
        if (_options.DryRun)
        {
            Log.FenceDryRun(_logger, request.Target, request.Resource, shown);
            return new(true, "dry run: nothing was fenced");
        }

        Log.FenceBegins(_logger, request.Target, request.Resource, shown);
        FenceResult result = await RunAsync(arguments, cancellationToken).ConfigureAwait(false);
        if (result.Succeeded)
        {
            Log.Fenced(_logger, request.Target, request.Resource);
        }
        else
        {
            Log.NotFenced(_logger, request.Target, request.Resource, result.Evidence);
        }

        return result;
    }

    private async Task<FenceResult> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(_options.FileName, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            return new(false, $"the command could not be started (error {error.NativeErrorCode.ToString(CultureInfo.InvariantCulture)})");
        }

        process.StandardInput.Close();
        // Read, so that a command that tells much is not held up; and dropped.
        Task drained = Task.WhenAll(DropAsync(process.StandardOutput), DropAsync(process.StandardError));
        using CancellationTokenSource limit = new(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? new(true, "the command ended with 0") : new(false, $"the command ended with {process.ExitCode.ToString(CultureInfo.InvariantCulture)}");
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            return new(false, cancellationToken.IsCancellationRequested ? "the command was killed: the lease was lost, or the app stops" : $"the command was killed after {_options.Timeout}");
        }
        finally
        {
            _ = drained.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static async Task DropAsync(StreamReader from)
    {
        char[] buffer = new char[1024];
        while (await from.ReadAsync(buffer).ConfigureAwait(false) > 0)
        {
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Returns the argument itself if it holds nothing to be filled: such a one is not logged, as it may be a password.</summary>
    private static string Filled(string argument, FenceRequest request) => argument
        .Replace("{resource}", request.Resource, StringComparison.Ordinal)
        .Replace("{target}", request.Target, StringComparison.Ordinal)
        .Replace("{host}", request.Address?.Host ?? request.Target, StringComparison.Ordinal)
        .Replace("{port}", request.Address is { Port: > 0 } address ? address.Port.ToString(CultureInfo.InvariantCulture) : "", StringComparison.Ordinal)
        .Replace("{token}", request.Token?.ToString(CultureInfo.InvariantCulture) ?? "", StringComparison.Ordinal);
}
