/* offline/fields: the record form, drawn from the description in the shell (the same one the server checks by).
   A field: {name, kind, label, hint, max, rows, choices: [code], words: 'prefix-'};
   `need` must be there, `fold` lies behind “写几句”. Kinds:
   one, many (chips; `from` names a list of the visit) · text, line · day, time · findings · rows (small groups, `of` their fields)

   off.form(spec, values, extra, changed) → {node, read()}: `changed` is called at every key and tap. */
(function () {
  'use strict';
  const off = self.gyOffline;
  const ui = off.ui;
  const h = ui.h;
  let made = 0;

  function label(field) {
    return [ui.t(field.label), field.need ? h('small', {}, ' ' + ui.t('visit-offline-needed')) : null];
  }
  function hint(field, id) { return field.hint ? h('div', { class: 'gy-hint', id: id + '-h' }, ui.t(field.hint)) : null; }

  function chips(field, value, extra) {
    const many = field.kind === 'many';
    const name = 'f' + (made += 1);
    const chosen = many ? (value || []) : [value];
    const list = field.choices || extra[field.from] || [];
    const inputs = list.map(function (choice) {
      const code = typeof choice === 'string' ? choice : choice.code;
      const text = typeof choice === 'string' ? ui.t(field.words + choice) : choice.text;
      const input = h('input', { type: many ? 'checkbox' : 'radio', class: 'visually-hidden', name: name, value: code, checked: chosen.indexOf(code) >= 0 });
      return { input: input, node: h('label', { class: 'gy-chip' }, input, h('span', {}, text)) };
    });
    return {
      node: h('fieldset', { class: 'gy-field', 'data-field': field.name }, h('legend', {}, label(field)),
        h('div', { class: 'gy-chips' }, inputs.map(function (i) { return i.node; })), hint(field, name)),
      read: function () {
        const on = inputs.filter(function (i) { return i.input.checked; }).map(function (i) { return i.input.value; });
        return many ? on : (on[0] || null);
      }
    };
  }

  function typed(field, value) {
    const id = 'f' + (made += 1);
    const types = { line: 'text', day: 'date', time: 'time' };
    const props = { id: id, class: 'form-control', 'aria-describedby': field.hint ? id + '-h' : null, maxlength: field.max };
    const input = field.kind === 'text' ? h('textarea', Object.assign(props, { rows: field.rows || 3 })) : h('input', Object.assign(props, { type: types[field.kind] }));
    input.value = value || '';
    const quick = (field.quick || []).map(function (key) {
      return h('button', { type: 'button', class: 'gy-chip', onclick: function () {
        const text = ui.t(key);
        input.value = input.value ? input.value + '\n' + text : text;
        input.dispatchEvent(new Event('input', { bubbles: true }));
      } }, ui.t(key));
    });
    return {
      node: h('div', { class: 'gy-field', 'data-field': field.name }, h('label', { for: id }, label(field)),
        quick.length ? h('div', { class: 'gy-chips sm mb-2' }, quick) : null, input, hint(field, id)),
      // A day that is not there is nothing, not an empty text.
      read: function () { return input.value.trim() || (field.kind === 'day' ? null : ''); }
    };
  }

  /* What is difficult: a theme as a chip, and for each chosen one how pressing it is, and whose it is where there are several children. */
  function findings(field, value, extra) {
    const inner = h('div', { class: 'gy-stack gy-g10 mt-2' });
    let kept = (value || []).slice();
    const themes = chips({ name: field.name, kind: 'many', label: field.label, choices: field.choices, words: field.words, hint: field.hint },
      kept.map(function (f) { return f.theme; }), extra);
    let groups = [];
    function draw() {
      const on = themes.read();
      kept = kept.filter(function (f) { return on.indexOf(f.theme) >= 0; });
      on.forEach(function (theme) {
        if (!kept.some(function (f) { return f.theme === theme; })) kept.push({ theme: theme, risk: field.risks[0], child: null });
      });
      groups = kept.map(function (finding) {
        const risk = chips({ name: '', kind: 'one', label: field.words + finding.theme, choices: field.risks, words: field.riskWords }, finding.risk, extra);
        const child = extra.children.length > 1
          ? chips({ name: '', kind: 'one', label: 'visit-offline-whose', choices: extra.children }, finding.child, extra) : null;
        return { finding: finding, risk: risk, child: child, node: h('div', { class: 'gy-task gy-form' }, risk.node, child && child.node) };
      });
      inner.replaceChildren.apply(inner, groups.map(function (g) { return g.node; }));
    }
    themes.node.addEventListener('change', function () { kept = read(); draw(); });
    function read() {
      return groups.map(function (g) {
        return { theme: g.finding.theme, risk: g.risk.read() || field.risks[0], child: g.child ? g.child.read() : g.finding.child };
      });
    }
    draw();
    return { node: h('div', {}, themes.node, inner), read: read };
  }

  /* Several of the same: what was agreed, by whom, until when. */
  function rows(field, value, extra) {
    const box = h('div', { class: 'gy-stack gy-g10' });
    let list = [];
    function addRow(values, focus) {
      const parts = field.of.map(function (inner) { return [inner.name, part(inner, values[inner.name], extra)]; });
      const row = { parts: parts, key: values.key || off.uuid() };
      const n = list.length + 1;
      row.node = h('div', { class: 'gy-task gy-form', role: 'group', 'aria-label': ui.t(field.label) + ' ' + n },
        parts.map(function (p) { return p[1].node; }),
        ui.button(ui.t('visit-offline-row-remove'), 'btn-plain', function () {
          list = list.filter(function (r) { return r !== row; });
          row.node.remove();
          box.dispatchEvent(new Event('input', { bubbles: true }));
        }, 'trash'));
      list.push(row);
      box.append(row.node);
      if (focus) row.node.querySelector('input,textarea').focus();
    }
    (value || []).forEach(function (v) { addRow(v); });
    return {
      node: h('fieldset', { class: 'gy-field', 'data-field': field.name }, h('legend', {}, label(field)), hint(field, 'r'), box,
        ui.button(ui.t(field.add), 'btn-line mt-2', function () { addRow({}, true); }, 'plus')),
      read: function () {
        return list.map(function (row) {
          const out = { key: row.key };
          row.parts.forEach(function (p) { out[p[0]] = p[1].read(); });
          return out;
        });
      }
    };
  }

  function part(field, value, extra) {
    if (field.kind === 'one' || field.kind === 'many') return chips(field, value, extra);
    if (field.kind === 'rows') return rows(field, value, extra);
    if (field.kind === 'findings') return findings(field, value, extra);
    return typed(field, value);
  }

  off.form = function (spec, values, extra, changed) {
    const parts = [];
    const sections = spec.map(function (section) {
      const shown = [];
      const folded = [];
      let written = false;
      section.fields.forEach(function (field) {
        const one = part(field, values[field.name], extra);
        parts.push([field.name, one]);
        // At the door chips are enough; words that are there already are shown.
        (field.fold ? folded : shown).push(one.node);
        written = written || Boolean(field.fold && values[field.name]);
      });
      const more = folded.length ? h('details', { class: 'gy-more', open: written },
        h('summary', {}, ui.t('visit-offline-words')), h('div', { class: 'gy-form mt-2' }, folded)) : null;
      return h('section', {}, h('div', { class: 'gy-sec' }, h('h2', {}, ui.t(section.label))), h('div', { class: 'gy-form' }, shown, more));
    });
    const node = h('div', {}, sections);
    const tell = function () { changed(); };
    node.addEventListener('input', tell);
    node.addEventListener('change', tell);
    return {
      node: node,
      read: function () {
        const out = {};
        parts.forEach(function (p) { out[p[0]] = p[1].read(); });
        return out;
      },
      /* Puts the server's words beside the fields it refused. */
      refuse: function (told) {
        told.forEach(function (one) {
          const at = node.querySelector('[data-field="' + one.field.split('.')[0] + '"]');
          if (!at) return;
          const fold = at.closest('details');
          if (fold) fold.open = true;
          at.classList.add('is-err');
          at.append(h('div', { class: 'gy-err', role: 'alert' }, ui.icon('alert-circle'), h('span', {}, one.message)));
        });
      }
    };
  };
})();
