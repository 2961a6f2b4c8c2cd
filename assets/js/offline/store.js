/* offline/store: what lies on the phone. One IndexedDB database, `gongyu`; everything that says something about a child is
   sealed with AES-GCM under a key that belongs to one account and cannot leave the browser (not extractable). Shared by the
   pages and the service worker as `self.gyOffline`.

   meta    me {k, account, key, device, seen, offset, day}      whose phone this is now; `seen` is the server's time at the last contact
   visits  {id, key, day, sealed}                               the visits of the next days; `key` is the phone's number of one begun here
   drafts  {id, at, state, sealed}                              records being written; `id` is the visit's, or the phone's own for one not planned
   files   {key, draft, sealed}                                 photos
   items   {key, of, kind, seq, state, tries, …, sealed}        the outbox: one line for each record and each photo
   door    {id, day, state, sealed}                             the list of an open day's door, and who came while there was no network
   Names of states, moments and receipts are in the clear, so that the outbox can be counted without the key. */
(function () {
  'use strict';
  const off = self.gyOffline = self.gyOffline || {};
  const STORES = { meta: 'k', visits: 'id', drafts: 'id', files: 'key', items: 'key', door: 'id' };
  let opened = null;

  function open() {
    if (opened) return opened;
    opened = new Promise(function (done, failed) {
      const asked = self.indexedDB.open('gongyu', 2);
      asked.onupgradeneeded = function () {
        Object.keys(STORES).forEach(function (name) {
          if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, { keyPath: STORES[name] });
        });
      };
      asked.onsuccess = function () {
        const db = asked.result;
        db.onversionchange = function () { db.close(); opened = null; };
        db.onclose = function () { opened = null; };
        done(db);
      };
      asked.onerror = function () { opened = null; failed(asked.error); };
      asked.onblocked = function () { opened = null; failed(new Error('blocked')); };
    });
    return opened;
  }

  function answer(request) {
    return new Promise(function (done, failed) {
      request.onsuccess = function () { done(request.result); };
      request.onerror = function () { failed(request.error); };
    });
  }

  async function begin(names, mode) {
    const db = await open();
    try {
      // Strict: an answer means it is on the disk, also when the battery dies.
      return db.transaction(names, mode, mode === 'readwrite' ? { durability: 'strict' } : undefined);
    } catch (e) {
      if (e.name !== 'InvalidStateError') throw e;
      opened = null;
      return (await open()).transaction(names, mode);
    }
  }

  /* Several changes as one: [{in: 'items', put: value} | {in: 'items', del: key} | {in: 'items', clear: true}]. */
  async function write(changes) {
    if (!changes.length) return;
    const names = changes.map(function (c) { return c.in; }).filter(function (n, i, all) { return all.indexOf(n) === i; });
    const tx = await begin(names, 'readwrite');
    changes.forEach(function (c) {
      const store = tx.objectStore(c.in);
      if (c.clear) store.clear(); else if ('del' in c) store.delete(c.del); else store.put(c.put);
    });
    return new Promise(function (done, failed) {
      tx.oncomplete = function () { done(); };
      tx.onabort = tx.onerror = function () { failed(tx.error || new Error('not kept')); };
    });
  }

  off.db = {
    get: async function (name, key) { return answer((await begin([name], 'readonly')).objectStore(name).get(key)); },
    all: async function (name) { return answer((await begin([name], 'readonly')).objectStore(name).getAll()); },
    write: write,
    put: function (name, value) { return write([{ in: name, put: value }]); },
    /* Changes one value as it is now; `change` gives the new one, or nothing to leave it. */
    update: async function (name, key, change) {
      const tx = await begin([name], 'readwrite');
      const store = tx.objectStore(name);
      const asked = store.get(key);
      asked.onsuccess = function () {
        const changed = asked.result && change(asked.result);
        if (changed) store.put(changed);
      };
      return new Promise(function (done, failed) {
        tx.oncomplete = function () { done(asked.result); };
        tx.onabort = tx.onerror = function () { failed(tx.error || new Error('not kept')); };
      });
    }
  };

  /* A number nobody can guess, made on the phone: the key by which the server knows a thing again. */
  off.uuid = function () {
    if (self.crypto.randomUUID) return self.crypto.randomUUID();
    const b = self.crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    const hex = Array.from(b, function (x) { return (x + 256).toString(16).slice(1); }).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };

  off.sha256 = async function (bytes) {
    const digest = new Uint8Array(await self.crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, function (x) { return (x + 256).toString(16).slice(1); }).join('');
  };

  const text = new TextEncoder();
  /* What is sealed is bound to its account and place: none can be moved to another. */
  function bound(me, place, id) { return text.encode(me.account + '/' + place + '/' + id); }

  off.sealBytes = async function (me, place, id, bytes) {
    const iv = self.crypto.getRandomValues(new Uint8Array(12));
    const how = { name: 'AES-GCM', iv: iv, additionalData: bound(me, place, id) };
    return { iv: iv, data: await self.crypto.subtle.encrypt(how, me.key, bytes) };
  };
  off.openBytes = function (me, place, id, sealed) {
    const how = { name: 'AES-GCM', iv: sealed.iv, additionalData: bound(me, place, id) };
    return self.crypto.subtle.decrypt(how, me.key, sealed.data);
  };
  off.seal = function (me, place, id, value) { return off.sealBytes(me, place, id, text.encode(JSON.stringify(value))); };
  off.unseal = async function (me, place, id, sealed) {
    return JSON.parse(new TextDecoder().decode(await off.openBytes(me, place, id, sealed)));
  };

  off.me = function () { return off.db.get('meta', 'me'); };
  off.setMe = function (change) {
    return off.db.update('meta', 'me', function (me) { return Object.assign({}, me, change); });
  };

  /* Makes the phone this account's. Whatever another account left is gone with its key. */
  off.take = async function (account) {
    const key = await self.crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    const me = { k: 'me', account: account, key: key, device: off.uuid() + off.uuid(), seen: 0, offset: 0, day: '' };
    await write(emptied().concat([{ in: 'meta', put: me }]));
    return me;
  };

  function emptied() { return Object.keys(STORES).map(function (name) { return { in: name, clear: true }; }); }
  off.wipe = function () { return write(emptied()); };

  const UNSENT = ['waiting', 'sending', 'conflict', 'refused'];
  off.isUnsent = function (item) { return UNSENT.indexOf(item.state) >= 0; };

  /* How many records and photos the school does not have yet, drafts with something in them too. */
  off.unsent = async function () {
    const items = await off.db.all('items');
    const drafts = await off.db.all('drafts');
    const door = await off.db.all('door');
    return items.filter(off.isUnsent).length + drafts.filter(function (d) { return d.state === 'open'; }).length +
      door.filter(function (d) { return d.state === 'came'; }).length;
  };
})();
