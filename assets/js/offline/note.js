/* offline/note: words that few may read. They never enter the record: when it is finished they go as an item of their own into a protected
   note, and from then on the phone has them no more than it needs to send them. */
(function () {
  'use strict';
  const off = self.gyOffline;
  const ui = off.ui;
  const h = ui.h;

  off.noting = function (draft, visit, changed) {
    draft.note = draft.note || { student: visit.children[0] && visit.children[0].id, text: '' };
    const area = h('textarea', { class: 'form-control', id: 'gy-note', rows: 3, maxlength: 4000, 'aria-describedby': 'gy-note-h' });
    area.value = draft.note.text;
    const whose = visit.children.length < 2 ? null : h('fieldset', { class: 'gy-field' }, h('legend', {}, ui.t('visit-offline-whose')),
      h('div', { class: 'gy-chips' }, visit.children.map(function (child) {
        const input = h('input', { type: 'radio', class: 'visually-hidden', name: 'gy-note-of', value: child.id, checked: child.id === draft.note.student });
        return h('label', { class: 'gy-chip' }, input, h('span', {}, child.name));
      })));
    const node = h('section', {}, h('details', { class: 'gy-more', open: Boolean(draft.note.text) },
      h('summary', {}, ui.icon('lock'), ' ' + ui.t('visit-offline-note')),
      h('div', { class: 'gy-form mt-2' }, whose, h('div', { class: 'gy-field' }, h('label', { for: 'gy-note' }, ui.t('visit-offline-note-label')), area,
        h('div', { class: 'gy-hint', id: 'gy-note-h' }, ui.t('visit-offline-note-hint'))))));
    node.addEventListener('input', function () {
      const of = node.querySelector('input:checked');
      draft.note = { student: of ? of.value : draft.note.student, text: area.value };
      changed();
    });
    return node;
  };

  /* A finished note becomes a file of the draft and leaves it. */
  off.noted = async function (me, draft) {
    const note = draft.note;
    if (!note || !note.text.trim()) return;
    const bytes = new TextEncoder().encode(JSON.stringify({ student: note.student, text: note.text.trim() })).buffer;
    draft.note = { student: note.student, text: '' };
    await off.photo.keep(me, draft, 'note', bytes, null);
  };
})();
