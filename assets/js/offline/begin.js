/* offline/begin: a visit nobody planned. The names of the class lie on the phone, sealed like everything else; whose family it is and why
   is asked once, and then it is a record like any other, under a number of the phone's own until the school has made the visit. */
(function () {
  'use strict';
  const off = self.gyOffline;
  const ui = off.ui;
  const h = ui.h;
  const REASONS = ['yearly', 'special', 'trigger', 'asked'];

  /* What the school told with the last download: who one is, and the children of one's class. */
  off.about = async function (me) { return me.about ? off.unseal(me, 'meta', 'about', me.about) : {}; };
  off.mayBegin = function (about) { return Boolean(about.staff && (about.pupils || []).length); };

  async function start(me, about, children, reason) {
    const id = off.uuid();
    const visit = {
      id: id, part: 'lead', state: 'planned', reason: 'visit-reason-' + reason, way: 'home', staff: about.staff.code, visitors: [about.staff],
      met: [], phones: [], children: children
    };
    const draft = await off.draft.open(me, id, {
      base: 0, visit: null, children: children, about: visit, began: Date.now(),
      begun: { key: id, children: children.map(function (c) { return c.id; }), reason: reason }
    });
    await off.draft.save(me, draft);
    location.replace('#/visit/' + id);
  }

  function chips(name, legend, kind, list) {
    return h('fieldset', { class: 'gy-field' }, h('legend', {}, legend), h('div', { class: 'gy-chips' }, list.map(function (one) {
      return h('label', { class: 'gy-chip' },
        h('input', { type: kind, class: 'visually-hidden', name: name, value: one[0], checked: one[2] }), h('span', {}, one[1]));
    })));
  }

  function of(pupil) { return { id: pupil.id, name: pupil.name, class_name: pupil.class_name }; }

  /* The child is chosen; who lives with it comes along unless taken out. */
  function chosen(me, about, pupil) {
    const others = about.pupils.filter(function (p) { return p.family === pupil.family && p.id !== pupil.id; });
    const also = others.length ? chips('also', ui.t('visit-offline-begun-also'), 'checkbox', others.map(function (p) { return [p.id, p.name, true]; })) : null;
    const why = chips('reason', ui.t('visit-offline-begun-why'), 'radio', REASONS.map(function (r) { return [r, ui.t('visit-reason-' + r), r === 'yearly']; }));
    const go = ui.button(ui.t('visit-offline-begun-go'), 'btn-primary', function () {
      go.disabled = true;
      const on = also ? Array.from(also.querySelectorAll('input:checked')).map(function (i) { return i.value; }) : [];
      const children = [pupil].concat(others.filter(function (p) { return on.indexOf(String(p.id)) >= 0; })).map(of);
      return start(me, about, children, why.querySelector('input:checked').value);
    }, 'pencil');
    ui.show([ui.top(pupil.name, '#/begin', pupil.class_name), h('div', { class: 'gy-form' }, also, why), h('div', { class: 'gy-acts is-sticky' }, go)]);
  }

  function names(about) {
    const list = h('ul', { class: 'gy-list' });
    const none = h('p', { class: 'gy-meta', role: 'status' });
    function fill(words) {
      const found = about.pupils.filter(function (p) { return p.name.indexOf(words) >= 0; });
      list.replaceChildren.apply(list, found.map(function (pupil) {
        return h('li', {}, h('a', { class: 'gy-item', href: '#/begin/' + pupil.id },
          h('span', { class: 'gy-grow' }, pupil.name, h('span', { class: 'gy-meta' }, pupil.class_name)), ui.icon('chevron-right')));
      }));
      none.textContent = found.length ? '' : ui.t('visit-offline-begun-none');
    }
    const find = h('input', { type: 'search', class: 'form-control', id: 'gy-find', autocomplete: 'off', oninput: function () { fill(find.value.trim()); } });
    fill('');
    ui.show([ui.top(ui.t('visit-offline-begun-title'), '#/'), h('p', { class: 'gy-2nd mb-3' }, ui.t('visit-offline-begun-text')),
      h('div', { class: 'gy-field mb-2' }, h('label', { for: 'gy-find' }, ui.t('visit-offline-begun-find')), find),
      h('section', { class: 'card' }, list), none]);
  }

  off.pages = off.pages || {};
  off.pages.begin = async function (me, standing, id) {
    const about = await off.about(me);
    if (!off.mayBegin(about)) {
      location.hash = '#/';
      return;
    }
    const pupil = about.pupils.find(function (p) { return String(p.id) === id; });
    if (pupil) chosen(me, about, pupil); else names(about);
  };
})();
