/* offline/outbox-page: what is on the phone, what was sent, what arrived: one line for each record, photo and signature, with the
   school's receipt. Redrawn whenever something moves. */
(function () {
  'use strict';
  const off = self.gyOffline;
  const ui = off.ui;
  const h = ui.h;
  const ICONS = { waiting: 'clock', sending: 'upload', arrived: 'circle-check', settled: 'circle-check', conflict: 'arrow-merge', refused: 'alert-circle' };
  const TAGS = { conflict: 'is-accent', refused: 'is-accent', arrived: '', settled: '', waiting: 'is-plain', sending: 'is-plain' };

  function stateWords(item) {
    if ((item.state === 'waiting' || item.state === 'sending') && item.why) return ui.t('visit-offline-why-' + item.why);
    if (item.state === 'sending' && item.done) return ui.t('visit-offline-sending-part', { percent: Math.round(item.done * 100) });
    return ui.t('visit-offline-state-' + item.state);
  }

  function line(item, n) {
    const what = item.kind === 'photo' ? ui.t('visit-offline-photo-n', { n: n }) : ui.t('visit-offline-kind-' + item.kind);
    const arrived = item.state === 'arrived' || item.state === 'settled';
    return h('li', {}, h('div', { class: 'gy-item' }, ui.icon(ICONS[item.state]),
      h('span', { class: 'gy-grow' }, what,
        h('span', { class: 'gy-meta' }, arrived
          ? ui.t('visit-offline-receipt', { no: item.receipt, at: ui.moment(item.arrivedAt) })
          : ui.t('visit-offline-said', { at: ui.moment(item.saidAt + off.offset()), size: ui.size(item.size) })),
        h('span', { class: 'gy-meta' }, ui.t('visit-offline-checksum', { sum: item.sha256.slice(0, 12) })),
        item.state === 'refused' && item.words ? h('span', { class: 'gy-meta gy-over' }, item.words) : null),
      item.state === 'conflict'
        ? h('a', { class: 'btn btn-primary btn-sm', href: '#/conflict/' + item.key }, ui.t('visit-offline-choose'))
        : item.state === 'refused' && item.kind === 'record'
          ? h('a', { class: 'btn btn-line btn-sm', href: '#/visit/' + item.of }, ui.t('visit-offline-mend'))
          : h('span', { class: 'gy-tag ' + TAGS[item.state] }, stateWords(item))));
  }

  async function nameOf(me, of, items) {
    const row = (await off.db.all('visits')).find(function (v) { return v.id === of || v.key === of; });
    if (row) return (await off.unseal(me, 'visits', row.id, row.sealed)).children;
    const draft = await off.db.get('drafts', of);
    return draft ? (await off.draft.open(me, of)).children : null;
  }

  function summary(items, standing) {
    const left = items.filter(off.isUnsent).length;
    if (!items.length) return ui.state('send', ui.t('visit-offline-outbox-empty-title'), ui.t('visit-offline-outbox-empty-text'));
    if (!left) return ui.note('is-good', 'circle-check', ui.t('visit-offline-all-there', { n: items.length }));
    return ui.note(standing.is === 'away' ? '' : 'is-warn', standing.is === 'away' ? 'wifi-off' : 'upload',
      ui.t(standing.is === 'away' ? 'visit-offline-left-away' : 'visit-offline-left', { n: left }));
  }

  off.pages.outbox = async function (me, standing, again) {
    const items = (await off.db.all('items')).sort(function (a, b) { return a.seq - b.seq; });
    const groups = items.map(function (i) { return i.of; }).filter(function (id, i, all) { return all.indexOf(id) === i; });
    const cards = [];
    for (const of of groups) {
      const mine = items.filter(function (i) { return i.of === of; });
      const children = await nameOf(me, of, mine);
      let n = 0;
      cards.unshift(h('section', { class: 'gy-task' },
        h('h2', {}, children ? children.map(function (c) { return c.name; }).join('、') : ui.t('visit-offline-sent-visit', { at: ui.moment(mine[0].saidAt + off.offset()) })),
        h('ul', { class: 'gy-list' }, mine.map(function (i) { return line(i, i.kind === 'photo' ? (n += 1) : 0); }))));
    }
    const status = h('p', { class: 'gy-meta mt-2 mb-2', role: 'status', id: 'gy-outbox-told' });
    const unsent = items.some(off.isUnsent);
    const send = ui.button(ui.t('visit-offline-send-now'), 'btn-primary', function () { act(send, status, true); }, 'refresh');
    const check = ui.button(ui.t('visit-offline-check'), 'btn-line', function () { act(check, status, false); }, 'list-check');
    ui.show([
      ui.top(ui.t('visit-offline-outbox')),
      standing.is === 'signed-out' || standing.is === 'ended' ? await off.trouble(standing) : summary(items, standing),
      items.length ? h('div', { class: 'gy-acts mt-3' }, unsent ? send : null, check) : null, status, cards,
      await storage()], again === true);
  };

  async function act(button, status, force) {
    button.disabled = true;
    status.textContent = ui.t('visit-offline-working');
    const told = await (force ? off.sync({ force: true }) : off.compare()).catch(function () { return { is: 'away' }; });
    await off.draw(true);
    const after = document.getElementById('gy-outbox-told');
    if (!after) return;
    if (told.is !== 'same') after.textContent = ui.t(told.is === 'signed-out' ? 'visit-offline-signed-out-short' : 'visit-offline-no-line');
    else if (force) after.textContent = ui.t('visit-offline-sent-n', { n: told.sent });
    else after.textContent = ui.t(told.lost ? 'visit-offline-compared-lost' : 'visit-offline-compared', { n: told.there, lost: told.lost });
  }

  /* Everything sent in the last weeks is asked for by number and checksum. */
  off.compare = async function () {
    const standing = await off.standing();
    if (standing.is !== 'same') return standing;
    const sent = (await off.db.all('items')).filter(function (i) { return i.state === 'arrived' || i.state === 'settled'; });
    let there = 0;
    for (let from = 0; from < sent.length; from += 50) {
      const some = sent.slice(from, from + 50);
      const told = await off.get('/visits/offline/arrived.json?keys=' + some.map(function (i) { return i.key; }).join(','));
      if (told.status !== 200) return { is: 'away' };
      there += some.filter(function (i) { const t = told.body.items[i.key]; return t && t.sha256 === i.sha256; }).length;
    }
    return { is: 'same', there: there, lost: sent.length - there };
  };

  async function storage() {
    const kept = navigator.storage && navigator.storage.persisted ? await navigator.storage.persisted() : false;
    const told = navigator.storage && navigator.storage.estimate ? await navigator.storage.estimate() : null;
    const free = told && told.quota ? told.quota - told.usage : null;
    return h('p', { class: 'gy-meta mt-3' }, ui.t(kept ? 'visit-offline-storage-kept' : 'visit-offline-storage'),
      free !== null && free < 50 * 1048576 ? ' ' + ui.t('visit-offline-storage-low', { size: ui.size(free) }) : null);
  }
})();
