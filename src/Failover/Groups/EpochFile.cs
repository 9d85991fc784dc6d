using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Failover.Election;

namespace Failover.Groups;

/// <summary>
/// Keeps the highest epochs of a group over a restart. Written beside the file, flushed to the disk and renamed, so that a reader finds the old or the new one
/// and never half of one; one that is torn all the same counts as none. Processes that share it take turns by a lock on a file beside it, which stays: whoever removed it could let in two at once.
/// </summary>
internal sealed class EpochFile
{
    private const int FormatVersion = 1;
    private const int MaxLength = 1 << 20;
    private const int LockTries = 50;
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    private static int s_writers;

    private readonly string _path;
    private readonly int _writer = Interlocked.Increment(ref s_writers);
    private readonly GroupParts _parts;
    private readonly CancellationToken _stopping;
    private readonly SerialWorker<EpochBook> _worker;

    internal EpochFile(string path, GroupParts parts, CancellationToken stopping)
    {
        _path = path;
        _parts = parts;
        _stopping = stopping;
        _worker = new(1, static (_, later) => later, WriteAsync);
    }

    /// <summary>Whether one says more than the other of what is kept. When a lineage was last heard is not kept: it is a time of this run.</summary>
    internal static bool IsWorthWriting(EpochBook? before, EpochBook after) =>
        before is null
            ? after.Trusted is not null || !after.Highest.IsEmpty
            : !ReferenceEquals(before, after)
                && (before.Highest != after.Highest
                    || !string.Equals(before.Trusted, after.Trusted, StringComparison.Ordinal)
                    || !string.Equals(before.Asked, after.Asked, StringComparison.Ordinal));

    internal static EpochBook Load(string path, GroupParts parts)
    {
        try
        {
            return File.Exists(path) ? Read(path, parts.Name) : EpochBook.Empty;
        }
        catch (Exception exception)
        {
            // The file holds no secrets, and what is wrong with it is what its owner needs to know.
            Log.EpochFileUnusable(parts.Logger, path, parts.Name, exception is InvalidDataException or JsonException ? exception.Message : Evidence.Of(exception));
            return EpochBook.Empty;
        }
    }

    /// <summary>Writes a book soon. Of several that come meanwhile only the last is written.</summary>
    internal void Write(EpochBook epochs) => _worker.Post(epochs);

    internal Task WhenWrittenAsync() => _worker.WhenIdleAsync();

    private static EpochBook Read(string path, string group)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return file.Length > MaxLength ? throw new InvalidDataException("it is too long") : Parse(file, group);
    }

    private static EpochBook Parse(Stream json, string group)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Number(root, "version") is not { } number)
        {
            throw new InvalidDataException("it is not an epoch file");
        }

        if (number != FormatVersion)
        {
            throw new InvalidDataException($"its version is {number}, and only {FormatVersion} is known");
        }

        string? owner = Text(root, "group");
        if (!string.Equals(owner, group, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"it belongs to the group {owner}");
        }

        EpochBook book = EpochBook.Empty with { Trusted = Text(root, "trusted"), Asked = Text(root, "asked") };
        if (!root.TryGetProperty("highest", out JsonElement highest) || highest.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException("it has no list of epochs");
        }

        foreach (JsonElement epoch in highest.EnumerateArray())
        {
            if (epoch.ValueKind != JsonValueKind.Object || Text(epoch, "lineage") is not { } lineage || Number(epoch, "number") is not { } value)
            {
                throw new InvalidDataException("one of its epochs is not one");
            }

            book = book.Raise(new(lineage, value));
        }

        return book;
    }

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : null;

    private static string? Text(JsonElement element, string name) =>
        !element.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new InvalidDataException($"its {name} is not a text");

    private async ValueTask WriteAsync(EpochBook epochs)
    {
        while (true)
        {
            try
            {
                await ReplaceAsync(epochs).ConfigureAwait(false);
                return;
            }
            catch (Exception exception)
            {
                Log.EpochFileNotWritten(_parts.Logger, _path, _parts.Name, Evidence.Of(exception));
            }

            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(RetryPause, _parts.Time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            epochs = _worker.NewestOr(epochs);
        }
    }

    private async ValueTask ReplaceAsync(EpochBook epochs)
    {
        string path = Path.GetFullPath(_path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // What is read, raised and renamed has to be one: else a process that was overtaken puts back what it read.
        using FileStream turn = await LockAsync(path).ConfigureAwait(false);
        epochs = NotBelow(path, epochs);
        string temporary = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}-{_writer}.tmp");
        try
        {
            using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                Format(file, epochs);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Waits about a second for the turn. If it does not come the file stays as it is, and is written later: it may be behind, but never wrong.</summary>
    private async ValueTask<FileStream> LockAsync(string path)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < LockTries)
            {
                // Without the token: the last write of a group that stops waits for its turn as well.
                await Task.Delay(LockPause, _parts.Time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Another process may share the file for a while, as when a new version takes over from the old: none lowers what the other has seen.</summary>
    private EpochBook NotBelow(string path, EpochBook epochs)
    {
        try
        {
            return File.Exists(path) ? Read(path, _parts.Name).Highest.Aggregate(epochs, static (book, epoch) => book.Raise(epoch)) : epochs;
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            return epochs;
        }
    }

    private void Format(Stream file, EpochBook epochs)
    {
        using Utf8JsonWriter json = new(file, new() { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("version", FormatVersion);
        json.WriteString("group", _parts.Name);
        json.WriteString("trusted", epochs.Trusted);
        json.WriteString("asked", epochs.Asked);
        json.WriteStartArray("highest");
        foreach (Epoch epoch in epochs.Highest)
        {
            json.WriteStartObject();
            json.WriteString("lineage", epoch.Lineage);
            json.WriteNumber("number", epoch.Number);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
