/* offline/list: the visits on this phone, today's first, and what stands in the way of sending, in one line at the top. */
(function () {
  'use strict';
  const off = self.gyOffline;
  const ui = off.ui;
  const h = ui.h;

  /* One note at most: the most pressing thing. */
  off.trouble = async function (standing) {
    const waiting = (await off.db.all('items')).filter(off.isUnsent);
    const conflicts = waiting.filter(function (i) { return i.state === 'conflict'; });
    if (conflicts.length) {
      return ui.note('is-warn', 'arrow-merge', ui.t('visit-offline-conflict-note', { n: conflicts.length }),
        h('a', { href: '#/conflict/' + conflicts[0].key }, ui.t('visit-offline-conflict-open')));
    }
    if (standing.is === 'signed-out' || standing.is === 'ended') {
      return ui.note('is-warn', 'lock', ui.t(waiting.length ? 'visit-offline-signed-out-waiting' : 'visit-offline-signed-out', { n: waiting.length }),
        h('a', { href: '/sign-in?back=/visits/offline' }, ui.t('visit-offline-sign-in')));
    }
    if (standing.is === 'same' && !standing.may) {
      return ui.note('is-warn', 'info-circle', ui.t('visit-offline-other-hat'), h('a', { href: '/me' }, ui.t('visit-offline-change-hat')));
    }
    if (waiting.length) {
      return ui.note('', 'upload', ui.t(standing.is === 'away' ? 'visit-offline-waiting-away' : 'visit-offline-waiting', { n: waiting.length }),
        h('a', { href: '#/outbox' }, ui.t('visit-offline-see')));
    }
    if (standing.is === 'away') return ui.note('', 'wifi-off', ui.t('visit-offline-away'));
    return null;
  };

  function names(visit) { return visit.children.map(function (c) { return c.name; }).join(ui.lang() === 'en' ? ', ' : '、'); }

  function tag(draft, items) {
    const mine = items.filter(function (i) { return draft && i.of === draft.id; });
    if (mine.some(function (i) { return i.state === 'conflict'; })) return h('span', { class: 'gy-tag is-accent' }, ui.icon('arrow-merge'), ui.t('visit-offline-tag-conflict'));
    if (draft && draft.state === 'open') return h('span', { class: 'gy-tag is-accent' }, ui.icon('pencil'), ui.t('visit-offline-tag-draft'));
    if (mine.some(off.isUnsent)) return h('span', { class: 'gy-tag' }, ui.icon('clock'), ui.t('visit-offline-tag-waiting'));
    return null;
  }

  function card(visit, draft, items) {
    const done = visit.state === 'done';
    return h('article', { class: 'gy-task' },
      h('div', { class: 'k' }, ui.icon('home-heart'), visit.from || ui.t('visit-offline-no-time'), tag(draft, items),
        done && !draft ? h('span', { class: 'gy-tag is-plain' }, ui.icon('check'), ui.t('visit-offline-tag-done')) : null),
      h('h3', {}, names(visit), h('span', { class: 'gy-2nd' }, ' ' + visit.children.map(function (c) { return c.class_name; })
        .filter(function (n, i, all) { return all.indexOf(n) === i; }).join(' '))),
      visit.place ? h('p', { class: 'gy-meta mb-0' }, visit.place) : null,
      visit.purpose ? h('p', { class: 'mb-0 mt-1' }, visit.purpose) : null,
      h('div', { class: 'gy-acts mt-2' },
        h('a', { class: 'btn ' + (done ? 'btn-line' : 'btn-primary'), href: '#/visit/' + (draft ? draft.id : visit.id) },
          ui.t(draft ? 'visit-offline-go-on' : done ? 'visit-offline-amend' : 'visit-offline-record')),
        visit.phone ? h('a', { class: 'btn btn-line', href: 'tel:' + visit.phone }, ui.icon('phone'), ui.t('visit-offline-call')) : null));
  }

  off.visits = async function (me) {
    const rows = await off.db.all('visits');
    const out = [];
    for (const row of rows) out.push(await off.unseal(me, 'visits', row.id, row.sealed));
    const key = function (v) { return (v.day || '9') + (v.from || '99'); };
    return out.sort(function (a, b) { return key(a) < key(b) ? -1 : 1; });
  };

  off.pages = off.pages || {};
  off.pages.list = async function (me, standing, again) {
    const visits = await off.visits(me);
    const drafts = await off.db.all('drafts');
    const items = await off.db.all('items');
    const draftOf = function (v) { return drafts.find(function (d) { return d.id === v.id || d.id === v.key; }); };
    const out = [ui.top(ui.t('visit-offline-title')), await off.trouble(standing)];
    const days = visits.map(function (v) { return v.day; }).filter(function (d, i, all) { return all.indexOf(d) === i; });
    days.forEach(function (day) {
      const of = visits.filter(function (v) { return v.day === day; });
      out.push(h('section', {},
        h('div', { class: 'gy-sec' }, h('h2', {}, ui.day(day)), h('span', { class: 'gy-meta' }, ui.t('visit-offline-n-visits', { n: of.length }))),
        of.map(function (v) { return card(v, draftOf(v), items); })));
    });
    // A draft whose visit is no longer among those of the next days is still somebody's work.
    const lone = drafts.filter(function (d) { return !visits.some(function (v) { return v.id === d.id || v.key === d.id; }); });
    if (lone.length) {
      const cards = [];
      for (const row of lone) {
        const draft = await off.draft.open(me, row.id);
        cards.push(card(Object.assign({ id: row.id, children: draft.children, state: 'planned' }, draft.about), row, items));
      }
      out.push(h('section', {}, h('div', { class: 'gy-sec' }, h('h2', {}, ui.t('visit-offline-earlier'))), cards));
    }
    if (!visits.length && !lone.length) {
      out.push(ui.state('calendar', ui.t('visit-offline-none-title'), ui.t(me.day ? 'visit-offline-none-text' : 'visit-offline-not-yet-text'), [
        h('a', { class: 'btn btn-line', href: '/visits' }, ui.t('visit-offline-to-plan'))]));
    }
    if (off.mayBegin(await off.about(me))) {
      out.push(h('div', { class: 'gy-acts mt-3' }, h('a', { class: 'btn btn-line', href: '#/begin' }, ui.icon('plus'), ui.t('visit-offline-begun'))));
    }
    if (me.seen) {
      out.push(h('p', { class: 'gy-meta mt-3' }, ui.t('visit-offline-as-of', { at: ui.moment(me.seen) })));
    }
    ui.show(out, again === true);
  };
})();
