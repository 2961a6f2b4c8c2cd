/* offline/draft: a record being written. Every change is sealed and put on the disk at once, so that a tab that is closed, a battery
   that dies or a call that comes in costs nothing.

   off.draft.open(me, id, start)   → the draft as last written, else a new one from `start`
   off.draft.save(draft)           → keeps it; while one save is under way the next waits and takes the newest state
   In the clear: {id, at, state, base, visit, record}; sealed: what was written, the photos, and what the visit is */
(function () {
  'use strict';
  const off = self.gyOffline;
  const pending = {};

  async function keep(me, draft) {
    draft.at = off.now();
    const inner = {
      fields: draft.fields, photos: draft.photos, signatures: draft.signatures, children: draft.children, about: draft.about,
      dayGuessed: draft.dayGuessed, began: draft.began, signed: draft.signed, note: draft.note, begun: draft.begun
    };
    const sealed = await off.seal(me, 'drafts', draft.id, inner);
    // Base, record and what is ahead belong to the outbox; only the rest is this page's to write.
    const known = await off.db.get('drafts', draft.id);
    const row = Object.assign({ base: draft.base, visit: draft.visit }, known, { id: draft.id, at: draft.at, state: draft.state, sealed: sealed });
    await off.db.put('drafts', row);
    Object.assign(draft, { base: row.base, visit: row.visit, record: row.record });
  }

  off.draft = {
    open: async function (me, id, start) {
      const row = await off.db.get('drafts', id);
      if (!row) return Object.assign({ id: id, state: 'new', fields: {}, photos: [], signatures: {}, children: [] }, start);
      const inner = await off.unseal(me, 'drafts', id, row.sealed);
      return Object.assign({}, inner, { id: id, at: row.at, state: row.state, base: row.base, visit: row.visit, record: row.record });
    },
    row: function (id) { return off.db.get('drafts', id); },
    save: function (me, draft) {
      draft.state = 'open';
      const slot = pending[draft.id] = pending[draft.id] || { busy: null, again: false };
      if (slot.busy) {
        slot.again = true;
        return slot.busy;
      }
      slot.busy = (async function () {
        do {
          slot.again = false;
          await keep(me, draft);
        } while (slot.again);
      })();
      const free = function () { slot.busy = null; };
      slot.busy.then(free, free);
      return slot.busy;
    },
    /* The fields as they are to be sent, and the version they build on: what went out before and came together with other people's
       changes there comes first. */
    current: async function (me, draft) {
      const row = await off.db.get('drafts', draft.id);
      let fields = draft.fields;
      let base = row.base || 0;
      for (const sealed of row.ahead || []) {
        const ahead = await off.unseal(me, 'ahead', draft.id, sealed);
        fields = off.rebase(ahead.sent, fields, ahead.there);
        base = ahead.version;
      }
      return { row: row, fields: fields, base: base };
    },
    drop: async function (draft) {
      const changes = [{ in: 'drafts', del: draft.id }];
      const items = await off.db.all('items');
      draft.photos.forEach(function (photo) {
        if (!items.some(function (i) { return i.key === photo.key; })) changes.push({ in: 'files', del: photo.key });
      });
      return off.db.write(changes);
    }
  };
})();
