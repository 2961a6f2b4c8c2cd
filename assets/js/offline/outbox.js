/* offline/outbox: from the phone to the school, each thing once. A record and each of its photos is an item with a number made here
   (the idempotency key). States:

   waiting → sending → arrived → settled       sending without an answer stays `sending`: it is asked for before it is sent again
   conflict    somebody else changed the same record; the person chooses (the answer lies in `sealedConflict`)
   refused     the server said no for good, with its words in `why`
   arrived     the server's receipt is here; settled: asked once more, it is there with the same checksum, and the copy here goes

   off.sync({force})  → {is, sent, left}; one at a time on the phone, page or service worker
   off.queue(me, draft, files)   makes the items of a finished record, in one step with its draft
   Items: {key, of: draft id, kind: 'record'|'photo'|'signature', seq, state, tries, next, saidAt, size, sha256, receipt, arrivedAt, why} */
(function () {
  'use strict';
  const off = self.gyOffline;
  const PIECE = 96 * 1024;
  const WAITS = [5, 15, 60, 180, 600, 1800];

  /* Seconds until the next try: longer each time, a little different on each phone. */
  off.wait = function (tries) {
    return Math.round(WAITS[Math.min(tries, WAITS.length) - 1] * 1000 * (0.8 + Math.random() * 0.4));
  };

  off.queue = async function (me, draft, payload, files) {
    const said = Date.now();
    const record = await made(me, draft.id, said, payload);
    const changes = [{ in: 'items', put: record }].concat(instead(await off.db.all('items'), draft.id, record));
    files.forEach(function (file, i) {
      changes.push({ in: 'items', put: {
        key: file.key, of: draft.id, record: record.key, kind: file.kind, seq: said + 1 + i, state: 'waiting', tries: 0, next: 0,
        saidAt: file.at, size: file.size, sha256: file.sha256
      } });
    });
    changes.push({ in: 'drafts', put: Object.assign({}, draft, { state: 'queued', record: record.key, base: payload.base, ahead: [] }) });
    await off.db.write(changes);
    return record;
  };

  async function made(me, of, seq, payload) {
    const item = { key: off.uuid(), of: of, kind: 'record', seq: seq, state: 'waiting', tries: 0, next: 0, saidAt: Date.now() };
    return Object.assign(item, await sealed(me, item.key, payload));
  }

  async function sealed(me, key, payload) {
    const bytes = new TextEncoder().encode(JSON.stringify(payload));
    return { size: bytes.length, sha256: await off.sha256(bytes), sealed: await off.sealBytes(me, 'items', key, bytes) };
  }

  /* A record takes the place of those of the same draft that did not go through; their photos go with the new one. */
  function instead(items, of, record) {
    const over = items.filter(function (i) {
      const stuck = i.state === 'refused' || i.state === 'conflict' || (i.state === 'waiting' && !i.triedAt);
      return i.of === of && i.kind === 'record' && stuck;
    });
    const gone = over.map(function (i) { return i.key; });
    return gone.map(function (key) { return { in: 'items', del: key }; }).concat(
      items.filter(function (i) { return gone.indexOf(i.record) >= 0; }).map(function (i) {
        return { in: 'items', put: Object.assign({}, i, { record: record.key, state: i.state === 'refused' ? 'waiting' : i.state }) };
      }));
  }

  function mark(key, change) {
    return off.db.update('items', key, function (item) { return Object.assign({}, item, change); });
  }

  /* What became of things whose answer was lost, and whether what arrived is really there. */
  async function reconcile(me, items) {
    const asked = items.filter(function (i) { return i.state === 'sending' || i.state === 'arrived'; });
    for (let from = 0; from < asked.length; from += 50) {
      const some = asked.slice(from, from + 50);
      const told = await off.get('/visits/offline/arrived.json?keys=' + some.map(function (i) { return i.key; }).join(','));
      if (told.status !== 200) return told.status;
      for (const item of some) {
        const there = told.body.items[item.key];
        if (there && there.sha256 === item.sha256) await settle(me, item, there);
        else await mark(item.key, { state: 'waiting' });
      }
    }
    return 200;
  }

  /* Asked and found: the copy here can go. */
  async function settle(me, item, there) {
    if (!await arrive(me, item, there)) return;
    const changes = [{ in: 'items', put: Object.assign({}, await off.db.get('items', item.key), { state: 'settled', sealed: null }) }];
    if (item.kind !== 'record') changes.push({ in: 'files', del: item.key });
    await off.db.write(changes);
    if (item.kind === 'record') {
      // A draft that was not touched since it was queued has done its work.
      const draft = await off.db.get('drafts', item.of);
      if (draft && draft.state === 'queued' && draft.record === item.key) await off.db.write([{ in: 'drafts', del: draft.id }]);
    }
  }

  /* What was written here after `sent` went out, on top of what it became there: a field not touched since takes its value from there. */
  off.rebase = function (sent, mine, there) {
    const out = Object.assign({}, mine);
    Object.keys(there).forEach(function (name) {
      if (JSON.stringify(mine[name]) === JSON.stringify(sent[name])) out[name] = there[name];
    });
    return out;
  };

  /* The school may have put somebody else's changes together with these. Whatever is still being written here must build on that, or
     it would undo it unseen. Gives back whether it is done. */
  async function lookAhead(me, item) {
    const draft = await off.db.get('drafts', item.of);
    const after = (await off.db.all('items')).filter(function (i) { return i.of === item.of && i.kind === 'record' && i.seq > item.seq; });
    const open = draft && draft.state === 'open';
    if (!item.sealed || (!open && !after.length)) return true;
    const told = await off.get('/visits/offline/version.json?key=' + item.key);
    if (told.status !== 200) return false;
    const sent = (await off.unseal(me, 'items', item.key, item.sealed)).fields;
    for (const other of after) {
      const payload = await off.unseal(me, 'items', other.key, other.sealed);
      payload.fields = off.rebase(sent, payload.fields, told.body.record);
      payload.base = told.body.version;
      await off.db.put('items', Object.assign({}, other, await sealed(me, other.key, payload)));
    }
    if (open) {
      const ahead = await off.seal(me, 'ahead', item.of, { version: told.body.version, sent: sent, there: told.body.record });
      await off.db.update('drafts', item.of, function (d) { return Object.assign({}, d, { ahead: (d.ahead || []).concat([ahead]) }); });
    }
    return true;
  }

  async function arrive(me, item, there) {
    if (item.kind === 'record' && item.state !== 'arrived' && !await lookAhead(me, item)) return false;
    await mark(item.key, { state: 'arrived', receipt: there.receipt, arrivedAt: there.at, why: '' });
    return true;
  }

  async function sendRecord(me, item) {
    const text = new TextDecoder().decode(await off.openBytes(me, 'items', item.key, item.sealed));
    const payload = JSON.parse(text);
    // The device's clock may be wrong by years; how long ago by it is still right.
    const ago = function (at) { return Math.max(0, Date.now() - at); };
    return off.post('/visits/offline/record.json', {
      key: item.key, sha256: item.sha256, payload: text, visit: payload.visit,
      base: payload.base,
      said_ago: ago(item.saidAt), begun_ago: ago(payload.began_at || item.saidAt), said_at: item.saidAt
    });
  }

  async function sendFile(me, item) {
    const file = await off.db.get('files', item.key);
    if (!file) return { status: 422, body: { error: { code: 'lost', message: '' } } };
    const bytes = await off.openBytes(me, 'files', item.key, file.sealed);
    const count = Math.ceil(bytes.byteLength / PIECE);
    const at = '?key=' + item.key + '&of=' + count;
    // What came through last time is not sent again.
    const have = await off.get('/visits/offline/pieces.json' + at);
    if (have.status !== 200) return have;
    for (let n = 0; n < count; n++) {
      if (have.body.have.indexOf(n) >= 0) continue;
      const sent = await off.postBytes('/visits/offline/piece' + at + '&n=' + n, bytes.slice(n * PIECE, (n + 1) * PIECE));
      if (sent.status !== 200) return sent;
      await mark(item.key, { done: (n + 1) / count });
      off.told('items');
    }
    return off.post('/visits/offline/file.json', {
      key: item.key, kind: item.kind, record: item.record, pieces: count, sha256: item.sha256, said_ago: Math.max(0, Date.now() - item.saidAt), said_at: item.saidAt
    });
  }

  async function later(item, why) {
    const tries = item.tries + 1;
    await mark(item.key, { state: why === 'broken' ? 'waiting' : item.state, tries: tries, next: Date.now() + off.wait(tries), why: why });
  }

  /* One item on its way. Gives back whether the line still holds. */
  async function sendOne(me, item) {
    await mark(item.key, { state: 'sending', triedAt: Date.now(), why: '' });
    off.told('items');
    const told = item.kind === 'record' ? await sendRecord(me, item) : await sendFile(me, item);
    const error = told.body && told.body.error;
    if (told.status === 200) {
      return arrive(me, Object.assign({}, item, { state: 'sending' }), told.body);
    } else if (told.status === 409 && told.body && told.body.conflict) {
      const sealed = await off.seal(me, 'conflict', item.key, told.body.conflict);
      await mark(item.key, { state: 'conflict', sealedConflict: sealed, why: '' });
    } else if (told.status === 409 && told.body && told.body.again) {
      // It was changed or lost a piece on the way; it goes again from the beginning.
      await later(await off.db.get('items', item.key), 'broken');
    } else if (told.status === 401 || (told.status === 409 && error && error.code === 'form-expired')) {
      // Signed out meanwhile: nothing was stored, the item waits for its person.
      await mark(item.key, { state: 'waiting', next: 0 });
      return false;
    } else if (told.status === 0 || told.status >= 500 || told.status === 429) {
      await later(await off.db.get('items', item.key), told.status ? 'busy' : 'no-answer');
      return false;
    } else {
      const code = told.status === 404 || told.status === 403 ? 'not-yours' : (error && error.code) || String(told.status);
      await mark(item.key, { state: 'refused', why: code, words: (error && error.message) || '', fields: (error && error.fields) || [] });
    }
    return true;
  }

  function isDue(items, force) {
    const now = Date.now();
    return items.filter(function (item) {
      if (item.state !== 'waiting') return false;
      // A wait longer than the longest means that the clock was set back.
      if (!force && item.next > now && item.next - now < 3600000) return false;
      if (item.kind === 'record') {
        const before = items.some(function (i) { return i.of === item.of && i.kind === 'record' && i.seq < item.seq && off.isUnsent(i); });
        return !before;
      }
      const record = items.find(function (i) { return i.key === item.record; });
      return !record || record.state === 'arrived' || record.state === 'settled';
    });
  }

  async function run(force) {
    await off.age();
    const standing = await off.standing();
    if (standing.is !== 'same') return standing;
    const me = await off.me();
    let items = (await off.db.all('items')).sort(function (a, b) { return a.seq - b.seq; });
    if (await reconcile(me, items) !== 200) return { is: 'away' };
    let sent = 0;
    // Each item once a run: an item that waits again has its own time.
    const tried = {};
    for (;;) {
      items = (await off.db.all('items')).sort(function (a, b) { return a.seq - b.seq; });
      const next = isDue(items, force).find(function (i) { return !tried[i.key]; });
      if (!next) break;
      tried[next.key] = true;
      const holds = await sendOne(me, next);
      off.told('items');
      if (!holds) break;
      sent += 1;
    }
    await reconcile(me, await off.db.all('items'));
    await off.download();
    const left = (await off.db.all('items')).filter(off.isUnsent);
    return Object.assign(standing, { sent: sent, left: left.length });
  }

  let running = null;
  off.sync = function (how) {
    const force = Boolean(how && how.force);
    if (running) return running;
    const go = function () { return run(force); };
    const once = self.navigator.locks ? self.navigator.locks.request('gy-sync', go) : go();
    running = once.then(finished, function (e) { finished(); throw e; });
    return running;
  };
  function finished(result) {
    running = null;
    off.told('sync', result);
    return result;
  }

  /* When the next try is due, in milliseconds from now; null when nothing waits for one. */
  off.nextTry = async function () {
    const now = Date.now();
    const waits = (await off.db.all('items'))
      .filter(function (i) { return i.state === 'waiting' || i.state === 'sending'; })
      .map(function (i) { return Math.min(Math.max(0, i.next - now), 1800000); });
    return waits.length ? Math.min.apply(null, waits) : null;
  };

  /* Pages and worker tell one another what changed. */
  const channel = self.BroadcastChannel ? new BroadcastChannel('gongyu') : null;
  const heard = [];
  off.told = function (what, value) {
    heard.forEach(function (call) { call(what, value); });
    if (channel) channel.postMessage({ what: what });
  };
  off.hear = function (call) { heard.push(call); };
  if (channel) channel.onmessage = function (event) { heard.forEach(function (call) { call(event.data.what); }); };

  /* The person has chosen field by field: a new item that builds on the version the others saved. */
  off.resolve = async function (me, item, payload) {
    const record = await made(me, item.of, item.seq, payload);
    const items = await off.db.all('items');
    // What was queued after it is part of what was chosen from.
    const later = items.filter(function (i) { return i.of === item.of && i.kind === 'record' && i.seq > item.seq && i.state === 'waiting'; });
    const changes = [{ in: 'items', put: record }].concat(instead(items, item.of, record));
    later.forEach(function (i) { changes.push({ in: 'items', del: i.key }); });
    await off.db.write(changes);
    return record;
  };
})();
