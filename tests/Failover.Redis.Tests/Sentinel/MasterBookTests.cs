using Failover.Redis.Sentinel;
using static Failover.Redis.Tests.Sentinel.Words;

namespace Failover.Redis.Tests.Sentinel;

public class MasterBookTests
{
    private static readonly Epoch Five = new("mymaster@00000001", 5);

    private readonly MasterBook _book = new();

    [Fact]
    public void Nobody_is_primary_before_most_have_named_one() => Assert.Equal((MemberRole.Unknown, null), _book.Judge(A.Member, saysMaster: true));

    [Fact]
    public void Who_is_named_and_says_so_is_primary_and_who_only_says_so_is_not()
    {
        _book.Take(new MasterView { Master = A.Member, Epoch = Five });

        Assert.Equal((MemberRole.Primary, Five), _book.Judge(A.Member, saysMaster: true));
        Assert.Equal((MemberRole.Unknown, null), _book.Judge(B.Member, saysMaster: true));
    }

    [Fact]
    public void A_replica_is_one_whoever_is_named_and_tells_no_epoch()
    {
        _book.Take(new MasterView { Master = A.Member, Epoch = Five });

        Assert.Equal((MemberRole.Replica, null), _book.Judge(A.Member, saysMaster: false));
        Assert.Equal((MemberRole.Replica, null), _book.Judge(B.Member, saysMaster: false));
    }

    [Fact]
    public void While_one_is_pinned_the_other_is_not_primary()
    {
        _book.Take(new MasterView { Master = A.Member, Epoch = Five, Pinned = B.Member });

        Assert.Equal((MemberRole.Unknown, null), _book.Judge(A.Member, saysMaster: true));
        Assert.Equal((MemberRole.Primary, Five), _book.Judge(B.Member, saysMaster: true));
    }
}
