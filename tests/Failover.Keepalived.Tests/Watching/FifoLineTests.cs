using System.Text;
using Failover.Keepalived.Watching;

namespace Failover.Keepalived.Tests.Watching;

public class FifoLineTests
{
    [Theory]
    [InlineData("INSTANCE \"VI_1\" MASTER 250", VrrpWord.Master, 250)]
    [InlineData("INSTANCE \"VI_1\" BACKUP 50", VrrpWord.Backup, 50)]
    [InlineData("INSTANCE \"VI_1\" FAULT 0", VrrpWord.Fault, 0)]
    [InlineData("INSTANCE \"VI_1\" STOP 50", VrrpWord.Stop, 50)]
    [InlineData("INSTANCE \"VI_1\" DELETED 50", VrrpWord.Deleted, 50)]
    [InlineData("INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 250", VrrpWord.HeardLowerMaster, 250)]
    [InlineData("INSTANCE \"VI_1\" MASTER_PRIORITY 250", VrrpWord.MasterPriority, 250)]
    [InlineData("INSTANCE \"VI_1\" BACKUP_PRIORITY 199", VrrpWord.BackupPriority, 199)]
    [InlineData("INSTANCE \"VI_1\" MASTER 255\r", VrrpWord.Master, 255)]
    public void Each_word_of_keepalived_is_read_with_its_priority(string text, object word, int priority) =>
        Assert.Equal(new FifoLine(false, "VI_1", (VrrpWord)word, priority), Read(text));

    [Fact]
    public void A_group_is_told_from_an_instance_and_an_old_keepalived_tells_no_priority()
    {
        Assert.Equal(new FifoLine(true, "VG 1", VrrpWord.Master, 0), Read("GROUP \"VG 1\" MASTER 0"));
        Assert.Equal(new FifoLine(false, "VI_1", VrrpWord.Master, null), Read("INSTANCE \"VI_1\" MASTER"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("INSTANCE")]
    [InlineData("INSTANCE \"")]
    [InlineData("INSTANCE \"\" MASTER 1")]
    [InlineData("INSTANCE \"VI_1\"")]
    [InlineData("INSTANCE \"VI_1\" ")]
    [InlineData("INSTANCE \"VI_1\" master 100")]
    [InlineData("INSTANCE \"VI_1\" MASTERLY 100")]
    [InlineData("INSTANCE \"VI_1\" MASTER -1")]
    [InlineData("INSTANCE \"VI_1\" MASTER 256")]
    [InlineData("INSTANCE \"VI_1\" MASTER 1e2")]
    [InlineData("INSTANCE \"VI_1\" MASTER 100 100")]
    [InlineData("SCRIPT \"VI_1\" MASTER 100")]
    [InlineData("INSTANCE \"VI_1\" MASINSTANCE \"VI_1\" BACKUP 50")]
    [InlineData("INSTANCE \"VI_1\"MASTER 100")]
    [InlineData("\0\0\0")]
    [InlineData("ÿþ\"\" ")]
    public void What_keepalived_does_not_write_is_no_line(string text) => Assert.Null(Read(text));

    [Fact]
    public void Whatever_bytes_come_nothing_is_thrown_and_no_line_is_made_of_them()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        byte[] parts = "INSTANCE GROUP \"VI_1\" MASTER 100\n\r"u8.ToArray();
        LineBuffer buffer = new();
        List<FifoLine> lines = [];
        for (int round = 0; round < 2000; round++)
        {
            byte[] piece = new byte[random.Next(0, 700)];
            for (int at = 0; at < piece.Length; at++)
            {
                piece[at] = random.Next(3) == 0 ? (byte)random.Next(256) : parts[random.Next(parts.Length)];
            }

            buffer.Add(piece, lines);
        }

        Assert.True(lines.Count == 0, $"seed {seed}");
        buffer.Add("\nINSTANCE \"VI_1\" MASTER 100\n"u8, lines);
        Assert.Equal(VrrpWord.Master, Assert.Single(lines).Word);
    }

    [Fact]
    public void A_line_that_comes_in_pieces_is_one_line()
    {
        LineBuffer buffer = new();
        List<FifoLine> lines = [];
        foreach (byte one in "INSTANCE \"VI_1\" MASTER 100\nINSTANCE \"VI_2\" BACKUP 50\nINST"u8.ToArray())
        {
            buffer.Add([one], lines);
        }

        Assert.Equal(["VI_1", "VI_2"], lines.Select(static line => line.Name));
        Assert.Equal(0, buffer.Skipped);
    }

    [Fact]
    public void A_line_without_an_end_is_skipped_up_to_its_end_and_takes_no_more_room_than_the_longest()
    {
        LineBuffer buffer = new();
        List<FifoLine> lines = [];
        for (int piece = 0; piece < 100; piece++)
        {
            buffer.Add(new byte[LineBuffer.Longest], lines);
        }

        buffer.Add(" INSTANCE \"VI_1\" FAULT 1\nINSTANCE \"VI_1\" MASTER 100\n"u8, lines);

        Assert.Equal(VrrpWord.Master, Assert.Single(lines).Word);
        Assert.Equal(1, buffer.Skipped);
    }

    [Fact]
    public void The_piece_of_a_line_whose_writer_has_gone_does_not_spoil_the_next_line()
    {
        LineBuffer buffer = new();
        List<FifoLine> lines = [];
        buffer.Add("INSTANCE \"VI_1\" MAS"u8, lines);
        buffer.Clear();
        buffer.Add("INSTANCE \"VI_1\" BACKUP 50\n"u8, lines);

        Assert.Equal(VrrpWord.Backup, Assert.Single(lines).Word);
    }

    private static FifoLine? Read(string text) => FifoLine.Read(Encoding.Latin1.GetBytes(text));
}
