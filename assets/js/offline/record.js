/* offline/record: the record of one visit, written at the door. Nothing has to be saved: every key and tap is on the disk at once. The
   button at the end says that it is finished and may go to the school as soon as there is a network. */
(function () {
  'use strict';
  const off = self.gyOffline;
  const ui = off.ui;
  const h = ui.h;
  const MOST_PHOTOS = 9;

  function facts(visit) {
    const rows = [];
    const add = function (key, value) { if (value) rows.push(h('dt', {}, ui.t(key)), h('dd', {}, value)); };
    add('visit-offline-when', visit.day ? ui.day(visit.day) + ' ' + (visit.from || '') : '');
    add('visit-offline-where', visit.place);
    (visit.phones || []).forEach(function (p) {
      add('visit-offline-phone', h('a', { href: 'tel:' + p.number }, p.text));
    });
    add('visit-offline-why', visit.reason ? ui.t(visit.reason) : '');
    return rows.length ? h('dl', { class: 'gy-kv mb-3' }, rows) : null;
  }

  function photos(me, draft, changed, items) {
    const isSent = function (photo) { return items.some(function (i) { return i.key === photo.key; }); };
    const list = h('ul', { class: 'gy-photos' });
    const told = h('div', { role: 'status' });
    function draw() {
      const shown = draft.photos.filter(function (p) { return p.kind === 'photo'; });
      list.replaceChildren.apply(list, shown.map(function (photo, i) {
        const name = ui.t('visit-offline-photo-n', { n: i + 1 });
        return h('li', {}, h('img', { src: photo.thumb, alt: name, width: 80, height: 80 }),
          isSent(photo) ? null : h('button', { type: 'button', class: 'btn btn-plain btn-icon', 'aria-label': ui.t('visit-offline-photo-remove', { n: i + 1 }), onclick: async function () {
            await off.photo.remove(me, draft, photo.key);
            changed();
            draw();
          } }, ui.icon('trash')));
      }));
    }
    async function take(input) {
      for (const file of Array.from(input.files)) {
        if (draft.photos.filter(function (p) { return p.kind === 'photo'; }).length >= MOST_PHOTOS) {
          told.textContent = ui.t('visit-offline-photo-most', { n: MOST_PHOTOS });
          break;
        }
        told.textContent = ui.t('visit-offline-photo-working');
        try {
          const photo = await off.photo.add(me, draft, file);
          told.textContent = ui.t('visit-offline-photo-kept', { size: ui.size(photo.size) });
          changed();
        } catch (e) {
          told.textContent = ui.t('visit-offline-' + (e.code || 'not-a-picture'));
        }
        draw();
      }
      input.value = '';
    }
    draw();
    const input = h('input', { type: 'file', accept: 'image/*', multiple: true, class: 'visually-hidden', id: 'gy-photo', onchange: function () { take(input); } });
    return h('section', {}, h('div', { class: 'gy-sec' }, h('h2', {}, ui.t('visit-offline-photos'))),
      list, input, h('label', { class: 'btn btn-line', for: 'gy-photo' }, ui.icon('photo'), ui.t('visit-offline-photo-add')),
      h('p', { class: 'gy-hint' }, ui.t('visit-offline-photo-hint')), told);
  }

  function extraOf(visit) {
    return {
      met: visit.met.concat(['father', 'mother', 'grandparent', 'sibling', 'other', 'child'].map(function (code) {
        return { code: code, text: ui.t('visit-offline-met-' + code) };
      })),
      visitors: visit.visitors || [],
      children: visit.children.map(function (c) { return { code: c.id, text: c.name }; })
    };
  }

  /* Several things may say that a record was kept; only the newest matters. */
  function keeper(me, draft, status) {
    return function () {
      status.textContent = ui.t('visit-offline-keeping');
      return off.draft.save(me, draft).then(function () {
        status.textContent = ui.t('visit-offline-kept', { at: ui.clockOf(off.now()) });
      }, function (e) {
        status.textContent = ui.t(e && e.name === 'QuotaExceededError' ? 'visit-offline-full' : 'visit-offline-not-kept');
      });
    };
  }

  async function load(me, id) {
    const row = await off.db.get('visits', id);
    const kept = await off.db.get('drafts', id);
    if (!row && !kept) return null;
    const visit = row ? await off.unseal(me, 'visits', id, row.sealed) : null;
    const start = visit && { base: visit.version, visit: visit.id, fields: visit.record, children: visit.children, about: visit };
    const draft = await off.draft.open(me, id, start || {});
    return { visit: visit || draft.about, draft: draft };
  }

  off.pages.visit = async function (me, standing, id) {
    const loaded = await load(me, id);
    if (!loaded) {
      ui.show([ui.top(ui.t('visit-offline-title'), '#/'), ui.state('map-pin', ui.t('visit-offline-gone-title'), ui.t('visit-offline-gone-text'), [
        h('a', { class: 'btn btn-line', href: '#/' }, ui.t('visit-offline-back'))])]);
      return;
    }
    const visit = loaded.visit;
    const draft = loaded.draft;
    const leads = visit.part !== 'companion';
    if (leads && !draft.fields.day) {
      draft.fields = Object.assign({}, draft.fields, { day: ui.today(), way: draft.fields.way || visit.way || 'home' });
      const goes = (visit.visitors || []).some(function (v) { return v.code === visit.staff; });
      if (goes && !(draft.fields.visitors || []).length) draft.fields.visitors = [visit.staff];
      draft.dayGuessed = true;
    }
    draft.began = draft.began || Date.now();
    const status = h('p', { class: 'gy-meta mb-0', role: 'status' });
    const keep = keeper(me, draft, status);
    const parts = draft.fields.parts || {};
    const shown = leads ? draft.fields : { part: parts[visit.staff] };
    const form = off.form(ui.shell.form[visit.part || 'lead'], shown, extraOf(visit), function () {
      const read = leads ? form.read() : { parts: Object.assign({}, draft.fields.parts, own(visit.staff, form.read().part)) };
      if (leads && read.day !== draft.fields.day) draft.dayGuessed = false;
      draft.fields = Object.assign({}, draft.fields, read);
      keep();
    });
    const items = await off.db.all('items');
    const refused = items.find(function (i) { return i.of === id && i.kind === 'record' && i.state === 'refused'; });
    const problem = h('div', { role: 'alert' });
    const finish = ui.button(ui.t('visit-offline-finish'), 'btn-primary', async function () {
      const lacks = leads ? missing(draft.fields) : [];
      if (lacks.length) {
        problem.replaceChildren(ui.note('is-bad', 'alert-circle', ui.t('visit-offline-lacks', { what: lacks.map(function (l) { return ui.t('visit-offline-lack-' + l); }).join(ui.lang() === 'en' ? ', ' : '、') })));
        problem.firstChild.scrollIntoView({ block: 'center' });
        return;
      }
      finish.disabled = true;
      await queueIt(me, draft);
      location.hash = '#/outbox';
      off.wake(true);
    }, 'send');
    const signing = leads ? off.signing(me, draft, keep) : null;
    const drop = draft.begun && !items.some(function (i) { return i.of === id; }) ? ui.button(ui.t('visit-offline-begun-drop'), 'btn-plain', async function () {
      if (!await ui.ask(ui.t('visit-offline-begun-drop-ask'), ui.t('visit-offline-other-ask-text'), ui.t('visit-offline-other-yes'), ui.t('visit-offline-other-no'), true)) return;
      await off.draft.drop(draft);
      location.hash = '#/';
    }, 'trash') : null;
    ui.show([
      ui.top(visit.children.map(function (c) { return c.name; }).join(ui.lang() === 'en' ? ', ' : '、'), '#/'),
      refused ? ui.note('is-bad', 'alert-circle', refused.words || ui.t('visit-offline-why-' + refused.why)) : null,
      facts(visit), form.node, photos(me, draft, keep, items), signing && signing.node, off.noting(draft, visit, keep), problem,
      h('div', { class: 'gy-acts is-sticky' }, status, drop, finish)]);
    if (signing) signing.start();
    if (refused && refused.fields) form.refuse(refused.fields);
  };

  function own(staff, text) {
    const out = {};
    out[staff] = text;
    return out;
  }

  function missing(fields) {
    return ['day', 'way', 'met'].filter(function (name) { return !fields[name] || fields[name].length === 0; });
  }

  async function queueIt(me, draft) {
    await off.signed(me, draft);
    await off.noted(me, draft);
    await off.draft.save(me, draft);
    const now = await off.draft.current(me, draft);
    const items = await off.db.all('items');
    const fresh = draft.photos.filter(function (p) { return !items.some(function (i) { return i.key === p.key; }); });
    draft.fields = now.fields;
    await off.draft.save(me, draft);
    const row = await off.db.get('drafts', draft.id);
    await off.queue(me, row, {
      visit: row.visit || null, base: now.base, fields: now.fields, day_guessed: Boolean(draft.dayGuessed), began_at: draft.began,
      begun: draft.begun || undefined
    }, fresh);
  }
})();
