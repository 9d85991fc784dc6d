// Drives the API by Cloudflare's own client, and prints what came of it as JSON. Arguments: what to do, and where.
const Cloudflare = require('cloudflare');
const [what, baseURL, zone_id, apiToken] = process.argv.slice(2);
const records = new Cloudflare({ apiToken, baseURL, maxRetries: 0 }).dns.records;

const short = record => `${record.name} ${record.type} ${record.content}`;
const refusal = async act => {
  try { await act(); return null; } catch (error) { return `${error.status} ${error.errors?.[0]?.code}`; }
};
const list = async query => {
  const all = [];
  for await (const record of records.list({ zone_id, ...query })) { all.push(record); }
  return all;
};
const a = (name, content, more) => ({ zone_id, name, type: 'A', ttl: 60, content, ...more });

const acts = {
  async exercise() {
    const name = 'www.example.com', told = {};
    const first = await records.create(a(name, '192.0.2.1', { comment: 'by hand' }));
    for (let at = 2; at <= 5; at++) { await records.create(a(name, `192.0.2.${at}`)); }
    told.pages = (await list({ name: { exact: name }, per_page: 2 })).map(short).sort();
    told.other = await list({ name: { exact: 'none.example.com' } });
    const edited = await records.edit(first.id, a(name, '192.0.2.9'));
    told.edited = [edited.id === first.id, edited.content, edited.comment];
    const put = await records.update(first.id, a(name, '192.0.2.8'));
    told.put = [put.id === first.id, put.content, put.comment];
    told.got = short(await records.get(first.id, { zone_id }));
    told.proxied = (await records.edit(first.id, a(name, '192.0.2.8', { proxied: true, ttl: 600 }))).ttl;
    told.identical = await refusal(() => records.create(a(name, '192.0.2.8')));
    told.alias = await refusal(() => records.create({ zone_id, name, type: 'CNAME', ttl: 60, content: 'x.example.com' }));
    told.ttl = await refusal(() => records.create(a(name, '192.0.2.7', { ttl: 5 })));
    told.kind = await refusal(() => records.edit(first.id, { zone_id, name, type: 'AAAA', ttl: 60, content: '2001:db8::1' }));

    const rest = (await list({ name: { exact: name } })).filter(record => record.id !== first.id);
    const batch = await records.batch({
      zone_id,
      deletes: rest.map(({ id }) => ({ id })),
      patches: [{ id: first.id, ...a(name, '192.0.2.2', { zone_id: undefined }) }],
      posts: [a(name, '192.0.2.3', { zone_id: undefined })],
    });
    told.batch = [batch.deletes.length, batch.patches.map(short), batch.posts.map(short)];
    told.gone = await refusal(() => records.batch({ zone_id, deletes: [{ id: rest[0].id }], posts: [a(name, '192.0.2.4', { zone_id: undefined })] }));
    told.left = (await list({ name: { exact: name } })).map(short).sort();
    told.deleted = (await records.delete(first.id, { zone_id })).id === first.id;
    told.again = await refusal(() => records.delete(first.id, { zone_id }));
    told.stranger = await refusal(() => new Cloudflare({ apiToken: 'cfut_stranger', baseURL, maxRetries: 0 }).dns.records.get(first.id, { zone_id }));
    told.zone = await refusal(() => records.get(first.id, { zone_id: '0'.repeat(32) }));
    return told;
  },

  // What stands at shop.example.com, and who says that he moved it.
  async look() {
    const all = [...await list({ name: { exact: 'shop.example.com' } }), ...await list({ name: { exact: '_failover.shop.example.com' } })];
    return all.map(record => `${short(record)} ${record.ttl} ${record.comment}`).sort();
  },

  async edit() {
    const [record] = await list({ name: { exact: 'shop.example.com' } });
    return short(await records.edit(record.id, a('shop.example.com', '192.0.2.99')));
  },
};
acts[what]().then(told => console.log(JSON.stringify(told)), error => { console.error(error); process.exit(1); });
