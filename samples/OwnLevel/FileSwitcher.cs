using Failover;

namespace OwnLevel;

#region docs:switcher
/// <summary>The active member's address stands in a file, which another program reads.</summary>
public sealed class FileSwitcher(string path, IReadOnlyList<FailoverMember> members) : ISwitcher
{
    public async ValueTask<SwitchReading> ReadAsync(CancellationToken cancellationToken)
    {
        string content = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        FailoverMember? active = members.FirstOrDefault(member => member.Address.AbsoluteUri == content);
        return new SwitchReading(active, Version: content);
    }

    public SwitchPlan Plan(SwitchReading reading, FailoverMember target) =>
        new(reading, target, [$"write {target.Address} to {path}, which says {reading.Version}"]);

    public async ValueTask<SwitchReceipt> ApplyAsync(SwitchPlan plan, long? fencingToken, CancellationToken cancellationToken)
    {
        SwitchReading now = await ReadAsync(cancellationToken);
        if (now.Version != plan.From.Version)
        {
            return new SwitchReceipt(plan, SwitchOutcome.Conflict, now, "somebody else has changed the file");
        }

        await WriteAsync(plan.Target.Address.AbsoluteUri, cancellationToken);
        return new SwitchReceipt(plan, SwitchOutcome.Applied, await ReadAsync(cancellationToken), null);
    }

    public async ValueTask RestoreAsync(SwitchReceipt receipt, CancellationToken cancellationToken) =>
        await WriteAsync(receipt.Plan.From.Version, cancellationToken);

    private async ValueTask WriteAsync(string content, CancellationToken cancellationToken)
    {
        string draft = path + ".new";
        await File.WriteAllTextAsync(draft, content, cancellationToken);
        File.Move(draft, path, overwrite: true);      // a reader sees the old file or the new one, never half of one
    }
}
#endregion
