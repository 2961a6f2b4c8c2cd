/* offline/conflict: two people wrote in one record. Field by field: what I wrote, what the other wrote, both where it is text. Nothing is
   chosen beforehand, nothing is overwritten unseen; the choice goes out as a change of the version the other saved. */
(function () {
  'use strict';
  const off = self.gyOffline;
  const ui = off.ui;
  const h = ui.h;

  function fieldOf(name) {
    let found = null;
    Object.keys(ui.shell.form).forEach(function (part) {
      ui.shell.form[part].forEach(function (section) {
        section.fields.forEach(function (f) { if (f.name === name) found = f; });
      });
    });
    return found || { name: name, kind: 'text', label: 'visit-offline-field-other' };
  }

  /* A value as a person reads it. */
  function say(field, value) {
    const join = ui.lang() === 'en' ? ', ' : '、';
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)) return ui.t('visit-offline-empty');
    if (field.kind === 'findings') {
      return value.map(function (f) { return ui.t(field.words + f.theme) + ' ' + ui.t(field.riskWords + f.risk); }).join(join);
    }
    if (field.kind === 'rows') {
      return value.map(function (row) {
        return field.of.map(function (f) { return row[f.name] ? say(f, row[f.name]) : ''; }).filter(Boolean).join(' · ');
      }).join('\n');
    }
    if (field.kind === 'day') return ui.day(value);
    if (field.words) return [].concat(value).map(function (code) { return ui.t(field.words + code); }).join(join);
    if (typeof value === 'object') return Object.keys(value).map(function (k) { return value[k]; }).join('\n');
    return String(value);
  }

  function choice(conflict, n) {
    const field = fieldOf(conflict.field);
    const name = 'c' + n;
    const options = [['mine', conflict.mine], ['theirs', conflict.theirs]];
    if (conflict.kind === 'text') options.push(['both', conflict.theirs + '\n' + conflict.mine]);
    const inputs = options.map(function (o) {
      const input = h('input', { type: 'radio', class: 'form-check-input', name: name, value: o[0] });
      return { input: input, value: o[1], node: h('label', { class: 'gy-check' }, input,
        h('span', {}, h('b', {}, ui.t('visit-offline-take-' + o[0])), h('span', { class: 'gy-said' }, say(field, o[1])))) };
    });
    return {
      field: conflict.field,
      node: h('fieldset', { class: 'gy-task' }, h('legend', {}, ui.t(field.label)),
        h('p', { class: 'gy-meta mb-1' }, ui.t('visit-offline-was', { what: say(field, conflict.base) })),
        inputs.map(function (i) { return i.node; })),
      chosen: function () { return inputs.find(function (i) { return i.input.checked; }); }
    };
  }

  /* What was written here after the record was sent stays in front of both. */
  function newer(sent, now) {
    const out = {};
    Object.keys(now || {}).forEach(function (name) {
      if (JSON.stringify(now[name]) !== JSON.stringify(sent[name])) out[name] = now[name];
    });
    return out;
  }

  off.pages.conflict = async function (me, standing, key) {
    const item = await off.db.get('items', key);
    if (!item || item.state !== 'conflict') {
      location.hash = '#/outbox';
      return;
    }
    const conflict = await off.unseal(me, 'conflict', key, item.sealedConflict);
    const payload = await off.unseal(me, 'items', key, item.sealed);
    const choices = conflict.fields.map(choice);
    const problem = h('div', { role: 'alert' });
    const save = ui.button(ui.t('visit-offline-conflict-save'), 'btn-primary', async function () {
      const open = choices.filter(function (c) { return !c.chosen(); });
      if (open.length) {
        problem.replaceChildren(ui.note('is-bad', 'alert-circle', ui.t('visit-offline-conflict-left', { n: open.length })));
        open[0].node.scrollIntoView({ block: 'center' });
        open[0].node.querySelector('input').focus();
        return;
      }
      save.disabled = true;
      const fields = Object.assign({}, conflict.record);
      choices.forEach(function (c) { fields[c.field] = c.chosen().value; });
      const draft = await off.draft.open(me, item.of, {});
      Object.assign(fields, draft.state === 'new' ? {} : newer(payload.fields, draft.fields));
      const made = await off.resolve(me, item, Object.assign({}, payload, { base: conflict.version, fields: fields, day_guessed: false }));
      if (draft.state !== 'new') {
        draft.fields = fields;
        await off.draft.save(me, draft);
        await off.db.update('drafts', draft.id, function (d) {
          return Object.assign({}, d, { base: conflict.version, state: 'queued', record: made.key, ahead: [] });
        });
      }
      location.hash = '#/outbox';
      off.wake(true);
    }, 'check');
    ui.show([
      ui.top(ui.t('visit-offline-conflict'), '#/outbox'),
      h('p', { class: 'gy-2nd mb-3' }, ui.t('visit-offline-conflict-text', { who: conflict.by || ui.t('visit-offline-somebody'), at: ui.moment(conflict.at) })),
      h('div', { class: 'gy-form' }, choices.map(function (c) { return c.node; })), problem,
      h('div', { class: 'gy-acts is-sticky' }, save)]);
  };
})();
