/* offline/sign: signatures on the glass. While one is being given it lies in the draft like every other word; when the record is finished
   it becomes an item of its own, with its own receipt. The glass itself is `sign.js` (parts::sign): {"w","h","s"} or {"name"}. */
(function () {
  'use strict';
  const off = self.gyOffline;
  const ui = off.ui;
  const h = ui.h;

  function glass(draft, who, changed) {
    const name = 'sign-' + who;
    const kept = draft.signatures[who] || '';
    const typed = kept.indexOf('"name"') === 1 ? JSON.parse(kept).name : '';
    const value = h('input', { type: 'hidden', 'data-sign-value': true });
    value.value = typed ? '' : kept;
    const typedName = h('input', { class: 'form-control', id: name + '-typed', maxlength: 40, autocomplete: 'off' });
    typedName.value = typed;
    const agree = h('input', { class: 'form-check-input', type: 'checkbox', checked: Boolean(typed) });
    const button = function (mark, icon, word) {
      const b = ui.button(ui.t(word), 'btn-line', null, icon);
      b.setAttribute(mark, '');
      b.disabled = true;
      return b;
    };
    const box = h('fieldset', { class: 'gy-field gy-sign', 'data-sign': true },
      h('legend', {}, ui.t('visit-offline-sign-' + who)),
      h('div', { 'data-sign-glass': true, hidden: true },
        h('div', { class: 'gy-sign-pad' },
          h('canvas', { role: 'img', 'aria-label': ui.t('visit-offline-sign-empty'), 'data-empty': ui.t('visit-offline-sign-empty'), 'data-full': ui.t('visit-offline-sign-kept') }),
          h('span', { class: 'gy-sign-here gy-meta', 'data-sign-here': true, 'aria-hidden': 'true' }, ui.t('visit-offline-sign-here'))),
        h('div', { class: 'gy-acts mt-2' }, button('data-sign-undo', 'arrow-back-up', 'visit-offline-sign-undo'), button('data-sign-clear', 'trash', 'visit-offline-sign-clear'))),
      value,
      h('details', { class: 'mt-2', open: Boolean(typed) }, h('summary', { class: 'gy-tap' }, ui.t('visit-offline-sign-typed')),
        h('div', { class: 'gy-field mt-2' }, h('label', { for: name + '-typed' }, ui.t('visit-offline-sign-name')), typedName),
        h('label', { class: 'gy-check' }, agree, h('span', {}, ui.t('visit-offline-sign-agree')))));
    box.addEventListener('input', function () {
      const name = typedName.value.trim();
      // A name counts only with the tick that it stands for the signature.
      draft.signatures[who] = name && agree.checked ? JSON.stringify({ name: name }) : value.value;
      changed();
    });
    return box;
  }

  off.signing = function (me, draft, changed) {
    const boxes = ['guardian', 'teacher'].map(function (who) { return glass(draft, who, changed); });
    return {
      node: h('section', {}, h('div', { class: 'gy-sec' }, h('h2', {}, ui.t('visit-offline-signatures'))), h('div', { class: 'gy-form' }, boxes)),
      // The glass is measured, so it starts when it is on the page.
      start: function () { if (window.gySign) boxes.forEach(window.gySign.start); }
    };
  };

  /* Signatures that have not gone out as they are now become files of the draft. */
  off.signed = async function (me, draft) {
    draft.signed = draft.signed || {};
    for (const who of Object.keys(draft.signatures)) {
      const given = draft.signatures[who];
      if (!given || draft.signed[who] === given) continue;
      const name = given.indexOf('"name"') === 1 ? JSON.parse(given).name : '';
      const text = JSON.stringify({ who: who, name: name, strokes: name ? '' : given });
      await off.photo.keep(me, draft, 'signature', new TextEncoder().encode(text).buffer, null);
      draft.signed[who] = given;
    }
  };
})();
