#region docs:table
CREATE TABLE IF NOT EXISTS failover_leases (
    resource text COLLATE "C" PRIMARY KEY,
    holder text NOT NULL,
    attempt uuid,
    kept text,
    unreleased text,
    token bigint NOT NULL,
    epoch text NOT NULL,
    duration interval NOT NULL,
    expires_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON failover_leases TO app;
#endregion
