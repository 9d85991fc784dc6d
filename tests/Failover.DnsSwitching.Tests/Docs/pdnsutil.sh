#region docs:key
pdnsutil generate-tsig-key failover hmac-sha256
pdnsutil set-meta example.com TSIG-ALLOW-DNSUPDATE failover
#endregion
